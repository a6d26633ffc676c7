package answer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"clearwell/internal/diff"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Limits of the notes on recent changes.
const (
	changeNotes   = 2   // in one answer
	changeNoteOld = 200 // code points of the old sentence
)

// noteChanges adds what the cited passages said until a short while ago. The answer stands without it: what goes
// wrong here is logged.
func (s *Service) noteChanges(ctx context.Context, q Question, w *writing) {
	if s.history == nil || s.config.RecentChange < 0 || w.answer.Abstained {
		return
	}
	p := phrasesIn(interfaceLanguage(q.Text))
	changes := make(map[int64]*library.Change)
	for _, c := range w.answer.Citations {
		if len(w.answer.Changes) == changeNotes || w.isLeft {
			return
		}
		if !s.isRecent(c.Passage, w.answer.AsOf) {
			continue
		}
		change, isKnown := changes[c.Passage.DocumentID]
		if !isKnown {
			var err error
			if change, err = s.history.LatestChange(ctx, c.Passage.DocumentID, w.answer.AsOf, q.KnownAt); err != nil {
				s.log.Warn("recent change not noted", "document_id", c.Passage.DocumentID, "error", err)
			}
			changes[c.Passage.DocumentID] = change
		}
		note, ok := noteOn(c, change)
		if !ok || w.hasNote(note) {
			continue
		}
		w.answer.Changes = append(w.answer.Changes, note)
		w.write("\n\n" + fmt.Sprintf(p.changed, p.day(note.At), p.lastDay(note.At), p.quoted(note.OldText)))
	}
}

// isRecent reports whether the passage's revision took over a short while before the moment asked about.
func (s *Service) isRecent(p retrieve.Passage, asOf time.Time) bool {
	age := asOf.Sub(p.EffectiveFrom)
	return age >= 0 && age <= s.config.RecentChange
}

func (w *writing) hasNote(note ChangeNote) bool {
	for _, n := range w.answer.Changes {
		if n.DocumentID == note.DocumentID && n.OldText == note.OldText {
			return true
		}
	}
	return false
}

// noteOn says what the quote said before: if someone stated since when it is otherwise, if the revision before
// applied for a day at least, and if words of the quote itself changed.
func noteOn(c Citation, change *library.Change) (ChangeNote, bool) {
	if change == nil || change.To.Number != c.Passage.Revision || !isStated(change.To.EffectiveBy) ||
		c.Passage.EffectiveFrom.Sub(change.From.EffectiveFrom) < 24*time.Hour {
		return ChangeNote{}, false
	}
	for _, block := range change.Report.Changes {
		if block.Op != diff.Changed || block.New == nil || block.Old == nil {
			continue
		}
		old, ok := formerSentence(block, c.Start-block.New.Start, c.End-block.New.Start)
		if !ok || folded(old) == folded(c.Quote) {
			continue
		}
		return ChangeNote{DocumentID: c.Passage.DocumentID, DocumentKey: c.Passage.DocumentKey, Title: c.Passage.Title,
			FromRevision: change.From.Number, ToRevision: change.To.Number, At: c.Passage.EffectiveFrom,
			OldText: old, NewText: c.Quote}, true
	}
	return ChangeNote{}, false
}

// isStated reports whether someone said since when a revision applies, rather than a clock.
func isStated(by library.DateSource) bool {
	return by == library.Explicit || by == library.FrontMatter || by == library.FromText
}

// formerSentence is the old sentence whose words became those at start to end of the block's new text.
func formerSentence(block diff.Change, start, end int) (string, bool) {
	for _, h := range hunks(block) {
		if !h.touches(start, end) {
			continue
		}
		for _, old := range split(block.Old.Text) {
			isWithin := h.oldStart < old.end && old.start < h.oldEnd
			isAt := h.oldStart == h.oldEnd && old.start <= h.oldStart && h.oldStart <= old.end
			if !isWithin && !isAt {
				continue
			}
			text := []rune(strings.TrimSpace(old.text))
			if len(text) <= changeNoteOld {
				return oneLine(string(text)), true
			}
			from, to := max(0, h.oldStart-old.start), max(0, min(h.oldEnd, old.end)-old.start)
			return around(text, from, to, (changeNoteOld-min(to-from, changeNoteOld))/2, changeNoteOld).in(text), true
		}
	}
	return "", false
}
