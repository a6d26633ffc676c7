package answer

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Searcher finds passages; retrieve.Searcher is the real one.
type Searcher interface {
	Search(ctx context.Context, who access.Principal, q retrieve.Query) (retrieve.Result, error)
	Ended(ctx context.Context, who access.Principal, q retrieve.Query) (retrieve.EndedResult, error)
}

// Historian knows what changed from one revision of a document to the next; library.Store is the real one.
type Historian interface {
	// LatestChange compares the revision that applied at asOf with the one whose place it took; nil if it is
	// the first. Zero times mean now.
	LatestChange(ctx context.Context, documentID int64, asOf, knownAt time.Time) (*library.Change, error)
}

// Recorder keeps what answers stood on; journal.Journal is the real one.
type Recorder interface {
	Answered(ctx context.Context, receipt journal.Receipt) error
}

// Config of the room. The zero value works.
type Config struct {
	Passages int // looked at for one answer; default 8
	// ContextTokens is how much the chat model reads at once, its answer included; default 8,192.
	ContextTokens int
	TokenBudget   int // of passages in a prompt, in the embedder's tokens; default: what ContextTokens has room for
	Evidence      Evidence
	Calibrator    *Calibrator // nil: Evidence is never calibrated
	// MeaningSupport is the least cosine between a statement and a sentence of another language that it cites; 0:
	// such statements are held to their figures alone.
	MeaningSupport float64
	// RecentChange is how long an answer says what its passage said before; default 90 days, negative: never.
	RecentChange time.Duration
}

// Service answers questions.
type Service struct {
	search   Searcher
	embedder inference.Embedder
	chat     inference.Chat // nil: the extractive answerer
	recorder Recorder
	history  Historian // nil: nobody knows what changed
	prompts  prompts
	config   Config
	log      *slog.Logger
}

// New returns the service; chat and history may be nil.
func New(search Searcher, embedder inference.Embedder, chat inference.Chat, recorder Recorder, history Historian,
	config Config, log *slog.Logger) (*Service, error) {
	loaded, err := loadPrompts()
	if err != nil {
		return nil, err
	}
	if config.Passages == 0 {
		config.Passages = 8
	}
	if config.ContextTokens == 0 {
		config.ContextTokens = 8192
	}
	if config.Evidence == (Evidence{}) {
		config.Evidence = WordEvidence
	}
	if config.RecentChange == 0 {
		config.RecentChange = 90 * 24 * time.Hour
	}
	return &Service{search: search, embedder: embedder, chat: chat, recorder: recorder, history: history, prompts: loaded,
		config: config, log: log}, nil
}

// Answer yields the events of one answer: Sources, Text and Cited in turn, Done. After an error it yields
// nothing more. The receipt is written in every case, also when the reader has left.
func (s *Service) Answer(ctx context.Context, who access.Principal, q Question) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		w := &writing{yield: yield, started: time.Now()}
		w.finish(s.tell(ctx, who, q, w))
	}
}

// tell makes the answer and writes its receipt; the last event is left to the caller.
func (s *Service) tell(ctx context.Context, who access.Principal, q Question, w *writing) error {
	w.answer.ID = cmp.Or(q.AnswerID, uuid.NewString())
	err := w.unlessStopped(ctx, q, s.write(ctx, who, q, w))
	w.answer.TotalMillis = time.Since(w.started).Milliseconds()
	s.record(ctx, who, q, w, err)
	return err
}

// write makes the answer: what changed if that is asked, otherwise search, weigh the evidence, then the model or
// the extract.
func (s *Service) write(ctx context.Context, who access.Principal, q Question, w *writing) error {
	q = s.onItsOwnFeet(ctx, q, w)
	if isTold, err := s.tellChanges(ctx, who, q, w); isTold || err != nil {
		return err
	}
	found, err := s.search.Search(ctx, who, q.query(q.Text, s.config.Passages))
	if err != nil {
		return err
	}
	evidence, err := s.evidence(ctx)
	if err != nil {
		return err
	}
	ended, err := s.ended(ctx, who, q, found, evidence)
	if err != nil {
		return err
	}
	w.answer.AsOf = found.AsOf
	w.answer.SearchMillis = time.Since(w.started).Milliseconds()
	if !evidence.suffices(q.Text, found) || ended.isBetter {
		return s.abstainOrKnow(ctx, q, found.Passages, ended.note, w)
	}
	w.answer.Conflicts = Disagreements(q.Text, found.Passages)
	if err := s.say(ctx, q, found, ended.note, w); err != nil {
		return err
	}
	s.noteChanges(ctx, q, w)
	return nil
}

// query looks for text at the moment that the question is about.
func (q Question) query(text string, limit int) retrieve.Query {
	return retrieve.Query{Text: text, Collections: q.Collections, AsOf: q.AsOf, KnownAt: q.KnownAt, Limit: limit}
}

// say answers with the model, or with extracts where there is none.
func (s *Service) say(ctx context.Context, q Question, found retrieve.Result, ended *EndedNote, w *writing) error {
	if s.chat == nil {
		return s.quote(ctx, q, found, ended, w)
	}
	err := s.converse(ctx, q, found, ended, w)
	if err != nil && ctx.Err() == nil && w.text.Len() == 0 {
		// Nothing was said yet: an extract serves better than an apology.
		s.log.Warn("chat model failed, answering with extracts", "model", s.chat.Model(), "code", fault.CodeOf(err), "error", err)
		return s.quote(ctx, q, found, ended, w)
	}
	return err
}

// quote answers with the best supported sentences.
func (s *Service) quote(ctx context.Context, q Question, found retrieve.Result, ended *EndedNote, w *writing) error {
	w.answer.Model = "extractive"
	extracts, err := s.extract(ctx, q.Text, found)
	if err != nil {
		return err
	}
	if len(extracts) == 0 {
		w.abstain(q.Text, found.Passages, ended)
		return nil
	}
	extracts = amendedFirst(q.Text, found, extracts)
	passages, ordered := usedFirst(found.Passages, append(extracts, orderedBy(w.answer.Conflicts, found.Passages)...))
	extracts = ordered[:len(extracts)]
	w.answer.Conflicts = citedIn(w.answer.Conflicts, passages)
	w.answer.PromptSHA256 = hashOfPassages(q.Text, passages)
	w.sources(passages)
	language := interfaceLanguage(q.Text)
	for i, e := range extracts {
		if i > 0 {
			w.write("\n\n")
		}
		w.write(fmt.Sprintf("%s [%d]", e.shown, e.passage+1))
		w.cite(e.passage+1, passages[e.passage], e.start, e.end)
		w.write(amendedBy(language, passages, e.passage))
	}
	w.tellConflicts(q.Text)
	return nil
}
