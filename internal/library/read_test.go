package library_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"clearwell/internal/chunk"
)

func TestChunkRefsAreInTheOrderOfTheText(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev := f.bring(arrival("a.md", "First part.\n\nÜber alles.\n\nThird."))
	got, err := f.store.ChunkRefs(t.Context(), rev)
	f.must(err)
	if diff := cmp.Diff([]chunk.Ref{{Start: 0, End: 11}, {Start: 13, End: 24}, {Start: 26, End: 32}}, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
