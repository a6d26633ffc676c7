package answer_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/chunk"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/parse"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// shelf is a real library on a database of its own, and what answers from it.
type shelf struct {
	pool     *pgxpool.Pool
	embedder inference.Embedder
	library  *library.Store
	queue    *ingest.Queue
	intake   *ingest.Intake
	searcher *retrieve.Searcher
}

var discard = slog.New(slog.DiscardHandler)

func newShelf(t *testing.T, embedder inference.Embedder) *shelf {
	t.Helper()
	s := &shelf{pool: pgtest.New(t), embedder: embedder}
	s.library = library.New(s.pool)
	records := journal.New(s.pool)
	must(t, s.library.OpenIndex(t.Context(), embedder.Model()))
	pipeline := ingest.NewPipeline(s.pool, s.library, records, embedder, parse.Limits{}, chunk.Config{})
	var err error
	s.queue, err = ingest.NewQueue(s.pool, s.library, pipeline, 2, discard)
	must(t, err)
	must(t, s.queue.Work(t.Context()))
	t.Cleanup(func() {
		if err := s.queue.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s.intake = ingest.NewIntake(s.pool, s.library, records, s.queue, 0)
	s.searcher = retrieve.NewSearcher(s.pool, embedder, retrieve.Config{})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// put publishes texts by key, and counts.
func (s *shelf) put(t *testing.T, texts map[string]string) {
	t.Helper()
	var ids []int64
	for key, text := range texts {
		rev, _, err := s.intake.Accept(t.Context(), access.System("test"), ingest.Upload{Key: key, Name: key + ".md", Body: strings.NewReader(text)})
		must(t, err)
		ids = append(ids, rev.ID)
	}
	for deadline := time.Now().Add(3 * time.Minute); ; {
		revs, err := s.library.RevisionsByID(t.Context(), ids)
		must(t, err)
		published := 0
		for _, r := range revs {
			if r.Status == library.Published {
				published++
			}
		}
		if published == len(ids) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d published", published, len(ids))
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	must(t, s.queue.Upkeep(t.Context()))
}

func (s *shelf) calibrator(fallback answer.Evidence) *answer.Calibrator {
	return answer.NewCalibrator(s.pool, s.searcher, s.embedder.Model().Name, fallback, discard)
}

func (s *shelf) service(t *testing.T, calibrator *answer.Calibrator) *answer.Service {
	t.Helper()
	service, err := answer.New(s.searcher, s.embedder, nil, journal.New(s.pool), nil, answer.Config{Calibrator: calibrator}, discard)
	must(t, err)
	return service
}

// policies are short rules of a company, one document each.
func policies() map[string]string {
	texts := make(map[string]string)
	for topic, rule := range map[string]string{
		"Vacation":            "Full-time employees receive 28 vacation days per calendar year. Unused vacation days expire on 31 March of the following year.",
		"Parental leave":      "Either parent may take up to 36 months of parental leave per child. The request is sent to human resources seven weeks before it begins.",
		"Sick leave":          "Employees report an illness before nine in the morning. A doctor's certificate is due from the fourth day of illness.",
		"Travel expenses":     "Train journeys are booked in second class. The meal allowance for a full day of travel is 28 euros.",
		"Company cars":        "Company cars are returned with a full tank. Fines for speeding are paid by the driver.",
		"Passwords":           "Passwords have at least fourteen characters and are stored in the password manager. They are never sent by mail.",
		"Laptops":             "Lost laptops are reported to the service desk within one hour. Hard disks are encrypted.",
		"Visitors":            "Visitors sign in at the reception and wear a badge. They are collected by their host.",
		"Fire safety":         "In case of fire everybody gathers at the parking lot behind building C. Lifts must not be used.",
		"Remote work":         "Employees may work from home three days a week. Working from abroad needs the approval of the tax department.",
		"Overtime":            "Overtime of more than ten hours a month needs approval in advance. It is compensated with time off.",
		"Training":            "Each employee has a training budget of 1,200 euros a year. Courses are booked with the learning team.",
		"Gifts":               "Gifts from suppliers worth more than 35 euros are declined. Invitations to meals are reported.",
		"Purchasing":          "Orders above 5,000 euros need three offers. Contracts are signed by two managers.",
		"Invoices":            "Invoices are paid within 30 days. They carry the number of the order.",
		"Archiving":           "Tax documents are kept for ten years. Personnel files are kept for three years after the end of employment.",
		"Recruiting":          "Applicants receive an answer within two weeks. Interviews are held by two colleagues.",
		"Probation":           "The probation period lasts six months. The notice period during probation is two weeks.",
		"Bicycles":            "A bicycle can be leased for 36 months by salary conversion. It is insured against theft.",
		"Canteen":             "The canteen opens from half past eleven to two. Meals are paid with the employee card.",
		"Meeting rooms":       "Meeting rooms are booked in the calendar. Bookings without participants are released after fifteen minutes.",
		"Data protection":     "Requests for information are answered within one month. The data protection officer is informed of every incident.",
		"Software":            "Software is installed by the service desk only. Licences are reviewed every quarter.",
		"Works council":       "The works council meets on the first Tuesday of the month. It has seven members.",
		"Occupational safety": "Safety shoes are worn in the warehouse. Accidents are recorded in the accident book.",
	} {
		texts[strings.ToLower(strings.ReplaceAll(topic, " ", "-"))] = "# " + topic + "\n\n" + rule + "\n"
	}
	return texts
}

func TestCalibratedLibraryAnswersWhatItSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newShelf(t, inferencetest.Builtin(t))
	s.put(t, policies())
	calibrator := s.calibrator(answer.E5SmallEvidence)
	made, err := calibrator.Calibrate(t.Context())
	must(t, err)
	if made.Questions < 20 || made.Documents != made.Questions || len(made.Curve) == 0 {
		t.Errorf("want a question of nearly every document, got %d of %d, curve %v", made.Questions, made.Documents, made.Curve)
	}
	if made.Evidence == answer.E5SmallEvidence {
		t.Error("the evidence is the library's own now")
	}
	service := s.service(t, calibrator)
	for question, isAnswered := range map[string]bool{
		"How many vacation days do full-time employees get per year?":     true,
		"When do unused vacation days expire?":                            true,
		"How long does the probation period last?":                        true,
		"From which day of an illness is a doctor's certificate due?":     true,
		"How many euros is the training budget of an employee?":           true,
		"Wie viele Urlaubstage bekommen Vollzeitbeschäftigte im Jahr?":    true,
		"How many weeks of paid sabbatical are granted after ten years?":  false,
		"Which dental insurance does the company offer in Tokyo?":         false,
		"What was the company's revenue in 2024?":                         false,
		"Which brand of standing desks is used in the Lisbon laboratory?": false,
	} {
		got := ask(t, service, question)
		if got.err != nil || got.done.Abstained == isAnswered {
			t.Errorf("%s: want an answer: %t, got %q, %v", question, isAnswered, got.text, got.err)
		}
	}
}

func TestTinyLibraryAnswersFromWhatItHas(t *testing.T) {
	t.Parallel()
	s := newShelf(t, inferencetest.Builtin(t))
	all := policies()
	for _, keys := range [][]string{{"vacation"}, {"passwords", "travel-expenses"}} {
		for _, key := range keys {
			s.put(t, map[string]string{key: all[key]})
		}
		calibrator := s.calibrator(answer.E5SmallEvidence)
		if _, err := calibrator.Calibrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := ask(t, s.service(t, calibrator), "How many vacation days do employees receive?")
		if got.done.Abstained || !strings.Contains(got.text, "28 vacation days") {
			t.Errorf("after %v: got %q", keys, got.text)
		}
	}
}

func TestCalibrationIsRepeatedWhenAFifthHasChanged(t *testing.T) {
	t.Parallel()
	s := newShelf(t, inferencetest.NewEmbedder(64))
	calibrator := s.calibrator(answer.WordEvidence)
	keep := func(want bool) {
		t.Helper()
		if made, err := calibrator.Keep(t.Context()); err != nil || made != want {
			t.Fatalf("want calibrated: %t, got %t, %v", want, made, err)
		}
	}
	keep(false) // nothing is there
	s.put(t, policies())
	keep(true)
	keep(false)
	first, err := calibrator.Present(t.Context())
	must(t, err)
	s.put(t, map[string]string{"parking": "# Parking\n\nParking spaces are assigned by the reception for one year each.\n"})
	keep(false)
	more := make(map[string]string)
	for i := range 8 {
		more[fmt.Sprintf("site-%d", i)] = fmt.Sprintf("# Site %d\n\nThe gate of the site number %d is locked from %d in the evening until the morning.\n", i, i, 6+i)
	}
	s.put(t, more)
	keep(true)
	second, err := calibrator.Present(t.Context())
	must(t, err)
	if !second.MadeAt.After(first.MadeAt) || second.Questions <= first.Questions {
		t.Errorf("want a later one of more questions, got %+v after %+v", second, first)
	}
	if used, err := calibrator.Evidence(t.Context()); err != nil || used != second.Evidence {
		t.Errorf("want the new evidence at once, got %+v, %v", used, err)
	}
	other := answer.NewCalibrator(s.pool, s.searcher, "another-model", answer.WordEvidence, discard)
	if used, err := other.Evidence(t.Context()); err != nil || used != answer.WordEvidence {
		t.Errorf("another model's cosines lie elsewhere: want the fallback, got %+v, %v", used, err)
	}
	if made, err := other.Keep(t.Context()); err != nil || !made {
		t.Errorf("another model is calibrated on its own, got %t, %v", made, err)
	}
}

func TestSameLibraryIsCalibratedTheSame(t *testing.T) {
	t.Parallel()
	s := newShelf(t, inferencetest.NewEmbedder(64))
	s.put(t, policies())
	first, err := s.calibrator(answer.WordEvidence).Calibrate(t.Context())
	must(t, err)
	second, err := s.calibrator(answer.WordEvidence).Calibrate(t.Context())
	must(t, err)
	if diff := cmp.Diff(first.Evidence, second.Evidence); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	stored, err := s.calibrator(answer.WordEvidence).Present(t.Context())
	must(t, err)
	if diff := cmp.Diff(second, stored); diff != "" {
		t.Errorf("stored is not what was made (-made +stored):\n%s", diff)
	}
	if stored.Evidence.Cosine.Deviation <= 0 {
		t.Errorf("a model whose cosines were unknown has a spread now, got %+v", stored.Evidence)
	}
}

func TestOneOfManyCalibrates(t *testing.T) {
	t.Parallel()
	s := newShelf(t, inferencetest.NewEmbedder(64))
	s.put(t, policies())
	var made atomic.Int32
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			isMade, err := s.calibrator(answer.WordEvidence).Keep(t.Context())
			if err != nil {
				t.Error(err)
			}
			if isMade {
				made.Add(1)
			}
		})
	}
	group.Wait()
	if made.Load() != 1 {
		t.Errorf("want one calibration, got %d", made.Load())
	}
}
