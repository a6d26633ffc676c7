package answer

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/journal"
	"clearwell/internal/retrieve"
)

// Searcher finds passages; retrieve.Searcher is the real one.
type Searcher interface {
	Search(ctx context.Context, who access.Principal, q retrieve.Query) (retrieve.Result, error)
}

// Recorder keeps what answers stood on; journal.Journal is the real one.
type Recorder interface {
	Answered(ctx context.Context, receipt journal.Receipt) error
}

// Config of the room. The zero value works.
type Config struct {
	Passages    int // looked at for one answer; default 8
	TokenBudget int // of passages in a prompt, in the embedder's tokens; default 3,000
	Evidence    Evidence
}

// Service answers questions.
type Service struct {
	search   Searcher
	embedder inference.Embedder
	chat     inference.Chat // nil: the extractive answerer
	recorder Recorder
	prompts  prompts
	config   Config
	log      *slog.Logger
}

// New returns the service; chat may be nil.
func New(search Searcher, embedder inference.Embedder, chat inference.Chat, recorder Recorder, config Config, log *slog.Logger) (*Service, error) {
	loaded, err := loadPrompts()
	if err != nil {
		return nil, err
	}
	if config.Passages == 0 {
		config.Passages = 8
	}
	if config.TokenBudget == 0 {
		config.TokenBudget = 3000
	}
	if config.Evidence == (Evidence{}) {
		config.Evidence = WordEvidence
	}
	return &Service{search: search, embedder: embedder, chat: chat, recorder: recorder, prompts: loaded, config: config, log: log}, nil
}

// Answer yields the events of one answer: Sources, Text and Cited in turn, Done. After an error it yields
// nothing more. The receipt is written in every case, also when the reader has left.
func (s *Service) Answer(ctx context.Context, who access.Principal, q Question) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		w := &writing{yield: yield, started: time.Now()}
		w.answer.ID = uuid.NewString()
		err := s.write(ctx, who, q, w)
		w.answer.TotalMillis = time.Since(w.started).Milliseconds()
		s.record(ctx, who, q, w, err)
		if err != nil {
			w.fail(err)
			return
		}
		w.send(Done{Answer: w.answer})
	}
}

// write makes the answer: search, weigh the evidence, then the model or the extract.
func (s *Service) write(ctx context.Context, who access.Principal, q Question, w *writing) error {
	found, err := s.search.Search(ctx, who, retrieve.Query{
		Text: q.Text, Collections: q.Collections, AsOf: q.AsOf, Limit: s.config.Passages,
	})
	if err != nil {
		return err
	}
	w.answer.AsOf = found.AsOf
	w.answer.SearchMillis = time.Since(w.started).Milliseconds()
	if !s.config.Evidence.suffices(found) {
		w.abstain(q.Text, found.Passages)
		return nil
	}
	if s.chat == nil {
		return s.quote(ctx, q, found, w)
	}
	err = s.converse(ctx, q, found, w)
	if err != nil && ctx.Err() == nil && w.text.Len() == 0 {
		// Nothing was said yet: an extract serves better than an apology.
		s.log.Warn("chat model failed, answering with extracts", "model", s.chat.Model(), "code", fault.CodeOf(err), "error", err)
		return s.quote(ctx, q, found, w)
	}
	return err
}

// quote answers with the best supported sentences.
func (s *Service) quote(ctx context.Context, q Question, found retrieve.Result, w *writing) error {
	w.answer.Model = "extractive"
	extracts, err := s.extract(ctx, q.Text, found)
	if err != nil {
		return err
	}
	if len(extracts) == 0 {
		w.abstain(q.Text, found.Passages)
		return nil
	}
	passages, extracts := usedFirst(found.Passages, extracts)
	w.sources(passages)
	for i, e := range extracts {
		if i > 0 {
			w.write("\n\n")
		}
		w.write(fmt.Sprintf("%s [%d]", e.shown, e.passage+1))
		w.cite(e.passage+1, passages[e.passage], e.start, e.end)
	}
	return nil
}

// converse streams the chat model's answer through the citer.
func (s *Service) converse(ctx context.Context, q Question, found retrieve.Result, w *writing) error {
	passages := s.withinBudget(found.Passages)
	messages, err := s.prompts.compose(q.Text, passages, found.AsOf)
	if err != nil {
		return err
	}
	w.answer.Model = s.chat.Model()
	c := newCiter(passages, w)
	for delta, err := range s.chat.Stream(ctx, messages) {
		if err != nil {
			return err
		}
		if delta.Usage != nil {
			w.answer.PromptTokens, w.answer.CompletionTokens = delta.Usage.PromptTokens, delta.Usage.CompletionTokens
		}
		c.add(delta.Text)
		if w.isLeft {
			return context.Canceled
		}
	}
	if c.finish() {
		w.abstain(q.Text, found.Passages)
	}
	return nil
}

// withinBudget takes passages, best first, while they fit; always one.
func (s *Service) withinBudget(passages []retrieve.Passage) []retrieve.Passage {
	left := s.config.TokenBudget
	for i, p := range passages {
		left -= s.embedder.CountTokens(shown(p))
		if left < 0 && i > 0 {
			return passages[:i]
		}
	}
	return passages
}

// writing is one answer on its way to the reader.
type writing struct {
	yield   func(Event, error) bool
	started time.Time
	answer  Answer
	text    strings.Builder
	isLeft  bool // the reader has gone: nothing more may be yielded
}

func (w *writing) send(e Event) {
	if !w.isLeft {
		w.isLeft = !w.yield(e, nil)
	}
}

func (w *writing) fail(err error) {
	if !w.isLeft {
		w.isLeft = true
		w.yield(nil, err)
	}
}

func (w *writing) sources(passages []retrieve.Passage) {
	w.answer.Passages = passages
	w.send(Sources{Passages: passages})
}

func (w *writing) write(text string) {
	if text == "" {
		return
	}
	w.text.WriteString(text)
	w.answer.Text = w.text.String()
	w.send(Text{Delta: text})
}

// cite adds a citation of code points start to end of the passage's own text.
func (w *writing) cite(n int, p retrieve.Passage, start, end int) {
	c := Citation{N: n, Passage: p, Quote: string([]rune(p.Text)[start:end]), Start: p.Start + start, End: p.Start + end}
	w.answer.Citations = append(w.answer.Citations, c)
	w.send(Cited{Citation: c})
}

func (w *writing) abstain(question string, nearest []retrieve.Passage) {
	nearest = nearest[:min(3, len(nearest))]
	w.answer.Abstained, w.answer.Nearest, w.answer.Citations = true, nearest, nil
	w.sources(nearest)
	w.write(abstention(analysis.Detect(question, "en", "de", "fr", "es"), len(nearest) > 0))
}
