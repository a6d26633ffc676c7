package httpapi

import (
	"context"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/library"
)

// ListCollections returns the collections that the caller may read, for admins with their settings.
func (s *Server) ListCollections(ctx context.Context, _ api.ListCollectionsRequestObject) (api.ListCollectionsResponseObject, error) {
	who := principalOf(ctx)
	names, err := s.Library.Collections(ctx)
	if err != nil {
		return nil, err
	}
	list := api.ListCollections200JSONResponse{Collections: []api.Collection{}}
	for _, name := range names {
		if !who.MayRead(name) {
			continue
		}
		collection, err := s.collection(ctx, who, name)
		if err != nil {
			return nil, err
		}
		list.Collections = append(list.Collections, collection)
	}
	return list, nil
}

func (s *Server) collection(ctx context.Context, who access.Principal, name string) (api.Collection, error) {
	collection := api.Collection{Name: name, MayWrite: who.MayWrite(name)}
	if who.Role != access.Admin {
		return collection, nil
	}
	set, err := s.Library.Settings(ctx, name)
	if err != nil {
		return api.Collection{}, err
	}
	collection.Settings = &api.CollectionSettings{
		OnCertain:   api.CollectionSettingsOnCertain(set.OnCertain),
		OnUncertain: api.CollectionSettingsOnUncertain(set.OnUncertain),
		Locale:      set.Locale, KeepHistoryDays: set.KeepHistoryDays,
	}
	return collection, nil
}

// ConfigureCollection replaces a collection's settings.
func (s *Server) ConfigureCollection(ctx context.Context, req api.ConfigureCollectionRequestObject) (api.ConfigureCollectionResponseObject, error) {
	who := principalOf(ctx)
	err := s.Intake.Configure(ctx, who, library.Settings{
		Collection: storable(req.Name), OnCertain: string(req.Body.OnCertain), OnUncertain: string(req.Body.OnUncertain),
		Locale: req.Body.Locale, KeepHistoryDays: req.Body.KeepHistoryDays,
	})
	if err != nil {
		return nil, err
	}
	collection, err := s.collection(ctx, who, storable(req.Name))
	if err != nil {
		return nil, err
	}
	return api.ConfigureCollection200JSONResponse(collection), nil
}
