package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"clearwell/internal/access"
)

// signIn returns the Cookie header of a session.
func (d *desk) signIn(t *testing.T, token string) string {
	t.Helper()
	res, body := d.send(t, scenario{method: "POST", path: "/api/v1/session", body: text(`{"token":"` + token + `"}`)})
	if res.StatusCode != 200 || len(res.Cookies()) != 1 {
		t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	c := res.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge < 3600 || c.Secure {
		t.Errorf("cookie %v", c)
	}
	return c.Name + "=" + c.Value
}

func TestASessionSignsInAndOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	link, err := d.access.CreateSignInLink(t.Context(), access.Admin, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	cookie := map[string]string{"Cookie": d.signIn(t, link)}
	const signedOut = `{"expires_at":null,"principal":null,"signed_in":false}`
	d.run(t, []scenario{
		{name: "nobody yet", path: "/api/v1/session", status: 200, holds: []string{signedOut}},
		{name: "me", path: "/api/v1/me", header: cookie, status: 200, holds: []string{`"id":"link:1"`, `"role":"admin"`, `"collections":null`, `"features":{"chat":false}`}},
		{name: "signed in", path: "/api/v1/session", header: cookie, status: 200, holds: []string{`"signed_in":true`, `"role":"admin"`}},
		{name: "the link again", method: "POST", path: "/api/v1/session", body: text(`{"token":"` + link + `"}`), status: 401, code: "invalid_sign_in_link"},
		{name: "no token", method: "POST", path: "/api/v1/session", body: text(`{}`), status: 401, code: "missing_key"},
		{name: "a wrong key", method: "POST", path: "/api/v1/session", body: text(`{"token":"cw_no"}`), status: 401, code: "invalid_key"},
		{
			name: "sign out", method: "DELETE", path: "/api/v1/session", header: cookie, status: 204,
			check: func(t *testing.T, res *http.Response, _ string) {
				if c := res.Cookies(); len(c) != 1 || c[0].MaxAge >= 0 || c[0].Value != "" {
					t.Errorf("cookies %v", c)
				}
			},
		},
		{name: "afterwards", path: "/api/v1/me", header: cookie, status: 401, code: "session_expired"},
		{name: "not signed in any more", path: "/api/v1/session", header: cookie, status: 200, holds: []string{signedOut}},
		{name: "sign out again", method: "DELETE", path: "/api/v1/session", status: 204},
	})
}

func TestAKeyGoesBeforeASession(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cookie := map[string]string{"Cookie": d.signIn(t, d.keys["admin"])}
	d.run(t, []scenario{
		{name: "session", path: "/api/v1/me", header: cookie, status: 200, holds: []string{`"name":"admin"`}},
		{name: "both", path: "/api/v1/me", as: "hr reader", header: cookie, status: 200, holds: []string{`"name":"hr reader"`, `"collections":["hr"]`}},
	})
}

func TestASessionsCookieIsOfNoUseToOtherSites(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cookie := d.signIn(t, d.keys["admin"])
	from := func(headers ...string) map[string]string {
		all := map[string]string{"Cookie": cookie}
		for i := 0; i < len(headers); i += 2 {
			all[headers[i]] = headers[i+1]
		}
		return all
	}
	ask := func(name, as string, header map[string]string, status int, code string) scenario {
		return scenario{name: name, method: "POST", path: "/ask", as: as, header: header, body: text(`{"question":"a"}`), status: status, code: code}
	}
	d.run(t, []scenario{
		ask("our own page", "", from("Sec-Fetch-Site", "same-origin"), 200, ""),
		ask("our own page in an old browser", "", from("Origin", d.url), 200, ""),
		ask("another site", "", from("Sec-Fetch-Site", "cross-site"), 403, "cross_origin"),
		ask("another site in an old browser", "", from("Origin", "https://evil.example"), 403, "cross_origin"),
		ask("a sibling domain", "", from("Sec-Fetch-Site", "same-site"), 403, "cross_origin"),
		ask("another site with a key of its own", "reader", from("Origin", "https://app.example"), 200, ""),
		{name: "reading", path: "/api/v1/me", header: from("Sec-Fetch-Site", "cross-site"), status: 200},
		{name: "signing in from elsewhere", method: "POST", path: "/api/v1/session", header: from("Sec-Fetch-Site", "cross-site"),
			body: text(`{"token":"` + d.keys["reader"] + `"}`), status: 403, code: "cross_origin"},
		{name: "signing out from elsewhere", method: "DELETE", path: "/api/v1/session", header: from("Origin", "https://evil.example"), status: 403, code: "cross_origin"},
	})
}

func TestBehindTLSTheCookieIsForTLSOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{{
		name: "proxy", method: "POST", path: "/api/v1/session", header: map[string]string{"X-Forwarded-Proto": "https"},
		body: text(`{"token":"` + d.keys["reader"] + `"}`), status: 200,
		check: func(t *testing.T, res *http.Response, _ string) {
			if c := res.Cookies(); len(c) != 1 || !c[0].Secure {
				t.Errorf("cookies %v", c)
			}
		},
	}})
}

func TestARevokedKeyEndsItsSessionsPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cookie := map[string]string{"Cookie": d.signIn(t, d.keys["reader"])}
	keys, err := d.access.ListKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if err := d.access.RevokeKey(t.Context(), k.ID); err != nil {
			t.Fatal(err)
		}
	}
	d.run(t, []scenario{
		{name: "session", path: "/api/v1/me", header: cookie, status: 401, code: "session_expired"},
		{name: "key", path: "/api/v1/me", as: "reader", status: 401, code: "invalid_key"},
	})
}
