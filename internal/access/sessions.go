package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/postgres"
)

// sessionLifetime is how long a browser stays signed in, used or not.
const sessionLifetime = 7 * 24 * time.Hour

// Session is a signed-in browser.
type Session struct {
	Token     string // the cookie's value
	Principal Principal
	ExpiresAt time.Time
}

// CreateSignInLink returns a token that signs one browser in once, within ttl, as someone with that
// role and no limit on collections.
func (s *Store) CreateSignInLink(ctx context.Context, role Role, ttl time.Duration) (string, error) {
	if err := checkRole(role); err != nil {
		return "", err
	}
	token := newSecret(linkPrefix)
	const insert = `insert into sign_in_links (role, hash, expires_at) values ($1, $2, now() + $3::interval)`
	if _, err := s.pool.Exec(ctx, insert, role, hashOf(token), ttl); err != nil {
		return "", fmt.Errorf("create sign-in link: %w", err)
	}
	return token, nil
}

// SignIn opens a session for a key or for a sign-in link's token, which is used up by it.
// The failures are those of ByKey, and `invalid_sign_in_link`.
func (s *Store) SignIn(ctx context.Context, token string) (Session, error) {
	if strings.HasPrefix(token, linkPrefix) {
		return s.signInByLink(ctx, token)
	}
	if token == "" {
		return Session{}, errMissingKey()
	}
	key, err := s.liveKey(ctx, token)
	if err != nil {
		return Session{}, err
	}
	return s.openSession(ctx, s.pool, key.principal(), &key.ID)
}

// signInByLink uses the link up in the transaction that opens the session: of two browsers one gets in,
// and a failure leaves the link usable.
func (s *Store) signInByLink(ctx context.Context, token string) (Session, error) {
	var session Session
	err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		const use = `
			update sign_in_links set used_at = now()
			where hash = $1 and used_at is null and expires_at > now()
			returning id, role`
		var id int64
		var role Role
		err := tx.QueryRow(ctx, use, hashOf(token)).Scan(&id, &role)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.Newf(fault.Unauthenticated, "invalid_sign_in_link",
				"This sign-in link was used already or has expired; ask for a new one, or sign in with a key.")
		}
		if err != nil {
			return fmt.Errorf("use sign-in link: %w", err)
		}
		who := Principal{ID: fmt.Sprintf("link:%d", id), Name: "sign-in link", Role: role}
		session, err = s.openSession(ctx, tx, who, nil)
		return err
	})
	return session, err
}

// querier is what a pool and a transaction have in common.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// openSession also clears away the sessions that are over.
func (s *Store) openSession(ctx context.Context, q querier, who Principal, keyID *int64) (Session, error) {
	session := Session{Token: newSecret(sessionPrefix), Principal: who}
	const insert = `
		with over as (delete from sessions where expires_at < now())
		insert into sessions (hash, key_id, principal, name, role, collections, expires_at)
		values ($1, $2, $3, $4, $5, $6, now() + $7::interval)
		returning expires_at`
	err := q.QueryRow(ctx, insert, hashOf(session.Token), keyID, who.ID, who.Name, who.Role, who.Collections,
		sessionLifetime).Scan(&session.ExpiresAt)
	if err != nil {
		return Session{}, fmt.Errorf("open session: %w", err)
	}
	session.ExpiresAt = session.ExpiresAt.UTC()
	return session, nil
}

// BySession returns the session of that token. The failure is `session_expired` when it is over,
// signed out, unknown, or its key was revoked.
func (s *Store) BySession(ctx context.Context, token string) (Session, error) {
	const query = `
		select s.principal, s.name, s.role, s.collections, s.expires_at
		from sessions s left join keys k on k.id = s.key_id
		where s.hash = $1 and s.expires_at > now() and k.revoked_at is null`
	session := Session{Token: token}
	who := &session.Principal
	err := s.pool.QueryRow(ctx, query, hashOf(token)).Scan(&who.ID, &who.Name, &who.Role, &who.Collections, &session.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Session{}, fault.Newf(fault.Unauthenticated, "session_expired", "Your session is over; sign in again.")
	}
	if err != nil {
		return Session{}, fmt.Errorf("look up session: %w", err)
	}
	session.ExpiresAt = session.ExpiresAt.UTC()
	return session, nil
}

// SignOut ends a session. One that is over already is fine.
func (s *Store) SignOut(ctx context.Context, token string) error {
	if _, err := s.pool.Exec(ctx, `delete from sessions where hash = $1`, hashOf(token)); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}
