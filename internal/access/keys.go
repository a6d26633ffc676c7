package access

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/fault"
)

// Store keeps keys, sign-in links and sessions in Postgres. Nothing is cached: what is revoked is
// refused from the next request on.
type Store struct {
	pool *pgxpool.Pool
}

// New returns the store behind the pool, whose schema must be migrated.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Key is what is known of a key; its secret is not.
type Key struct {
	ID          int64
	Name        string
	Role        Role
	Collections []string // nil: all
	CreatedAt   time.Time
	LastUsedAt  *time.Time // within a minute; nil: never
	RevokedAt   *time.Time // nil: it works
}

// collectionName is what the library accepts as a collection's name.
var collectionName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// CreateKey makes a key and returns its secret, which can't be seen again. Collections may be named
// before they exist; nil means all.
func (s *Store) CreateKey(ctx context.Context, name string, role Role, collections []string) (string, error) {
	name = strings.TrimSpace(name)
	if n := len([]rune(name)); n == 0 || n > 200 {
		return "", fault.Newf(fault.Invalid, "invalid_key_name", "Give the key a name of 1–200 characters that says who uses it.")
	}
	if err := checkRole(role); err != nil {
		return "", err
	}
	for _, c := range collections {
		if !collectionName.MatchString(c) {
			return "", fault.Newf(fault.Invalid, "invalid_collection",
				"%q can't be a collection: a name has 1–63 lower-case letters, digits, dots, dashes and underscores, and begins with a letter or digit.", c)
		}
	}
	secret := newSecret(keyPrefix)
	const insert = `insert into keys (name, role, collections, hash) values ($1, $2, $3, $4)`
	if _, err := s.pool.Exec(ctx, insert, name, role, collections, hashOf(secret)); err != nil {
		return "", fmt.Errorf("create key: %w", err)
	}
	return secret, nil
}

func checkRole(role Role) error {
	if slices.Contains([]Role{Reader, Editor, Admin}, role) {
		return nil
	}
	return fault.Newf(fault.Invalid, "invalid_role", "%q is no role: give reader, editor or admin.", role)
}

// ListKeys returns all keys, the newest first, revoked ones too.
func (s *Store) ListKeys(ctx context.Context) ([]Key, error) {
	const query = `
		select id, name, role, collections, created_at, last_used_at, revoked_at
		from keys order by id desc`
	rows, err := s.pool.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Key])
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return keys, nil
}

// RevokeKey ends a key and all its sessions, from the next request on. To revoke again changes nothing.
func (s *Store) RevokeKey(ctx context.Context, id int64) error {
	tag, err := s.pool.Exec(ctx, `update keys set revoked_at = coalesce(revoked_at, now()) where id = $1`, id)
	if err != nil {
		return fmt.Errorf("revoke key %d: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return fault.Newf(fault.NotFound, "unknown_key", "There is no key %d; look it up with `clearwell key list`.", id)
	}
	return nil
}

// ByKey returns the principal whose secret this is. Without one the failure is `missing_key`,
// with one that is wrong or revoked `invalid_key`.
func (s *Store) ByKey(ctx context.Context, secret string) (Principal, error) {
	if secret == "" {
		return Principal{}, errMissingKey()
	}
	key, err := s.liveKey(ctx, secret)
	if err != nil {
		return Principal{}, err
	}
	return key.principal(), nil
}

// liveKey finds the key and notes that it was used. The look-up by hash needs no constant-time
// comparison: its timing tells of a hash that nobody can steer, not of the secret.
func (s *Store) liveKey(ctx context.Context, secret string) (Key, error) {
	if !strings.HasPrefix(secret, keyPrefix) {
		return Key{}, errInvalidKey()
	}
	const query = `
		select id, name, role, collections, last_used_at is null or last_used_at < now() - interval '1 minute'
		from keys where hash = $1 and revoked_at is null`
	var key Key
	var noteUse bool
	err := s.pool.QueryRow(ctx, query, hashOf(secret)).Scan(&key.ID, &key.Name, &key.Role, &key.Collections, &noteUse)
	if errors.Is(err, pgx.ErrNoRows) {
		return Key{}, errInvalidKey()
	}
	if err != nil {
		return Key{}, fmt.Errorf("look up key: %w", err)
	}
	if noteUse {
		if _, err := s.pool.Exec(ctx, `update keys set last_used_at = now() where id = $1`, key.ID); err != nil {
			return Key{}, fmt.Errorf("note use of key %d: %w", key.ID, err)
		}
	}
	return key, nil
}

func (k Key) principal() Principal {
	return Principal{ID: fmt.Sprintf("key:%d", k.ID), Name: k.Name, Role: k.Role, Collections: k.Collections}
}

func errMissingKey() error {
	return fault.Newf(fault.Unauthenticated, "missing_key",
		"Send a key as `Authorization: Bearer …`, or sign in; an admin makes keys with `clearwell key create`.")
}

func errInvalidKey() error {
	return fault.Newf(fault.Unauthenticated, "invalid_key",
		"This key is unknown or was revoked; ask an admin for a new one.")
}
