package httpapi

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// The functions here turn what the rooms return into what openapi.yaml promises. Lists are never null.

func answerOf(a answer.Answer) api.Answer {
	citations := make([]api.Citation, len(a.Citations))
	for i, c := range a.Citations {
		citations[i] = citationOf(c)
	}
	passages := a.Passages
	if a.Abstained {
		passages = a.Nearest
	}
	return api.Answer{
		Id: a.ID, Answer: a.Text, Abstained: a.Abstained, Stopped: a.Stopped, General: a.IsGeneral, Replaced: a.Replaced, Citations: citations,
		Conflicts: conflictsOf(a.Conflicts), Flags: flagsOf(a.Flags), DroppedCitations: a.Dropped, RemovedMarkup: a.Removed,
		Passages: passagesOf(passages), Ended: endedOf(a.Ended), Changes: changesOf(a.Changes),
		SearchedFor: a.SearchedFor, AsOf: a.AsOf, Model: a.Model,
		Usage: api.Usage{
			PromptTokens: a.PromptTokens, CompletionTokens: a.CompletionTokens,
			SearchMs: a.SearchMillis, TotalMs: a.TotalMillis,
		},
	}
}

func conflictsOf(conflicts []answer.Conflict) []api.Conflict {
	list := make([]api.Conflict, len(conflicts))
	for i, c := range conflicts {
		list[i].Values = make([]api.ConflictValue, len(c.Values))
		for j, v := range c.Values {
			list[i].Values[j] = api.ConflictValue{Text: v.Text, Citation: citationOf(v.Citation)}
		}
	}
	return list
}

func flagsOf(flags []answer.Flag) []api.Flag {
	list := make([]api.Flag, len(flags))
	for i, f := range flags {
		list[i] = api.Flag{Start: f.Start, End: f.End, Statement: f.Statement, Reason: string(f.Reason), Missing: f.Missing}
	}
	return list
}

func endedOf(e *answer.EndedNote) *api.Ended {
	if e == nil {
		return nil
	}
	return &api.Ended{
		DocumentId: idOf(e.DocumentID), DocumentKey: e.DocumentKey, Title: e.Title, Revision: e.Revision, At: e.At, By: e.By,
	}
}

func changesOf(changes []answer.ChangeNote) []api.RecentChange {
	list := make([]api.RecentChange, len(changes))
	for i, c := range changes {
		list[i] = api.RecentChange{
			DocumentId: idOf(c.DocumentID), DocumentKey: c.DocumentKey, Title: c.Title, FromRevision: c.FromRevision,
			ToRevision: c.ToRevision, At: c.At, OldText: c.OldText, NewText: c.NewText,
		}
	}
	return list
}

func citationOf(c answer.Citation) api.Citation {
	p, place := c.Passage, c.Place()
	return api.Citation{
		N: c.N, DocumentId: idOf(p.DocumentID), DocumentKey: p.DocumentKey, Collection: p.Collection, Title: p.Title,
		Revision: p.Revision, EffectiveFrom: p.EffectiveFrom, EffectiveUntil: p.EffectiveUntil,
		Page: pageOf(place.Page), Heading: headingOf(place.Headings), Quote: c.Quote, Start: c.Start, End: c.End,
		Url: pageURL(p.DocumentID, p.Revision, c.Start, c.End), Former: c.IsFormer,
	}
}

func passagesOf(passages []retrieve.Passage) []api.Passage {
	list := make([]api.Passage, len(passages))
	for i, p := range passages {
		begins := p.PlaceAt(p.Start)
		list[i] = api.Passage{
			DocumentId: idOf(p.DocumentID), DocumentKey: p.DocumentKey, Collection: p.Collection, Title: p.Title,
			Revision: p.Revision, EffectiveFrom: p.EffectiveFrom, EffectiveUntil: p.EffectiveUntil,
			Page: pageOf(begins.Page), Heading: headingOf(begins.Headings), Context: p.Context, Text: p.Text,
			Start: p.Start, End: p.End, Score: p.Score, Url: pageURL(p.DocumentID, p.Revision, p.Start, p.End),
			AmendedBy: amendersOf(p, passages), Copies: copiesOf(p.Copies),
		}
	}
	return list
}

