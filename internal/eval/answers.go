package eval

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"clearwell/internal/answer"
	"clearwell/internal/fault"
)

// AnswersSet is documents, and questions with their answers.
type AnswersSet struct {
	Questions string // JSON lines {id, question, answers or null, document?, type?}
	Corpus    Corpus // the zero value: nothing is loaded, what the subject holds is asked
	Half      Half   // of the questions
}

// AsksLibrary reports whether the set brings no documents of its own.
func (set AnswersSet) AsksLibrary() bool { return set.Corpus == Corpus{} }

// AnswersReport is what the answers to a set came to. Shares come with their counts and 95 % intervals in Run.
type AnswersReport struct {
	Documents   int       `json:"documents"` // loaded, or of the library those in force
	Refused     []string  `json:"refused"`   // documents that were not published, with the reason
	Questions   int       `json:"questions"`
	Answerable  int       `json:"answerable"`
	Recalled    int       `json:"recalled"` // answers that hold an answer string, of the answerable
	Citations   Citations `json:"citations"`
	Precision   Interval  `json:"citation_precision"` // valid citations of all
	Abstained   int       `json:"abstained"`
	RightlySo   int       `json:"rightly_abstained"`
	AbstainedP  Interval  `json:"abstention_precision"` // rightly abstained, of all that abstained
	AbstainedR  Interval  `json:"abstention_recall"`    // rightly abstained, of all that should
	Flagged     int       `json:"flagged"`              // statements marked as unsupported
	FlaggedIn   int       `json:"flagged_answers"`      // answers that have one
	Replaced    int       `json:"replaced_answers"`     // a model's text that had too little support: extracts were shown instead
	Unmarked    int       `json:"unmarked_answers"`     // a model's text, shown without a mark
	Dropped     int       `json:"dropped_citations"`
	Removed     int       `json:"removed_markup"`  // links, images and tags of a model's
	Conflicts   int       `json:"conflicts_shown"` // answers that show a disagreement
	P50Millis   float64   `json:"p50_ms"`          // of whole answers, one at a time
	P95Millis   float64   `json:"p95_ms"`
	LoadSeconds float64   `json:"load_seconds"`
	// Outcomes are the questions in the order of the file.
	Outcomes []AnswerOutcome `json:"outcomes"`
	Run      Run             `json:"run"`
}

// AnswerOutcome is one question's.
type AnswerOutcome struct {
	ID           string `json:"id"`
	Type         string `json:"type,omitempty"`
	Question     string `json:"question"`
	IsAnswerable bool   `json:"answerable"`
	Answer       string `json:"answer"`
	Abstained    bool   `json:"abstained"`
	Recalled     bool   `json:"recalled"`
	CitesSource  bool   `json:"cites_document"` // that the set names
	Citations    int    `json:"citations"`
	AllValid     bool   `json:"citations_valid"`
	Flags        int    `json:"flags"`
	Dropped      int    `json:"dropped"`
	Removed      int    `json:"removed"`
	Replaced     bool   `json:"replaced"`
	Model        string `json:"model"` // that wrote the answer, or "extractive"
	Conflicts    int    `json:"conflicts"`
	Millis       int64  `json:"ms"`
	names        bool   // a document that must be cited
}

// answerEntry is a question; the other spellings are those of retrieval sets.
type answerEntry struct {
	ID       string   `json:"id"`
	BEIR     string   `json:"_id"`
	Question string   `json:"question"`
	Text     string   `json:"text"`
	Answers  []string `json:"answers"`
	Document string   `json:"document"`
	Type     string   `json:"type"`
}

var answerMetrics = []Metric{{Name: "right"}, {Name: "recall"}, {Name: "abstained"}, {Name: "over-abstained", LowerIsBetter: true},
	{Name: "cites document"}, {Name: "citations valid"}, {Name: "flagged", LowerIsBetter: true},
	{Name: "dropped", LowerIsBetter: true}, {Name: "replaced"}, {Name: "conflict shown"}, {Name: "ms", LowerIsBetter: true}}

// Fingerprint is the SHA-256 of questions and documents.
func (set AnswersSet) Fingerprint() (string, error) {
	files, err := set.Corpus.paths()
	if err != nil {
		return "", err
	}
	names, err := set.Corpus.files()
	if err != nil {
		return "", err
	}
	return fingerprint(append(files, set.Questions), names)
}

// Answers loads the documents, if the set has any, and asks every question.
func Answers(ctx context.Context, s Subject, set AnswersSet, settings Settings) (AnswersReport, error) {
	hash, err := set.Fingerprint()
	if err != nil {
		return AnswersReport{}, err
	}
	questions, err := readLines[answerEntry](set.Questions)
	if err != nil {
		return AnswersReport{}, err
	}
	if questions = halfOf(set.Half, questions); len(questions) == 0 {
		return AnswersReport{}, fault.Newf(fault.Invalid, "no_questions", "There is no question in %q: give one JSON object a line.", set.Questions)
	}
	report := AnswersReport{Questions: len(questions)}
	if err := s.stock(ctx, set, &report); err != nil {
		return AnswersReport{}, err
	}
	checker := newCitationChecker(s.Library)
	for _, q := range questions {
		out, err := s.tryAnswer(ctx, q, checker, &report.Citations)
		if err != nil {
			return AnswersReport{}, fmt.Errorf("question %s: %w", q.ID+q.BEIR, err)
		}
		report.Outcomes = append(report.Outcomes, out)
	}
	report.sum()
	settings.Half = cmp.Or(set.Half, All)
	report.Run = newRun(OfAnswers, hash, settings, answerMetrics, report.runOutcomes())
	return report, nil
}

