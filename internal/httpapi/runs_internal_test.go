package httpapi

import (
	"fmt"
	"testing"
	"time"

	"clearwell/internal/access"
)

func TestOnlySoManyEndedAnswersAreKept(t *testing.T) {
	t.Parallel()
	who := access.Principal{ID: "key:1"}
	for name, tt := range map[string]struct{ size, made, kept int }{
		"by number": {10, mostKept + 5, mostKept},
		"by bytes":  {mostKeptBytes / 4, 10, 3}, // with their names they are a little more than a quarter
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rs := newRuns(time.Hour)
			defer rs.close()
			text := make([]byte, tt.size)
			for i := range tt.made {
				r := newRun(fmt.Sprint(i), who.ID, func(error) {}, time.Hour)
				err := rs.start(r, func() {
					r.add(keptEvent{"text", text})
					r.finish(nil)
				})
				if err != nil {
					t.Fatal(err)
				}
				rs.working.Wait() // one after the other, so that it is known which is the oldest
			}
			kept := 0
			for i := range tt.made {
				isKept := rs.find(fmt.Sprint(i), who) != nil
				if isKept {
					kept++
				}
				if isOldest := i < tt.made-tt.kept; isOldest == isKept {
					t.Errorf("answer %d of %d is kept: %t", i, tt.made, isKept)
				}
			}
			if kept != tt.kept || rs.size > mostKeptBytes {
				t.Errorf("%d are kept, of %d bytes", kept, rs.size)
			}
		})
	}
}
