package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/library"
)

// readTool is a tool that changes nothing and reaches nothing beyond the library.
func readTool(name, title, description, input string) *mcp.Tool {
	return &mcp.Tool{
		Name: name, Title: title, Description: description, InputSchema: json.RawMessage(input),
		Annotations: &mcp.ToolAnnotations{Title: title, ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: new(false), DestructiveHint: new(false)},
	}
}

var searchTool = readTool("search", "Search the library",
	"Finds passages of documents that are in force, best first, each with its document, revision and dates.", `{
	"type": "object", "additionalProperties": false, "required": ["query"], "properties": {
		"query": {"type": "string", "maxLength": 4000, "description": "What to look for, in words or as a question, in any language."},
		"collections": {"type": "array", "items": {"type": "string"}, "description": "Only these collections; all that may be read if left out."},
		"as_of": {"type": "string", "description": "The moment to ask about: a date such as 2026-03-03, or an RFC 3339 time; now if left out."},
		"limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10, "description": "How many passages at most."}}}`)

var askTool = readTool("ask", "Ask the library",
	"Answers a question from documents in force, with numbered citations, or says that the library doesn't hold the answer.", `{
	"type": "object", "additionalProperties": false, "required": ["question"], "properties": {
		"question": {"type": "string", "maxLength": 4000, "description": "The question, complete in itself, in any language."},
		"collections": {"type": "array", "items": {"type": "string"}, "description": "Only these collections; all that may be read if left out."},
		"as_of": {"type": "string", "description": "The moment to ask about: a date such as 2026-03-03, or an RFC 3339 time; now if left out."}}}`)

var documentTool = readTool("get_document", "Read a document",
	"Returns a document's text with its dates and status, in pieces of up to 20,000 characters.", `{
	"type": "object", "additionalProperties": false, "required": ["document_id"], "properties": {
		"document_id": {"type": "string", "description": "The id of the document, as search and ask give it."},
		"revision": {"type": "integer", "minimum": 1, "description": "The revision's number; the one in force if left out."},
		"start": {"type": "integer", "minimum": 0, "default": 0, "description": "Where to begin, in characters: next_start of the piece before."}}}`)

var changedTool = readTool("what_changed", "What changed in a document",
	"Compares the revision in force with the one before it, or with what applied at a moment. Give document_id, or a question to find the document by.", `{
	"type": "object", "additionalProperties": false, "properties": {
		"document_id": {"type": "string", "description": "The id of the document, as search and ask give it."},
		"question": {"type": "string", "maxLength": 4000, "description": "What the document is about, if its id is not known."},
		"since": {"type": "string", "description": "Compare with what applied then: a date such as 2026-03-03, or an RFC 3339 time."}}}`)

type searchInput struct {
	Query       string    `json:"query"`
	Collections *[]string `json:"collections"`
	AsOf        *string   `json:"as_of"`
	Limit       *int      `json:"limit"`
}

func (s *Server) callSearch(ctx context.Context, c call, in searchInput) (any, string, error) {
	found, err := s.search(ctx, c.who, api.SearchRequest{Query: in.Query, Collections: in.Collections, AsOf: in.AsOf, Limit: in.Limit})
	if err != nil {
		return nil, "", err
	}
	return found, c.searchText(found), nil
}

type askInput struct {
	Question    string    `json:"question"`
	Collections *[]string `json:"collections"`
	AsOf        *string   `json:"as_of"`
}

func (s *Server) callAsk(ctx context.Context, c call, in askInput) (any, string, error) {
	q, err := question(c.who, api.AskRequest{Question: in.Question, Collections: in.Collections, AsOf: in.AsOf})
	if err != nil {
		return nil, "", err
	}
	leave, err := s.asks.enter()
	if err != nil {
		return nil, "", err
	}
	defer leave()
	done, err := s.whole(ctx, c.told(ctx, s.Asker.Answer(ctx, c.who, q)))
	if err != nil {
		return nil, "", err
	}
	return answerOf(done), c.answerText(done), nil
}

// told tells each piece of the answer as it comes.
func (c call) told(ctx context.Context, events iter.Seq2[answer.Event, error]) iter.Seq2[answer.Event, error] {
	return func(yield func(answer.Event, error) bool) {
		for event, err := range events {
			if text, ok := event.(answer.Text); ok {
				c.tell(ctx, text.Delta)
			}
			if !yield(event, err) {
				return
			}
		}
	}
}

type documentInput struct {
	DocumentID string `json:"document_id"`
	Revision   *int   `json:"revision"`
	Start      int    `json:"start"`
}

// mcpPiece is how much of a text get_document returns at once, in code points: about 5,000 tokens.
const mcpPiece = 20_000

