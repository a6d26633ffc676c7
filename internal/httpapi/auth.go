package httpapi

import (
	"context"
	"net/http"
	"strings"

	"clearwell/internal/access"
	"clearwell/internal/fault"
)

// authenticate lets in who has a key, or a session when the request comes from our own pages.
// A key goes before a session: a script in a signed-in browser means what it sends.
func (s *Server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := doorOf(r.Context())
		var err error
		if header := r.Header.Get("Authorization"); header != "" || d.cookie == "" {
			d.who, err = s.Access.ByKey(r.Context(), bearer(header))
		} else {
			d.who, err = s.bySession(r, d.cookie)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) bySession(r *http.Request, token string) (access.Principal, error) {
	if err := s.checkOrigin(r); err != nil {
		return access.Principal{}, err
	}
	session, err := s.Access.BySession(r.Context(), token)
	return session.Principal, err
}

// bearer is the token of an Authorization header, "" if there is none.
func bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// checkOrigin refuses what another site made the browser send with our cookie. Reading is safe: other
// sites don't get to see the response.
func (s *Server) checkOrigin(r *http.Request) error {
	if err := s.origins.Check(r); err != nil {
		return fault.Wrapf(err, fault.Forbidden, "cross_origin", "With a session cookie this must come from Clearwell's own pages; other programs send a key.")
	}
	return nil
}

func (s *Server) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.checkOrigin(r); err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// principalOf is who asks; without authenticate on the route, someone who may do nothing.
func principalOf(ctx context.Context) access.Principal { return doorOf(ctx).who }

// checkCollections refuses collections that the principal's key does not cover. It tells nothing of
// which ones exist.
func checkCollections(who access.Principal, names []string) error {
	for _, name := range names {
		if !who.MayRead(name) {
			return fault.Newf(fault.Forbidden, "collection_not_covered",
				"Your key does not cover the collection %q; leave it out, or ask an admin for a key that does.", name)
		}
	}
	return nil
}
