package librarytest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/chunk"
	"clearwell/internal/fault"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
)

// Writer makes histories happen in a library.
type Writer struct {
	Pool   *pgxpool.Pool
	Store  *library.Store
	Random *rand.Rand
	// Embed gives a text its vector.
	Embed func(text string) []float32
	// Text is what a revision says; no two revisions say the same.
	Text func(h *History, number int) string
}

// step is what a turn does to one document.
type step struct {
	history *History
	facts   []Fact // to be recorded, in this order; Recorded is not known yet
	refused bool
}

// Turn lets one thing happen to each document.
func (w *Writer) Turn(ctx context.Context, histories []*History) error {
	base, err := w.Clock(ctx)
	if err != nil {
		return err
	}
	steps := make([]step, len(histories))
	for i, h := range histories {
		steps[i] = w.plan(h, base)
	}
	if err := w.receive(ctx, steps); err != nil {
		return err
	}
	before, err := w.Clock(ctx)
	if err != nil {
		return err
	}
	if err := w.carryOut(ctx, steps); err != nil {
		return err
	}
	after, err := w.Clock(ctx)
	if err != nil {
		return err
	}
	return w.note(ctx, steps, before, after)
}

// Clock reads the database's clock.
func (w *Writer) Clock(ctx context.Context) (now time.Time, err error) {
	err = w.Pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&now)
	return now, err
}

// plan chooses what happens to a document.
func (w *Writer) plan(h *History, base time.Time) step {
	s := step{history: h}
	n, r := len(h.revisions), w.Random
	switch dice := r.IntN(100); {
	case n == 0 || dice < 55:
		s.facts = []Fact{w.arrival(h, n+1, base)}
	case dice < 62: // two on their way at once, and the newer is published first
		s.facts = []Fact{w.arrival(h, n+2, base), w.arrival(h, n+1, base)}
	case dice < 82:
		f := Fact{Kind: RolledBack, Number: 1 + r.IntN(n)}
		switch r.IntN(8) {
		case 0, 1:
			f.From = base.Add(time.Minute + time.Duration(r.Int64N(int64(200*24*time.Hour)))).Truncate(time.Microsecond)
		case 2:
			f.From = base.Add(-time.Duration(r.Int64N(int64(400 * 24 * time.Hour)))).Truncate(time.Microsecond)
		case 3: // when something else happened
			f.From = h.Facts[r.IntN(len(h.Facts))].Recorded
		}
		if r.IntN(5) == 0 {
			f.Until = base.Add(time.Duration(201+r.IntN(100)) * 24 * time.Hour).Truncate(time.Microsecond)
		}
		s.facts = []Fact{f}
	default:
		s.facts = []Fact{{Kind: Withdrew, Number: 1 + r.IntN(n)}}
	}
	return s
}

// grid is the distance of dates: coarse, so that documents have dates in common.
const grid = 6 * time.Hour

// arrival chooses the dates of a new revision: none, an instant at which another begins already, long ago,
// far ahead, or a moment from now.
func (w *Writer) arrival(h *History, number int, base time.Time) Fact {
	f, r := Fact{Kind: Arrived, Number: number}, w.Random
	switch dice := r.IntN(20); {
	case dice < 5: // no date: the moment at which it arrives
	case dice < 9 && len(h.Facts) > 0:
		f.From = h.Facts[r.IntN(len(h.Facts))].From
	case dice < 14:
		f.From = base.Truncate(grid).Add(-time.Duration(r.IntN(1600)) * grid)
	case dice < 18:
		f.From = base.Truncate(grid).Add(time.Duration(1+r.IntN(1600)) * grid)
	default:
		f.From = base.Add(time.Duration(r.Int64N(int64(2 * time.Second)))).Truncate(time.Microsecond)
	}
	if r.IntN(4) == 0 {
		start := f.From
		if start.IsZero() {
			start = base.Add(time.Hour)
		}
		f.Until = start.Add(time.Duration(1+r.IntN(800)) * grid)
	}
	return f
}

