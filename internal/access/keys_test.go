package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/postgres/pgtest"
)

func TestAKeyLeadsToItsPrincipal(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	all, err := store.CreateKey(t.Context(), "  scripts ", access.Admin, nil)
	if err != nil {
		t.Fatal(err)
	}
	some, err := store.CreateKey(t.Context(), "bot", access.Reader, []string{"hr", "legal"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]access.Principal{
		all:  {ID: "key:1", Name: "scripts", Role: access.Admin},
		some: {ID: "key:2", Name: "bot", Role: access.Reader, Collections: []string{"hr", "legal"}},
	}
	for secret, principal := range want {
		got, err := store.ByKey(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(principal, got); diff != "" {
			t.Errorf("principal (-want +got):\n%s", diff)
		}
	}
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	secret, err := store.CreateKey(t.Context(), "bot", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	link, err := store.CreateSignInLink(t.Context(), access.Admin, 1e12)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{
		"":                      "missing_key",
		"cw_":                   "invalid_key",
		secret[:len(secret)-1]:  "invalid_key",
		secret + " ":            "invalid_key",
		strings.ToUpper(secret): "invalid_key",
		"' or true --":          "invalid_key",
		link:                    "invalid_key", // a link signs in once and is no key
		"cw_\x00":               "invalid_key",
	}
	for token, code := range codes {
		_, err := store.ByKey(t.Context(), token)
		if fault.KindOf(err) != fault.Unauthenticated || fault.CodeOf(err) != code {
			t.Errorf("ByKey(%q): %v, want %s", token, err, code)
		}
	}
}

func TestARevokedKeyIsRefusedAtOnceWithItsSessions(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	secret, err := store.CreateKey(t.Context(), "bot", access.Editor, nil)
	if err != nil {
		t.Fatal(err)
	}
	session, err := store.SignIn(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // to revoke again changes nothing
		if err := store.RevokeKey(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.ByKey(t.Context(), secret); fault.CodeOf(err) != "invalid_key" {
		t.Errorf("the key still works: %v", err)
	}
	if _, err := store.SignIn(t.Context(), secret); fault.CodeOf(err) != "invalid_key" {
		t.Errorf("the key still signs in: %v", err)
	}
	if _, err := store.BySession(t.Context(), session.Token); fault.CodeOf(err) != "session_expired" {
		t.Errorf("its session still works: %v", err)
	}
	if err := store.RevokeKey(t.Context(), 99); fault.KindOf(err) != fault.NotFound {
		t.Errorf("revoked a key that isn't there: %v", err)
	}
}

func TestUseOfAKeyIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	store := access.New(pool)
	secret, err := store.CreateKey(t.Context(), "bot", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	lastUsed := func() time.Time {
		t.Helper()
		if _, err := store.ByKey(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		keys, err := store.ListKeys(t.Context())
		if err != nil || len(keys) != 1 || keys[0].LastUsedAt == nil {
			t.Fatalf("keys %+v, error %v", keys, err)
		}
		return *keys[0].LastUsedAt
	}
	first := lastUsed()
	if again := lastUsed(); !again.Equal(first) {
		t.Errorf("noted twice within a minute: %v, then %v", first, again)
	}
	if _, err := pool.Exec(t.Context(), `update keys set last_used_at = now() - interval '61 seconds'`); err != nil {
		t.Fatal(err)
	}
	if later := lastUsed(); later.Equal(first) {
		t.Error("use after a minute was not noted")
	}
}

func TestSecretsAreNotStored(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	store := access.New(pool)
	secret, err := store.CreateKey(t.Context(), "bot", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	session, err := store.SignIn(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	var rows string
	const dump = `select (select jsonb_agg(to_jsonb(k))::text from keys k) || (select jsonb_agg(to_jsonb(s))::text from sessions s)`
	if err := pool.QueryRow(t.Context(), dump).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{secret, session.Token} {
		if strings.Contains(rows, s) {
			t.Errorf("the database holds a secret in plain: %s", rows)
		}
	}
}

func TestKeysThatMeanNothingAreNotMade(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	tests := map[string]struct {
		name        string
		role        access.Role
		collections []string
		code        string
	}{
		"no name":          {" ", access.Reader, nil, "invalid_key_name"},
		"a long name":      {strings.Repeat("x", 201), access.Reader, nil, "invalid_key_name"},
		"an unknown role":  {"bot", "owner", nil, "invalid_role"},
		"a bad collection": {"bot", access.Reader, []string{"hr", "../etc"}, "invalid_collection"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := store.CreateKey(t.Context(), tt.name, tt.role, tt.collections)
			if fault.KindOf(err) != fault.Invalid || fault.CodeOf(err) != tt.code {
				t.Errorf("%v, want %s", err, tt.code)
			}
		})
	}
	if _, err := store.CreateSignInLink(t.Context(), "owner", 1e12); fault.CodeOf(err) != "invalid_role" {
		t.Errorf("made a link for an unknown role: %v", err)
	}
}
