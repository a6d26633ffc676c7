package ingest_test

import (
	"log/slog"
	"strings"
	"testing"

	"clearwell/internal/chunk"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/parse"
)

// windowed is an embedder whose passages have windows.
type windowed struct{ *inferencetest.Embedder }

func (w windowed) Model() inference.Model {
	model := w.Embedder.Model()
	model.Window = 8
	return model
}

const leave = "# Leave\n\n## Vacation\n\nEvery employee has thirty days of vacation in each year of service, and five of them may be carried over.\n\n" +
	"## Sickness\n\nTell your manager in the morning, and bring a note of the doctor after three days.\n"

func TestWindowsFollowPublication(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pipeline := ingest.NewPipeline(f.pool, f.library, journal.New(f.pool), windowed{f.embedder}, parse.Limits{}, chunk.Config{})
	queue, err := ingest.NewQueue(f.pool, f.library, pipeline, 2, slog.New(slog.DiscardHandler))
	f.must(err)
	f.intake = ingest.NewIntake(f.pool, f.library, journal.New(f.pool), queue, 1<<20)
	f.work(queue)
	f.publish("leave", "leave.md", leave)
	f.must(queue.Upkeep(t.Context()))
	if windows, dimensions, missing := f.closeups(); windows < 4 || dimensions != dimension || missing != 0 {
		t.Errorf("%d windows of %d dimensions, %d chunks without", windows, dimensions, missing)
	}

	// The next revision repeats one section: only the other one's windows are made.
	before := len(f.embedder.Passages())
	f.publish("leave", "leave.md", strings.Replace(leave, "three days", "two days", 1))
	f.must(queue.Upkeep(t.Context()))
	if _, _, missing := f.closeups(); missing != 0 {
		t.Errorf("%d chunks without windows", missing)
	}
	made := len(f.embedder.Passages()) - before
	if made == 0 || made > 6 {
		t.Errorf("%d texts were embedded for one changed section", made)
	}

	// Nothing left to do: nothing is embedded.
	before = len(f.embedder.Passages())
	f.must(queue.Upkeep(t.Context()))
	if made := len(f.embedder.Passages()) - before; made != 0 {
		t.Errorf("%d texts were embedded again", made)
	}
}

func TestOlderLibrariesGetTheirCloseups(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("leave", "leave.md", leave)
	if _, err := f.pool.Exec(t.Context(), `update closeups set windows = null, pairs = null`); err != nil {
		t.Fatal(err)
	}
	f.must(f.queue.Upkeep(t.Context()))
	var incomplete int
	err := f.pool.QueryRow(t.Context(), `select count(*) from closeups where windows is null or pairs is null`).Scan(&incomplete)
	if err != nil || incomplete != 0 {
		t.Errorf("%d closeups are incomplete, %v", incomplete, err)
	}
}

// closeups counts the windows, their dimensions and the chunks without any.
func (f *fixture) closeups() (windows, dimensions, missing int) {
	f.Helper()
	f.must(f.pool.QueryRow(f.Context(), `
		select coalesce(sum(cardinality(windows)), 0), coalesce(max(vector_dims(windows[1])), 0), count(*) filter (where windows is null)
		from closeups`).Scan(&windows, &dimensions, &missing))
	return windows, dimensions, missing
}