// receive files and stages the revisions that a turn publishes, by the library's doors.
func (w *Writer) receive(ctx context.Context, steps []step) error {
	arrived := make(map[int64]string)
	err := postgres.InTx(ctx, w.Pool, func(tx pgx.Tx) error {
		for _, s := range steps {
			for i := range s.facts { // by number: of two, the newer is the first to be published
				f := &s.facts[len(s.facts)-1-i]
				if f.Kind != Arrived {
					continue
				}
				text := w.Text(s.history, f.Number)
				rev, _, err := w.Store.Receive(ctx, tx, arrivalOf(s.history, *f, text))
				if err != nil {
					return err
				}
				if rev.Number != f.Number {
					return fmt.Errorf("%s got number %d, want %d", s.history, rev.Number, f.Number)
				}
				f.From = rev.EffectiveFrom
				s.history.revisions = append(s.history.revisions, rev.ID)
				arrived[rev.ID] = text
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("receive: %w", err)
	}
	for id, text := range arrived {
		if err := w.stage(ctx, id, text); err != nil {
			return fmt.Errorf("stage: %w", err)
		}
	}
	return nil
}

func arrivalOf(h *History, f Fact, text string) library.Arrival {
	a := library.Arrival{Collection: h.Collection, Key: h.Key, FileName: h.Key + ".txt", MediaType: "text/plain", CreatedBy: "test",
		SHA256: sha256.Sum256([]byte(text)), Size: int64(len(text)), Body: strings.NewReader(text)}
	if !f.From.IsZero() {
		a.EffectiveFrom = &f.From
	}
	if !f.Until.IsZero() {
		a.EffectiveUntil = &f.Until
	}
	return a
}

func (w *Writer) stage(ctx context.Context, id int64, text string) error {
	rev, isDue, err := w.Store.Start(ctx, id)
	if err != nil || !isDue {
		return errors.Join(err, fmt.Errorf("revision %d is due: %v", id, isDue))
	}
	missing, err := w.Store.Stage(ctx, rev, library.Staging{Title: "Policy", MediaType: "text/plain", Text: text, Language: "en",
		Chunks: []chunk.Chunk{{Ref: chunk.Ref{End: len([]rune(text))}, Text: text, Tokens: 1}}})
	if err != nil {
		return err
	}
	vectors := make([][]float32, len(missing))
	for i, m := range missing {
		vectors[i] = w.Embed(m.Text)
	}
	return w.Store.SetEmbeddings(ctx, rev, missing, vectors)
}

// carryOut is one transaction: what is decided on different documents has its own instant all the same.
func (w *Writer) carryOut(ctx context.Context, steps []step) error {
	ids := make([]int64, 0, len(steps))
	for _, s := range steps {
		ids = append(ids, s.history.revisions[s.facts[0].Number-1])
	}
	standing, err := w.Store.RevisionsByID(ctx, ids)
	if err != nil {
		return err
	}
	byID := make(map[int64]library.Revision, len(standing))
	for _, rev := range standing {
		byID[rev.ID] = rev
	}
	return postgres.InTx(ctx, w.Pool, func(tx pgx.Tx) error {
		for i := range steps {
			if err := w.carryOutOne(ctx, tx, &steps[i], byID[ids[i]]); err != nil {
				return fmt.Errorf("%v of %s: %w", steps[i].facts, steps[i].history, err)
			}
		}
		return nil
	})
}

func (w *Writer) carryOutOne(ctx context.Context, tx pgx.Tx, s *step, rev library.Revision) error {
	switch f := s.facts[0]; f.Kind {
	case RolledBack:
		return library.Republish(ctx, tx, rev, pointer(f.From), pointer(f.Until))
	case Withdrew:
		err := library.Withdraw(ctx, tx, rev)
		if s.refused = fault.CodeOf(err) == "not_in_force"; s.refused {
			return nil
		}
		return err
	}
	for _, f := range s.facts {
		isFirst, err := library.Publish(ctx, tx, s.history.revisions[f.Number-1])
		if err != nil || !isFirst {
			return errors.Join(err, fmt.Errorf("revision %d was on its way: %v", f.Number, isFirst))
		}
	}
	return nil
}

func pointer(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// note learns at which instants the library recorded what was done, and holds it to the clock on the wall.
func (w *Writer) note(ctx context.Context, steps []step, before, after time.Time) error {
	instants, err := w.instants(ctx, steps, before)
	if err != nil {
		return fmt.Errorf("read instants: %w", err)
	}
	for _, s := range steps {
		if s.refused {
			if hasTime(s.history, s.facts[0].Number, before, after) {
				return fmt.Errorf("withdrawal of revision %d was refused although it has time left: %s", s.facts[0].Number, s.history)
			}
			continue
		}
		seen := instants[s.history.revisions[0]]
		for _, f := range s.facts {
			f.Recorded = after // what was filed without any time left no trace
			if len(seen) > 0 {
				f.Recorded, seen = seen[0], seen[1:]
			}
			if f.Recorded.Before(before) || f.Recorded.After(after) {
				return fmt.Errorf("recorded at %s, done between %s and %s: %s", stamp(f.Recorded), stamp(before), stamp(after), s.history)
			}
			if f.Kind == RolledBack && f.From.IsZero() {
				f.From = f.Recorded
			}
			s.history.Facts = append(s.history.Facts, f)
		}
	}
	return nil
}

// hasTime reports whether a revision had time left during the whole of a turn.
func hasTime(h *History, number int, before, after time.Time) bool {
	_, early := withdraw(h.marks(before), number, before)
	_, late := withdraw(h.marks(before), number, after)
	return early > 0 && late > 0
}

// instants are those since before at which anything was recorded of each document, by its first revision's id.
func (w *Writer) instants(ctx context.Context, steps []step, before time.Time) (map[int64][]time.Time, error) {
	ids := make([]int64, len(steps))
	for i, s := range steps {
		ids[i] = s.history.revisions[0]
	}
	rows, err := w.Pool.Query(ctx, `
		select r.id, array_agg(distinct i.at order by i.at)
		from revisions r
		join publications b on b.document_id = r.document_id
		cross join lateral (values (lower(b.recorded)), (upper(b.recorded))) i(at)
		where r.id = any($1) and i.at >= $2
		group by r.id`, ids, before)
	if err != nil {
		return nil, err
	}
	found := make(map[int64][]time.Time)
	var id int64
	var at []time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &at}, func() error {
		found[id] = at
		at = nil
		return nil
	})
	return found, err
}
