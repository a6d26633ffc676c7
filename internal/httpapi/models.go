package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/fault"
)

// The model of OpenAI's API is the library: all that a key may read, or one collection of it.
const (
	wholeModel       = "clearwell"
	collectionPrefix = wholeModel + ":"
)

// listModels says which models a chat completion may name.
func (s *Server) listModels(w http.ResponseWriter, r *http.Request) {
	names, err := s.readableCollections(r.Context(), principalOf(r.Context()))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list := api.ModelList{Object: "list", Data: []api.Model{modelOf(wholeModel)}}
	for _, name := range names {
		list.Data = append(list.Data, modelOf(collectionPrefix+name))
	}
	writeJSON(w, http.StatusOK, list)
}

// getModel says whether there is a model of that name.
func (s *Server) getModel(w http.ResponseWriter, r *http.Request) {
	name, err := url.PathUnescape(chi.URLParam(r, "model"))
	if err != nil {
		name = chi.URLParam(r, "model")
	}
	if _, err := s.collectionsOfModel(r.Context(), principalOf(r.Context()), name); err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, modelOf(name))
}

func modelOf(name string) api.Model {
	return api.Model{Id: name, Object: "model", OwnedBy: wholeModel}
}

// collectionsOfModel is what a question to that model is limited to; nil for all that who may read.
func (s *Server) collectionsOfModel(ctx context.Context, who access.Principal, model string) ([]string, error) {
	if model == wholeModel {
		return nil, nil
	}
	if name, ok := strings.CutPrefix(model, collectionPrefix); ok {
		names, err := s.readableCollections(ctx, who)
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, name) {
			return []string{name}, nil
		}
	}
	// One answer for what does not exist and for what the key does not cover.
	return nil, paramError{"model", fault.Newf(fault.NotFound, "unknown_model",
		"There is no model %q for your key; GET /v1/models lists those there are.", model)}
}

// readableCollections are the names of the collections that who may read, in order.
func (s *Server) readableCollections(ctx context.Context, who access.Principal) ([]string, error) {
	names, err := s.Library.Collections(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(names, func(name string) bool { return !who.MayRead(name) }), nil
}
