package answer

import (
	"strings"
	"time"

	"clearwell/internal/retrieve"
)

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

// finish sends the last event, or why there is none.
func (w *writing) finish(err error) {
	if err == nil {
		w.send(Done{Answer: w.answer})
		return
	}
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
	w.add(citation(n, p, start, end))
}

func (w *writing) add(c Citation) {
	w.answer.Citations = append(w.answer.Citations, c)
	w.send(Cited{Citation: c})
}

// abstain says that there is no answer, what comes nearest, and what did answer it before.
func (w *writing) abstain(question string, nearest []retrieve.Passage, ended *EndedNote) {
	nearest = nearest[:min(3, len(nearest))]
	w.answer.Abstained, w.answer.Nearest, w.answer.Citations, w.answer.Ended = true, nearest, nil, ended
	w.answer.Conflicts = nil
	w.sources(nearest)
	w.write(abstention(interfaceLanguage(question), len(nearest) > 0, ended))
}
