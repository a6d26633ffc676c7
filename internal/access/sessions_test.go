package access_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/postgres/pgtest"
)

func TestASessionIsWhoSignedIn(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	secret, err := store.CreateKey(t.Context(), "bot", access.Editor, []string{"hr"})
	if err != nil {
		t.Fatal(err)
	}
	link, err := store.CreateSignInLink(t.Context(), access.Admin, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]access.Principal{
		secret: {ID: "key:1", Name: "bot", Role: access.Editor, Collections: []string{"hr"}},
		link:   {ID: "link:1", Name: "sign-in link", Role: access.Admin},
	}
	for token, principal := range want {
		opened, err := store.SignIn(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		found, err := store.BySession(t.Context(), opened.Token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(opened, found); diff != "" {
			t.Errorf("session (-opened +found):\n%s", diff)
		}
		wantSession := access.Session{Principal: principal, ExpiresAt: time.Now().Add(7 * 24 * time.Hour)}
		if diff := cmp.Diff(wantSession, found, cmpopts.IgnoreFields(access.Session{}, "Token"), cmpopts.EquateApproxTime(time.Minute)); diff != "" {
			t.Errorf("session (-want +found):\n%s", diff)
		}
	}
}

func TestASignInLinkLetsOneBrowserIn(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	link, err := store.CreateSignInLink(t.Context(), access.Admin, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var in atomic.Int32
	var browsers sync.WaitGroup
	for range 6 {
		browsers.Go(func() {
			_, err := store.SignIn(t.Context(), link)
			if err == nil {
				in.Add(1)
			} else if fault.CodeOf(err) != "invalid_sign_in_link" {
				t.Errorf("refused with %v", err)
			}
		})
	}
	browsers.Wait()
	if in.Load() != 1 {
		t.Errorf("%d browsers got in, want 1", in.Load())
	}
}

func TestSignInRefusesWhatIsOverOrUnknown(t *testing.T) {
	t.Parallel()
	store := access.New(pgtest.New(t))
	late, err := store.CreateSignInLink(t.Context(), access.Reader, -time.Second)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{
		late:       "invalid_sign_in_link",
		"cwl_none": "invalid_sign_in_link",
		"cw_none":  "invalid_key",
		"":         "missing_key",
	}
	for token, code := range codes {
		if _, err := store.SignIn(t.Context(), token); fault.CodeOf(err) != code || fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("SignIn(%q): %v, want %s", token, err, code)
		}
	}
}

func TestASessionEndsAtSignOutOrInTime(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	store := access.New(pool)
	secret, err := store.CreateKey(t.Context(), "bot", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	signIn := func() string {
		t.Helper()
		session, err := store.SignIn(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		return session.Token
	}
	isOver := func(token string) bool {
		_, err := store.BySession(t.Context(), token)
		return fault.CodeOf(err) == "session_expired"
	}
	left, late, kept := signIn(), signIn(), ""
	for range 2 { // the second time there is nothing to end
		if err := store.SignOut(t.Context(), left); err != nil {
			t.Fatal(err)
		}
	}
	if !isOver(left) || isOver(late) {
		t.Error("signing out must end this session and no other")
	}
	if _, err := pool.Exec(t.Context(), `update sessions set expires_at = now() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	if !isOver(late) || !isOver("cws_none") {
		t.Error("an expired or unknown session was accepted")
	}
	kept = signIn()
	var rows int
	if err := pool.QueryRow(t.Context(), `select count(*) from sessions`).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if rows != 1 || isOver(kept) {
		t.Errorf("%d sessions are kept, want only the live one", rows)
	}
}
