package answer_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// past is a searcher that knows what ended, and notes what it was asked.
type past struct {
	found
	ended []retrieve.EndedPassage
	asked *[]retrieve.Query
}

// Search implements answer.Searcher.
func (p past) Search(ctx context.Context, who access.Principal, q retrieve.Query) (retrieve.Result, error) {
	if p.asked != nil {
		*p.asked = append(*p.asked, q)
	}
	return p.found.Search(ctx, who, q)
}

// Ended implements answer.Searcher.
func (p past) Ended(_ context.Context, _ access.Principal, q retrieve.Query) (retrieve.EndedResult, error) {
	if p.asked != nil {
		*p.asked = append(*p.asked, q)
	}
	result := retrieve.EndedResult{AsOf: q.AsOf, Passages: p.ended}
	for _, e := range p.ended {
		result.Coverage, result.Cosine = max(result.Coverage, e.Coverage), max(result.Cosine, e.Cosine)
	}
	return result, nil
}

// chronicle is a historian that knows the latest change of each document.
type chronicle map[int64]*library.Change

// LatestChange implements answer.Historian.
func (c chronicle) LatestChange(_ context.Context, documentID int64, _, _ time.Time) (*library.Change, error) {
	if documentID == forgotten {
		return nil, fault.Newf(fault.NotFound, "history_dropped", "The text was dropped.")
	}
	return c[documentID], nil
}

// forgotten is a document whose history was dropped.
const forgotten = 99

func serviceOf(t *testing.T, search answer.Searcher, history answer.Historian, chat inference.Chat) *answer.Service {
	t.Helper()
	s, err := answer.New(search, inferencetest.NewEmbedder(64), chat, journal.New(pgtest.New(t)), history, answer.Config{},
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// winter is an ended document that would have answered.
func winter(by string, at time.Time) retrieve.EndedPassage {
	p := passage("Winter travel allowance", "In winter you get SECRET 50 euros a day.", 2)
	p.DocumentID, p.DocumentKey = 7, "hr/winter"
	return retrieve.EndedPassage{Passage: p, EndedAt: at, EndedBy: by}
}

func TestAbstentionNamesTheDocumentThatEnded(t *testing.T) {
	t.Parallel()
	weak := vacation
	weak.Coverage, weak.Cosine = .1, .8
	afternoon := time.Date(2026, 5, 3, 15, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		question, by string
		at           time.Time
		want         string
	}{
		"expired": {"What is the winter travel allowance?", "expired", date(2026, 4, 1),
			"I don't know: nothing in force in the library answers this. “Winter travel allowance” did until 31 March 2026; it has expired since. The nearest"},
		"withdrawn": {"What is the winter travel allowance?", "withdrawn", afternoon,
			"I don't know: nothing in force in the library answers this. “Winter travel allowance” did until it was withdrawn on 3 May 2026. The nearest"},
		"German": {"Wie hoch ist die Zulage für Reisen im Winter?", "expired", date(2026, 4, 1),
			"Das weiß ich nicht: Nichts, was in der Bibliothek derzeit gilt, beantwortet diese Frage. „Winter travel allowance“ tat es bis zum 31. März 2026"},
		"French": {"Quelle est l'indemnité pour les voyages en hiver ?", "withdrawn", date(2026, 5, 1),
			"Je ne sais pas : rien de ce qui est en vigueur dans la bibliothèque n'y répond. « Winter travel allowance » y répondait, mais a été retiré le 1er mai 2026."},
		"Spanish": {"¿Cuánto es la ayuda para los viajes en invierno?", "expired", date(2026, 1, 1),
			"No lo sé: nada de lo vigente en la biblioteca responde a esto. «Winter travel allowance» lo hacía hasta el 31 de diciembre de 2025;"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := winter(c.by, c.at)
			got := ask(t, serviceOf(t, past{found: weak, ended: []retrieve.EndedPassage{ended}}, nil, nil), c.question)
			if !strings.HasPrefix(got.text, c.want) {
				t.Errorf("want %q\n got %q", c.want, got.text)
			}
			want := &answer.EndedNote{DocumentID: 7, DocumentKey: "hr/winter", Title: "Winter travel allowance", Revision: 2, At: c.at, By: c.by}
			if diff := cmp.Diff(want, got.done.Ended); diff != "" || !got.done.Abstained {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkNoWord(t, got, "SECRET")
		})
	}
}

// checkNoWord holds an answer against the rule that text which doesn't apply is neither said nor listed.
func checkNoWord(t *testing.T, got toldAnswer, word string) {
	t.Helper()
	all := got.text
	for _, list := range [][]retrieve.Passage{got.done.Passages, got.done.Nearest} {
		for _, p := range list {
			all += p.Text
		}
	}
	for _, c := range got.cited {
		all += c.Quote + c.Passage.Text
	}
	if strings.Contains(all, word) {
		t.Errorf("text that applies no more is shown: %q in %q", word, all)
	}
}

func TestWhatAppliesAnswersUnlessWhatEndedIsClearlyBetter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		coverage, score float64
		abstains        bool
	}{
		"an amendment":          {.99, 1.9, false},
		"as good":               {.9, 1.2, false},
		"higher score only":     {.9, 1.9, false},
		"more words only":       {1, 1.1, false},
		"clearly better":        {1, 1.9, true},
		"better by little more": {.73, 1.9, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			current := vacation
			current.Passages = []retrieve.Passage{passage("Vacation policy", "Employees get 28 vacation days a year.", 3)}
			current.Passages[0].Coverage = .7
			ended := winter("withdrawn", date(2026, 5, 1))
			ended.Coverage, ended.Fused = c.coverage, c.score
			ended.IsAmendment = name == "an amendment"
			if c.coverage == .9 {
				current.Passages[0].Coverage = .9
			}
			got := ask(t, serviceOf(t, past{found: current, ended: []retrieve.EndedPassage{ended}}, nil, nil), "How many vacation days?")
			if got.done.Abstained != c.abstains || (got.done.Ended != nil) != c.abstains {
				t.Errorf("abstained: %v, %q", got.done.Abstained, got.text)
			}
		})
	}
}

