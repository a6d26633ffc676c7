package httpapi

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"clearwell/internal/fault"
)

// notBuilt is what stands in for the site in a binary that was made without it.
const notBuilt = "The web page is not part of this binary. Run `make build`, and start it again. The API is at /api/v1.\n"

// isAPI reports whether the address belongs to programs, so that a miss is a problem and not a page.
func isAPI(urlPath string) bool {
	return urlPath == "/api" || urlPath == "/mcp" || strings.HasPrefix(urlPath, "/api/") || strings.HasPrefix(urlPath, "/v1/")
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// site answers what is no route: a file of the site, or its one page, which knows its own addresses.
func (s *Server) site(w http.ResponseWriter, r *http.Request) {
	if isAPI(r.URL.Path) || !isRead(r.Method) {
		s.fail(w, r, fault.Newf(fault.NotFound, "unknown_address", "There is nothing at this address; see /api/v1/openapi.yaml."))
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if s.serveFile(w, r, name) {
		return
	}
	if path.Ext(name) != "" { // a missing script must not come as a page
		s.fail(w, r, fault.Newf(fault.NotFound, "unknown_address", "There is no file of that name here."))
		return
	}
	if !s.serveFile(w, r, "index.html") {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, notBuilt) // fails only when the client has left
	}
}

// serveFile serves a file of the site and reports false when there is none of that name.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, name string) bool {
	if s.Web == nil || strings.HasPrefix(path.Base(name), ".") {
		return false
	}
	info, err := fs.Stat(s.Web, name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	caching := "no-cache"
	if strings.HasPrefix(name, "assets/") { // the build writes a hash of the content into these names
		caching = "public, max-age=31536000, immutable"
	}
	content, err := fs.ReadFile(s.Web, name)
	if err != nil {
		return false
	}
	w.Header().Set("Cache-Control", caching)
	http.ServeContent(w, r, name, info.ModTime(), bytes.NewReader(content))
	return true
}
