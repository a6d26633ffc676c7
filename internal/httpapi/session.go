package httpapi

import (
	"context"
	"net/http"
	"time"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/fault"
)

const sessionCookie = "clearwell_session"

// GetMe returns who is asking, and what this service can do for them.
func (s *Server) GetMe(ctx context.Context, _ api.GetMeRequestObject) (api.GetMeResponseObject, error) {
	who := principalShape(principalOf(ctx))
	return api.GetMe200JSONResponse{
		Id: who.Id, Name: who.Name, Role: api.MeRole(who.Role), Collections: who.Collections,
		Features: api.Features{Chat: s.HasChat},
	}, nil
}

// GetSession tells a page whether its browser is signed in; that it is not is no failure.
func (s *Server) GetSession(ctx context.Context, _ api.GetSessionRequestObject) (api.GetSessionResponseObject, error) {
	d := doorOf(ctx)
	if d.cookie == "" {
		return api.GetSession200JSONResponse{}, nil
	}
	session, err := s.Access.BySession(ctx, d.cookie)
	if fault.KindOf(err) == fault.Unauthenticated {
		return api.GetSession200JSONResponse{}, nil
	}
	if err != nil {
		return nil, err
	}
	d.who = session.Principal
	return api.GetSession200JSONResponse(sessionShape(session)), nil
}

// SignIn opens a session.
func (s *Server) SignIn(ctx context.Context, req api.SignInRequestObject) (api.SignInResponseObject, error) {
	d := doorOf(ctx)
	session, err := s.Access.SignIn(ctx, req.Body.Token)
	if err != nil {
		return nil, err
	}
	d.who = session.Principal
	cookie := cookieOf(d, session.Token, int(time.Until(session.ExpiresAt).Seconds()))
	return api.SignIn200JSONResponse{
		Body: sessionShape(session), Headers: api.SignIn200ResponseHeaders{SetCookie: &cookie},
	}, nil
}

// SignOut ends the session, here and in the browser.
func (s *Server) SignOut(ctx context.Context, _ api.SignOutRequestObject) (api.SignOutResponseObject, error) {
	d := doorOf(ctx)
	if d.cookie != "" {
		if err := s.Access.SignOut(ctx, d.cookie); err != nil {
			return nil, err
		}
	}
	cookie := cookieOf(d, "", -1)
	return api.SignOut204Response{Headers: api.SignOut204ResponseHeaders{SetCookie: &cookie}}, nil
}

// cookieOf is the Set-Cookie header. A negative maxAge, in seconds, takes the cookie away.
func cookieOf(d *door, token string, maxAge int) string {
	cookie := http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: d.isHTTPS,
	}
	return cookie.String()
}

func sessionShape(session access.Session) api.Session {
	who := principalShape(session.Principal)
	return api.Session{SignedIn: true, Principal: &who, ExpiresAt: &session.ExpiresAt}
}