func (s *Server) callDocument(ctx context.Context, c call, in documentInput) (any, string, error) {
	doc, err := s.readableDocument(ctx, c.who, in.DocumentID)
	if err != nil {
		return nil, "", err
	}
	number, err := inForce(doc, in.Revision)
	if err != nil {
		return nil, "", err
	}
	rev, err := s.openRevision(ctx, c.who, in.DocumentID, number)
	if err != nil {
		return nil, "", err
	}
	text, err := s.textOf(ctx, rev)
	if err != nil {
		return nil, "", err
	}
	runes := []rune(text)
	if in.Start < 0 || in.Start > len(runes) {
		return nil, "", fault.Newf(fault.Invalid, "invalid_start", "`start` must be a whole number from 0 to %d, where the text ends.", len(runes))
	}
	end := min(len(runes), in.Start+mcpPiece)
	out := api.McpDocument{Document: documentOf(doc), Revision: revisionOf(rev), Text: string(runes[in.Start:end]), Start: in.Start, End: end}
	if end < len(runes) {
		out.NextStart = &end
	}
	return out, c.documentText(out, len(runes)), nil
}

// inForce is the number asked for, or that of the revision in force.
func inForce(doc library.Document, number *int) (int, error) {
	if number != nil {
		return *number, nil
	}
	if doc.Current == nil {
		return 0, fault.Newf(fault.Conflict, "not_in_force",
			"No revision of this document applies now; the newest is %d, with the status %s. Name a revision to read it.", doc.Latest.Number, doc.Latest.Status)
	}
	return doc.Current.Number, nil
}

type changedInput struct {
	DocumentID string `json:"document_id"`
	Question   string `json:"question"`
	Since      string `json:"since"`
}

func (s *Server) callChanged(ctx context.Context, c call, in changedInput) (any, string, error) {
	since, err := parseTime("since", in.Since)
	if err != nil {
		return nil, "", err
	}
	id, err := s.documentAbout(ctx, c, in)
	if err != nil {
		return nil, "", err
	}
	doc, err := s.readableDocument(ctx, c.who, id)
	if err != nil {
		return nil, "", err
	}
	number, err := inForce(doc, nil)
	if err != nil {
		return nil, "", err
	}
	to, err := s.openRevision(ctx, c.who, idOf(doc.ID), number)
	if err != nil {
		return nil, "", err
	}
	against, err := s.before(ctx, to, since)
	if err != nil {
		return nil, "", err
	}
	switch against {
	case 0:
		return sameOf(to), firstText(to, since), nil
	case to.Number:
		return sameOf(to), fmt.Sprintf("%s: nothing has changed. Revision %d applied then and applies now.", to.Title, to.Number), nil
	}
	change, err := s.change(ctx, c.who, to, against)
	if err != nil {
		return nil, "", err
	}
	return diffOf(change), changesText(change), nil
}

// sameOf is a revision compared with itself.
func sameOf(rev library.Revision) api.Diff {
	return diffOf(library.Change{From: rev, To: rev, Report: diff.Report{Similarity: 1}})
}

// documentAbout is the id of the document named, or of the one whose passage answers the question best.
func (s *Server) documentAbout(ctx context.Context, c call, in changedInput) (string, error) {
	if in.DocumentID != "" {
		return in.DocumentID, nil
	}
	if strings.TrimSpace(in.Question) == "" {
		return "", fault.Newf(fault.Invalid, "missing_question", "Give a `document_id`, or a `question` to find the document by.")
	}
	found, err := s.search(ctx, c.who, api.SearchRequest{Query: in.Question, Limit: new(1)})
	if err != nil {
		return "", err
	}
	if len(found.Passages) == 0 {
		return "", fault.Newf(fault.NotFound, "unknown_document", "No document in force that is yours to see is about this; name one by its `document_id`.")
	}
	return found.Passages[0].DocumentId, nil
}

// before is the number of the revision that applied at a moment, or of the one whose place rev took if that is zero;
// 0 if there was none. It goes back from rev by whose place was taken. A revision that is met again, because it was put in force again,
// is the answer: only its last time is known, and what lies behind it began after the moment.
func (s *Server) before(ctx context.Context, rev library.Revision, moment time.Time) (int, error) {
	if moment.IsZero() {
		return s.previous(ctx, rev)
	}
	met := map[int]bool{}
	for rev.EffectiveFrom.After(moment) && !met[rev.Number] {
		met[rev.Number] = true
		previous, err := s.Library.Predecessor(ctx, rev)
		if err != nil || previous == nil {
			return 0, err
		}
		rev = *previous
	}
	return rev.Number, nil
}