func TestBothMomentsReachTheSearchAndTheReceipt(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	var asked []retrieve.Query
	j := journal.New(pool)
	searched := vacation
	searched.AsOf = date(2026, 3, 3)
	s, err := answer.New(past{found: searched, asked: &asked}, inferencetest.NewEmbedder(64), nil, j, nil, answer.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	q := answer.Question{Text: "How many vacation days?", AsOf: date(2026, 3, 3), KnownAt: date(2026, 2, 1)}
	hashes := make(map[string]bool)
	for range 2 {
		var done answer.Answer
		for event, err := range s.Answer(t.Context(), access.System("test"), q) {
			if d, ok := event.(answer.Done); ok && err == nil {
				done = d.Answer
			}
		}
		receipt, err := j.Receipt(t.Context(), done.ID)
		if err != nil {
			t.Fatal(err)
		}
		if receipt.AskedAsOf == nil || !receipt.AskedAsOf.Equal(q.AsOf) || receipt.AskedKnownAt == nil || !receipt.AskedKnownAt.Equal(q.KnownAt) {
			t.Errorf("asked as of %v, known at %v", receipt.AskedAsOf, receipt.AskedKnownAt)
		}
		hashes[string(receipt.PromptSHA256)] = len(receipt.PromptSHA256) == 32
	}
	for _, q := range asked {
		if !q.AsOf.Equal(date(2026, 3, 3)) || !q.KnownAt.Equal(date(2026, 2, 1)) {
			t.Errorf("searched %+v", q)
		}
	}
	if len(hashes) != 1 || len(asked) != 4 {
		t.Errorf("the same question over the same passages has one hash, got %d; searched %d times", len(hashes), len(asked))
	}
}

func TestTheSamePromptHasTheSameHashAlthoughItsFenceDiffers(t *testing.T) {
	t.Parallel()
	s, server := chatting(t, "28 vacation days [1].")
	server.AnswerChat(inferencetest.Completion{Pieces: []string{"28 vacation days [1]."}})
	first := ask(t, s, "How many vacation days do I get?")
	second := ask(t, s, "How many vacation days do I get?")
	if diff := cmp.Diff(first.done.PromptSHA256, second.done.PromptSHA256); diff != "" || len(first.done.PromptSHA256) != 32 {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

// amended is two passages of which the first amends the second.
func amended() found {
	by := passage("Notice of March", "Business class needs a flight of more than 10 hours from now on. Ask your manager.", 1)
	by.ChunkID, by.DocumentID = 51, 5
	of := passage("Travel policy", "Flights of more than 6 hours may be booked in business class.", 2)
	of.ChunkID, of.AmendedBy = 52, []int64{51}
	return found{Coverage: 1, Cosine: .9, Words: []retrieve.Word{{Text: "business", IDF: 2}, {Text: "class", IDF: 2}},
		Passages: []retrieve.Passage{by, of}}
}

func TestExtractQuotesTheAmendmentFirst(t *testing.T) {
	t.Parallel()
	got := ask(t, newService(t, amended(), nil), "When may flights of more than 6 hours be booked in business class?")
	want := "Business class needs a flight of more than 10 hours from now on. [1]\n\n" +
		"Flights of more than 6 hours may be booked in business class. [2] (amended by [1])"
	if got.text != want {
		t.Errorf("want %q\n got %q", want, got.text)
	}
	checkCitations(t, got)
	german := ask(t, newService(t, amended(), nil), "Wann dürfen Flüge in der Klasse business class gebucht werden?")
	if !strings.Contains(german.text, "(geändert durch [1])") {
		t.Errorf("got %q", german.text)
	}
}

func TestPromptSaysWhatIsAmended(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, 64)
	server.AnswerChat(inferencetest.Completion{Pieces: []string{"More than 10 hours [1]."}})
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: server.BaseURL(), Model: "scripted"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ask(t, newService(t, amended(), chat), "When may I fly business class?")
	messages := server.ChatRequests()[0].Messages
	if user := messages[1].Content; !strings.Contains(user, "passage 2 | Travel policy | revision 2 | in force since 2026-01-01 | amended by passage 1 |") ||
		strings.Count(user, "amended by") != 1 || !strings.Contains(messages[0].Content, "the amendment goes first") {
		t.Errorf("the prompt is\n%s", user)
	}
}

// block is a changed block at offset at of both texts, with - and + before removed and added words.
func block(at int, words ...string) diff.Change {
	c := diff.Change{Op: diff.Changed, Old: &diff.Side{Start: at, Headings: []string{"Vacation policy", "Days"}}, New: &diff.Side{Start: at, Headings: []string{"Vacation policy", "Days"}}}
	for _, w := range words {
		op, text := diff.Same, w
		switch w[0] {
		case '-':
			op, text = diff.Removed, w[1:]
		case '+':
			op, text = diff.Added, w[1:]
		}
		c.Words = append(c.Words, diff.Span{Op: op, Text: text})
		if op != diff.Added {
			c.Old.Text += text
		}
		if op != diff.Removed {
			c.New.Text += text
		}
	}
	c.Old.End, c.New.End = at+utf8.RuneCountInString(c.Old.Text), at+utf8.RuneCountInString(c.New.Text)
	return c
}

// raise is the change from 20 to 28 days at the beginning of 2026.
func raise() *library.Change {
	newYear := date(2026, 1, 1)
	return &library.Change{
		From: library.Revision{DocumentID: 1, DocumentKey: "hr/vacation", Title: "Vacation policy", Number: 2, EffectiveFrom: date(2025, 1, 1), EffectiveUntil: &newYear, EffectiveBy: library.Explicit},
		To:   library.Revision{DocumentID: 1, DocumentKey: "hr/vacation", Title: "Vacation policy", Number: 3, EffectiveFrom: newYear, EffectiveBy: library.Explicit},
		Report: diff.Report{Changes: []diff.Change{
			block(100, "This policy is for all employees. Full-time employees get ", "-20", "+28", " vacation days a year. Unused days expire in March."),
			{Op: diff.Added, New: &diff.Side{Text: "Part-time employees get their share.", Start: 300, End: 336}},
			{Op: diff.Removed, Old: &diff.Side{Text: "Carrying days over is allowed.", Start: 310, End: 340, Page: 2}},
			{Op: diff.Moved, Old: &diff.Side{Text: "Moved."}, New: &diff.Side{Text: "Moved."}},
		}},
	}
}

func asOf(f found, at time.Time) found {
	f.AsOf = at
	return f
}

func TestARecentChangeIsNoted(t *testing.T) {
	t.Parallel()
	march := asOf(vacation, date(2026, 3, 1))
	weakly := raise()
	weakly.To.EffectiveBy = library.UploadTime
	brief := raise()
	brief.From.EffectiveFrom = date(2026, 1, 1).Add(-time.Hour)
	elsewhere := raise()
	elsewhere.Report.Changes[0] = block(100, "This policy is for all ", "-permanent ", "employees. Full-time employees get 28 vacation days a year.")
	punctuation := raise()
	punctuation.Report.Changes[0] = block(100, "This policy is for all employees. Full-time employees get 28 vacation days a year", "-;", "+.")
	later := raise()
	later.To.Number = 4
	for name, c := range map[string]struct {
		at     time.Time
		change *library.Change
		want   string
	}{
		"recent":          {date(2026, 3, 1), raise(), "\n\nChanged on 1 January 2026: until 31 December 2025 it said “Full-time employees get 20 vacation days a year.”."},
		"long ago":        {date(2026, 4, 2), raise(), ""},
		"first revision":  {date(2026, 3, 1), nil, ""},
		"weakly dated":    {date(2026, 3, 1), weakly, ""},
		"barely applied":  {date(2026, 3, 1), brief, ""},
		"another part":    {date(2026, 3, 1), elsewhere, ""},
		"no word changed": {date(2026, 3, 1), punctuation, ""},
		"another change":  {date(2026, 3, 1), later, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, serviceOf(t, asOf(march, c.at), chronicle{1: c.change}, nil), "How many vacation days do employees get?")
			if want := "Full-time employees get 28 vacation days a year. [1]" + c.want; got.text != want {
				t.Errorf("want %q\n got %q", want, got.text)
			}
			if c.want == "" {
				if got.done.Changes != nil {
					t.Errorf("notes %+v", got.done.Changes)
				}
				return
			}
			want := []answer.ChangeNote{{DocumentID: 1, DocumentKey: "hr/vacation", Title: "Vacation policy", FromRevision: 2, ToRevision: 3,
				At: date(2026, 1, 1), OldText: "Full-time employees get 20 vacation days a year.", NewText: "Full-time employees get 28 vacation days a year."}}
			if diff := cmp.Diff(want, got.done.Changes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			got.text = ""
			checkNoWord(t, got, "20 vacation")
		})
	}
}

func TestALongOldSentenceIsCutAroundTheChange(t *testing.T) {
	t.Parallel()
	change := raise()
	filler := strings.Repeat("and so on ", 40)
	text := "Full-time employees get " + filler
	change.Report.Changes[0] = block(100, text, "-twenty ", "+28 vacation ", "days a year "+filler+"at last.")
	march := asOf(vacation, date(2026, 3, 1))
	march.Passages = []retrieve.Passage{passage("Vacation policy", change.Report.Changes[0].New.Text, 3)}
	got := ask(t, serviceOf(t, march, chronicle{1: change}, nil), "How many vacation days do employees get?")
	if len(got.done.Changes) != 1 {
		t.Fatalf("got %q", got.text)
	}
	if old := got.done.Changes[0].OldText; !strings.Contains(old, "twenty") || utf8.RuneCountInString(old) > 210 || !strings.HasPrefix(old, "… ") || !strings.HasSuffix(old, " …") {
		t.Errorf("got %q", old)
	}
}

func TestWhatChangedIsToldFromTheComparison(t *testing.T) {
	t.Parallel()
	got := ask(t, serviceOf(t, asOf(vacation, date(2026, 9, 1)), chronicle{1: raise()}, nil), "What has changed in the vacation policy?")
	want := "Vacation policy: revision 3 applies since 1 January 2026 and changed this against revision 2:\n" +
		"\n1. Days: “… Full-time employees get 20 vacation days a year. Unused …” → “… Full-time employees get 28 vacation days a year. Unused …” [1][2]" +
		"\n2. New: “Part-time employees get their share.” [3]" +
		"\n3. No longer there: “Carrying days over is allowed.” [4]"
	if got.text != want {
		t.Errorf("want %q\n got %q", want, got.text)
	}
	checkCitations(t, got)
	type cite struct {
		Revision int
		IsFormer bool
		From     time.Time
		Ends     bool
	}
	var cites []cite
	for _, c := range got.cited {
		cites = append(cites, cite{c.Passage.Revision, c.IsFormer, c.Passage.EffectiveFrom, c.Passage.EffectiveUntil != nil})
	}
	wantCites := []cite{{3, false, date(2026, 1, 1), false}, {2, true, date(2025, 1, 1), true}, {3, false, date(2026, 1, 1), false}, {2, true, date(2025, 1, 1), true}}
	if diff := cmp.Diff(wantCites, cites); diff != "" || got.done.Model != "changes" || got.done.Abstained {
		t.Errorf("citations (-want +got):\n%s", diff)
	}
}

func TestWhatChangedIsAskedInFourLanguages(t *testing.T) {
	t.Parallel()
	s := serviceOf(t, asOf(vacation, date(2026, 9, 1)), chronicle{1: raise()}, nil)
	for question, want := range map[string]string{
		"What changed in the Vacation Policy?":                             "Vacation policy: revision 3",
		"what's new in the vacation policy":                                "Vacation policy: revision 3",
		"What are the latest changes to the vacation policy since March?":  "Vacation policy: revision 3",
		"Changes to the vacation policy":                                   "Vacation policy: revision 3",
		"Changes of vacation":                                              "This policy",
		"Welche Änderungen gibt es in der Vacation policy?":                "Vacation policy: Fassung 3",
		"Quelles sont les modifications de la vacation policy ?":           "Vacation policy : la révision 3",
		"How has the vacation policy changed?":                             "Vacation policy: revision 3",
		"Was hat sich an der Vacation policy geändert?":                    "Vacation policy: Fassung 3 gilt seit dem 1. Januar 2026",
		"Was ist neu in der Vacation policy?":                              "Vacation policy: Fassung 3",
		"Qu'est-ce qui a changé dans la vacation policy ?":                 "Vacation policy : la révision 3 s'applique depuis le 1er janvier 2026",
		"Quoi de neuf dans la vacation policy ?":                           "Vacation policy : la révision 3",
		"¿Qué ha cambiado en la vacation policy?":                          "Vacation policy: la revisión 3 se aplica desde el 1 de enero de 2026",
		"Novedades de la vacation policy":                                  "Vacation policy: la revisión 3",
		"How many vacation days do employees get since the policy changed": "Full-time employees get 28",
		"What changed in the moon landing procedure?":                      "",
	} {
		got := ask(t, s, question)
		if isTold := got.done.Model == "changes"; isTold != strings.Contains(want, "3") || !strings.HasPrefix(got.text, want) {
			t.Errorf("%s: %q", question, got.text)
		}
	}
}

func TestWhatChangedHasAnAnswerAlsoWhenNothingDid(t *testing.T) {
	t.Parallel()
	lines := found{Coverage: 1, Cosine: .9, Passages: vacation.Passages}
	same := raise()
	same.Report.Changes = nil
	many := raise()
	for range 6 {
		many.Report.Changes = append(many.Report.Changes, diff.Change{Op: diff.Added, New: &diff.Side{Text: "More.", Start: 400, End: 405}})
	}
	for name, c := range map[string]struct {
		change     *library.Change
		begin, end string
	}{
		"first revision": {nil, "Vacation policy has not changed since it was first published; it applies since 1 January 2026. [1]", "[1]"},
		"same words":     {same, "Vacation policy: revision 3 applies since 1 January 2026; no words changed against revision 2. [1]", "[1]"},
		"many changes":   {many, "Vacation policy: revision 3", "\n5. New: “More.” [6]\n\n4 more."},
	} {
		current := lines
		if c.change == nil {
			current.Passages = []retrieve.Passage{passage("Vacation policy", "This policy is for all employees. Days are 28.", 1)}
		}
		got := ask(t, serviceOf(t, current, chronicle{1: c.change}, nil), "What changed in the vacation policy?")
		if !strings.HasPrefix(got.text, c.begin) || !strings.HasSuffix(got.text, c.end) {
			t.Errorf("%s: %q", name, got.text)
		}
		checkCitations(t, got)
	}
	if got := ask(t, serviceOf(t, lines, chronicle{}, nil), "What changed in the vacation policy?"); got.done.Model == "changes" {
		t.Errorf("a third revision without a known one before: %q", got.text)
	}
	dropped := lines
	dropped.Passages = []retrieve.Passage{vacation.Passages[0]}
	dropped.Passages[0].DocumentID = forgotten
	if got := ask(t, serviceOf(t, dropped, chronicle{}, nil), "What changed in the vacation policy?"); got.err != nil || got.done.Model == "changes" {
		t.Errorf("what was before is gone: %q, %v", got.text, got.err)
	}
}