// copiesOf is nil where there are none: most passages have none.
func copiesOf(copies []retrieve.Copy) *[]api.Copy {
	if len(copies) == 0 {
		return nil
	}
	list := make([]api.Copy, len(copies))
	for i, c := range copies {
		list[i] = api.Copy{DocumentId: idOf(c.DocumentID), DocumentKey: c.DocumentKey, Title: c.Title, Revision: c.Revision}
	}
	return &list
}

// amendersOf names the passages that amend p. They are in the list that p is in.
func amendersOf(p retrieve.Passage, list []retrieve.Passage) []api.PassageRef {
	refs := []api.PassageRef{}
	for _, other := range list {
		if slices.Contains(p.AmendedBy, other.ChunkID) {
			refs = append(refs, api.PassageRef{
				DocumentId: idOf(other.DocumentID), DocumentKey: other.DocumentKey, Title: other.Title, Revision: other.Revision,
				Start: other.Start, End: other.End, Url: pageURL(other.DocumentID, other.Revision, other.Start, other.End),
			})
		}
	}
	return refs
}

// pageURL is where the site shows a piece of a revision in its context.
func pageURL(documentID int64, revision, start, end int) string {
	return fmt.Sprintf("/documents/%d?revision=%d&start=%d&end=%d", documentID, revision, start, end)
}

// statusURL is where a revision's status is to be had.
func statusURL(rev library.Revision) string {
	return fmt.Sprintf("/api/v1/documents/%d/revisions/%d", rev.DocumentID, rev.Number)
}

// idOf writes an id as JSON has it: as a string, since JavaScript's numbers end at 2⁵³.
func idOf(id int64) string { return strconv.FormatInt(id, 10) }

func pageOf(page int) *int {
	if page == 0 {
		return nil
	}
	return &page
}

func headingOf(trail []string) string { return strings.Join(trail, " > ") }

func documentOf(d library.Document) api.Document {
	doc := api.Document{
		Id: idOf(d.ID), Collection: d.Collection, Key: d.Key, Title: d.Latest.Title, CreatedAt: d.CreatedAt,
		Revisions: d.Revisions, Latest: revisionOf(d.Latest),
	}
	if d.Current != nil {
		current := revisionOf(*d.Current)
		doc.Current, doc.Title = &current, current.Title
	}
	return doc
}

func revisionOf(r library.Revision) api.Revision {
	rev := api.Revision{
		DocumentId: idOf(r.DocumentID), DocumentKey: r.DocumentKey, Collection: r.Collection, Revision: r.Number,
		Title: r.Title, FileName: r.FileName, MediaType: r.MediaType, Size: r.Size, Sha256: hex.EncodeToString(r.SHA256[:]),
		Source: r.Source, CreatedBy: r.CreatedBy, ReceivedAt: r.ReceivedAt, Status: api.RevisionStatus(r.Status), Stage: r.Stage,
		InForce: r.InForce, Superseded: r.Superseded, Scheduled: r.Scheduled, EffectiveFrom: r.EffectiveFrom,
		EffectiveUntil: r.EffectiveUntil, EffectiveSource: api.RevisionEffectiveSource(r.EffectiveBy),
		EffectiveQuote: r.EffectiveQuote, VersionLabel: r.VersionLabel,
		IdentifiedBy: api.RevisionIdentifiedBy(r.IdentifiedBy), Identity: evidenceOf(r.Identity),
		HistoryDropped: r.HistoryDroppedAt != nil, PublishedAt: r.PublishedAt, Chunks: r.Chunks,
	}
	if of := r.DuplicateOf; of != nil {
		rev.DuplicateOf = &api.RevisionRef{DocumentId: idOf(of.DocumentID), Revision: of.Number}
	}
	if r.ReasonCode != "" {
		rev.Reason = &api.Reason{Code: r.ReasonCode, Message: r.ReasonMessage}
	}
	return rev
}

// evidenceOf reads what identification kept; what was filed before there was any holds none.
func evidenceOf(identity json.RawMessage) api.Evidence {
	var kept struct {
		Because    string
		Candidates []library.Candidate
	}
	_ = json.Unmarshal(identity, &kept) // library wrote it
	return api.Evidence{Because: kept.Because, Candidates: candidatesOf(kept.Candidates)}
}

func principalShape(p access.Principal) api.Principal {
	shape := api.Principal{Id: p.ID, Name: p.Name, Role: api.PrincipalRole(p.Role)}
	if p.Collections != nil {
		shape.Collections = &p.Collections
	}
	return shape
}
