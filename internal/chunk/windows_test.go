package chunk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/chunk"
)

const windowSize = 24

func windowsOf(headings []string, text string, hasSections bool) []string {
	return chunk.Windows(chunk.Chunk{Ref: chunk.Ref{Headings: headings}, Text: text}, hasSections, pieceCounter{}, windowSize)
}

func TestWindowsHoldTheWholeTextOnce(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"words":     strings.Repeat("Every employee may carry over five days. ", 40),
		"ideograph": strings.Repeat("每位员工可以结转五天的年假到下一年。", 30),
		"address":   "see " + strings.Repeat("https://example.com/a/very/long/address/", 20) + " there",
		"one word":  strings.Repeat("x", 3000),
	} {
		windows := windowsOf(nil, text, true)
		if len(windows) < 2 {
			t.Errorf("%s: %d windows", name, len(windows))
		}
		for i, w := range windows {
			if tokens := (pieceCounter{}).CountTokens(w); tokens > windowSize+2 || tokens < windowSize/2 {
				t.Errorf("%s: window %d has %d tokens: %q", name, i, tokens, w)
			}
		}
		// All but the last follow each other; the last may reach back.
		joined := strings.Join(windows[:len(windows)-1], "")
		got, want := squeezed(joined), squeezed(text)
		if !strings.HasPrefix(want, got) || !strings.HasSuffix(want, squeezed(windows[len(windows)-1])) {
			t.Errorf("%s: the windows don't hold the text", name)
		}
		if len(got)+len(squeezed(windows[len(windows)-1])) < len(want) {
			t.Errorf("%s: text is lost", name)
		}
	}
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestWindowsStandUnderTitleAndHeading(t *testing.T) {
	t.Parallel()
	got := windowsOf([]string{"Leave", "Vacation", "Carry-over"}, "Five days.", true)
	want := []string{"Leave > Vacation > Carry-over", "Leave > Carry-over\nFive days."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShortTextWithoutSectionsHasNoWindows(t *testing.T) {
	t.Parallel()
	if got := windowsOf([]string{"Notice"}, "The canteen is closed.", false); got != nil {
		t.Errorf("windows %q", got)
	}
	var long []string
	for i := range 30 {
		long = append(long, fmt.Sprintf("Sentence number %d.", i))
	}
	if got := windowsOf([]string{"Notice"}, strings.Join(long, " "), false); len(got) < 3 || !strings.HasPrefix(got[0], "Notice\nSentence") {
		t.Errorf("windows %q", got)
	}
}