// stock loads the set's documents, or counts those that are there. Without any, abstaining would always be right.
func (s Subject) stock(ctx context.Context, set AnswersSet, report *AnswersReport) error {
	uploads, err := set.Corpus.uploads(corpusCollection)
	if err != nil {
		return err
	}
	report.Documents = len(uploads)
	if set.AsksLibrary() {
		const inForce = `
			select count(distinct document_id)::int
			from passages_in_force(now(), (select array_agg(id) from collections))`
		if err := s.Pool.QueryRow(ctx, inForce).Scan(&report.Documents); err != nil {
			return fmt.Errorf("count documents: %w", err)
		}
	}
	if report.Documents == 0 {
		return fault.Newf(fault.Invalid, "no_documents",
			"There is no document to answer from: bring some in with `clearwell ingest`, or name others with --documents or --corpus.")
	}
	if set.AsksLibrary() {
		return nil
	}
	started := time.Now()
	report.Refused, err = s.load(ctx, uploads)
	report.LoadSeconds = time.Since(started).Seconds()
	return err
}

func (s Subject) tryAnswer(ctx context.Context, q answerEntry, checker *citationChecker, count *Citations) (AnswerOutcome, error) {
	out := AnswerOutcome{ID: q.ID + q.BEIR, Type: q.Type, Question: q.Question + q.Text, IsAnswerable: len(q.Answers) > 0, names: q.Document != ""}
	a, err := s.ask(ctx, out.Question)
	if err != nil {
		return out, err
	}
	out.Answer, out.Abstained, out.Millis = a.Text, a.Abstained, a.TotalMillis
	out.Flags, out.Dropped, out.Removed, out.Conflicts = len(a.Flags), a.Dropped, a.Removed, len(a.Conflicts)
	out.Replaced, out.Model = a.Replaced, a.Model
	out.Recalled = !a.Abstained && saysAny(a, q.Answers)
	for _, c := range a.Citations {
		out.CitesSource = out.CitesSource || c.Passage.DocumentKey == q.Document
	}
	out.Citations, out.AllValid, err = checker.check(ctx, out.ID, a, count)
	return out, err
}

// isWritten reports whether a chat model's own text was shown.
func (o AnswerOutcome) isWritten() bool {
	return !o.Abstained && !o.Replaced && o.Model != "" && o.Model != Extractive && o.Model != "changes"
}

func saysAny(a answer.Answer, answers []string) bool {
	for _, want := range answers {
		if says(a.Text, want) {
			return true
		}
	}
	return false
}

func (r *AnswersReport) sum() {
	var millis []float64
	for _, o := range r.Outcomes {
		millis = append(millis, float64(o.Millis))
		r.Flagged += o.Flags
		r.Dropped += o.Dropped
		r.Removed += o.Removed
		r.FlaggedIn += int(one(o.Flags > 0))
		r.Replaced += int(one(o.Replaced))
		r.Unmarked += int(one(o.isWritten() && o.Flags == 0))
		r.Conflicts += int(one(o.Conflicts > 0))
		r.Abstained += int(one(o.Abstained))
		r.RightlySo += int(one(o.Abstained && !o.IsAnswerable))
		r.Answerable += int(one(o.IsAnswerable))
		r.Recalled += int(one(o.IsAnswerable && o.Recalled))
	}
	r.Precision = r.Citations.Precision()
	r.AbstainedP = Share(r.RightlySo, r.Abstained)
	r.AbstainedR = Share(r.RightlySo, r.Questions-r.Answerable)
	r.P50Millis, r.P95Millis = percentile(millis, 50), percentile(millis, 95)
}

func (r *AnswersReport) runOutcomes() []Outcome {
	var all []Outcome
	for _, o := range r.Outcomes {
		values := map[string]float64{"conflict shown": one(o.Conflicts > 0), "ms": float64(o.Millis)}
		if o.isWritten() || o.Replaced {
			values["flagged"], values["dropped"], values["replaced"] = one(o.Flags > 0), float64(o.Dropped), one(o.Replaced)
		}
		if o.IsAnswerable {
			values["right"], values["recall"], values["over-abstained"] = one(o.Recalled), one(o.Recalled), one(o.Abstained)
		} else {
			values["right"], values["abstained"] = one(o.Abstained), one(o.Abstained)
		}
		if o.names && !o.Abstained {
			values["cites document"] = one(o.CitesSource)
		}
		if o.Citations > 0 {
			values["citations valid"] = one(o.AllValid)
		}
		all = append(all, Outcome{Part: "questions", Type: o.Type, ID: o.ID, Question: o.Question, Values: values})
	}
	return all
}
