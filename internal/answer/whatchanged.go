package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"clearwell/internal/access"
	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Limits of an answer to "what changed in …?".
const (
	changesTold    = 5
	changesSearch  = 20  // passages among which the document is looked for
	changeMargin   = 30  // code points shown on either side of changed words
	changeExcerpt  = 240 // of a changed, added or removed piece
	changeTogether = 40  // changed words this near to each other are one change
)

// tellChanges answers a question for what changed from the stored comparison of the document's revision in force
// with the one before. It reports false, having said nothing, when something else is asked or no document that
// the principal may read has such a title.
func (s *Service) tellChanges(ctx context.Context, who access.Principal, q Question, w *writing) (bool, error) {
	topic, language, ok := changeTopic(q.Text)
	if !ok || s.history == nil || topic == "" {
		return false, nil
	}
	found, err := s.search.Search(ctx, who, q.query(topic, changesSearch))
	if err != nil {
		return false, err
	}
	document, ok := titled(topic, found)
	if !ok {
		return false, nil
	}
	change, err := s.history.LatestChange(ctx, document.DocumentID, found.AsOf, q.KnownAt)
	if err != nil && fault.KindOf(err) != fault.Internal {
		return false, nil // the text before was dropped, say: there is only what applies now
	}
	if err != nil {
		return false, fmt.Errorf("look up what changed: %w", err)
	}
	if change == nil && document.Revision > 1 {
		return false, nil // it may have changed: what it said before is not kept
	}
	w.answer.AsOf, w.answer.Model = found.AsOf, "changes"
	w.answer.SearchMillis = time.Since(w.started).Milliseconds()
	p := phrasesIn(language)
	if change == nil {
		s.tellNoChange(q, p, document, found, w)
		return true, nil
	}
	tell(q, p, document, *change, w)
	return true, nil
}

// tellNoChange cites the first passage of a document that never changed.
func (s *Service) tellNoChange(q Question, p phrases, document retrieve.Passage, found retrieve.Result, w *writing) {
	first := document
	for _, other := range found.Passages {
		if other.DocumentID == document.DocumentID && other.Start < first.Start {
			first = other
		}
	}
	start, end := 0, utf8.RuneCountInString(first.Text)
	if i := slices.IndexFunc(split(first.Text), func(s sentence) bool { return says(s.text) }); i >= 0 {
		start, end = split(first.Text)[i].start, split(first.Text)[i].end
	}
	w.answer.PromptSHA256 = hashOfPassages(q.Text, []retrieve.Passage{first})
	w.sources([]retrieve.Passage{first})
	w.write(fmt.Sprintf(p.neverChanged, document.Title, p.day(document.EffectiveFrom)) + " [1]")
	w.cite(1, first, start, end)
}

// told is one change as the answer lists it. Either side may be missing.
type told struct {
	text     string
	new, old *Citation
}

func (t told) citations() []*Citation {
	return slices.DeleteFunc([]*Citation{t.new, t.old}, func(c *Citation) bool { return c == nil })
}

// numbered gives the citations their numbers, from 1, and returns what they cite in that order.
func numbered(list []told) []retrieve.Passage {
	var passages []retrieve.Passage
	for _, item := range list {
		for _, c := range item.citations() {
			passages = append(passages, c.Passage)
			c.N = len(passages)
		}
	}
	return passages
}

// tell lists the changes, each with the new words and the old.
func tell(q Question, p phrases, document retrieve.Passage, change library.Change, w *writing) {
	since := change.To.EffectiveFrom
	if change.To.Number == document.Revision {
		since = document.EffectiveFrom
	}
	change.To.EffectiveFrom = since
	if change.From.EffectiveUntil == nil || change.From.EffectiveUntil.After(since) {
		change.From.EffectiveUntil = &since
	}
	list := listed(p, change)
	more := max(0, len(list)-changesTold)
	list = list[:len(list)-more]
	passages := numbered(list)
	w.answer.PromptSHA256 = hashOfPassages(q.Text, passages)
	if len(list) == 0 {
		w.sources([]retrieve.Passage{document})
		w.write(fmt.Sprintf(p.sameWords, document.Title, change.To.Number, p.day(since), change.From.Number) + " [1]")
		w.cite(1, document, 0, utf8.RuneCountInString(document.Text))
		return
	}
	w.sources(passages)
	w.write(fmt.Sprintf(p.whatChanged, document.Title, change.To.Number, p.day(since), change.From.Number) + "\n")
	for i, item := range list {
		w.write(fmt.Sprintf("\n%d. %s ", i+1, item.text))
		for _, c := range item.citations() {
			w.write(fmt.Sprintf("[%d]", c.N))
			w.add(*c)
		}
	}
	if more > 0 {
		w.write("\n\n" + fmt.Sprintf(p.more, more))
	}
}

// listed are all changes of words, in the order of the comparison; what only moved is none.
func listed(p phrases, change library.Change) []told {
	var all []told
	for _, c := range change.Report.Changes {
		switch {
		case c.Op == diff.Changed && c.Old != nil && c.New != nil:
			newText, oldText := []rune(c.New.Text), []rune(c.Old.Text)
			for _, h := range joined(hunks(c), changeTogether) {
				was := around(oldText, h.oldStart, h.oldEnd, changeMargin, changeExcerpt)
				is := around(newText, h.newStart, h.newEnd, changeMargin, changeExcerpt)
				all = append(all, told{
					text: under(change, c.New.Headings) + p.quoted(was.in(oldText)) + " → " + p.quoted(is.in(newText)),
					new:  quoteOf(change.To, c.New, is, false), old: quoteOf(change.From, c.Old, was, true),
				})
			}
		case c.Op == diff.Added && c.New != nil:
			text := []rune(c.New.Text)
			is := around(text, 0, len(text), 0, changeExcerpt)
			all = append(all, told{text: fmt.Sprintf(p.added, under(change, c.New.Headings)+p.quoted(is.in(text))),
				new: quoteOf(change.To, c.New, is, false)})
		case c.Op == diff.Removed && c.Old != nil:
			text := []rune(c.Old.Text)
			was := around(text, 0, len(text), 0, changeExcerpt)
			all = append(all, told{text: fmt.Sprintf(p.removed, under(change, c.Old.Headings)+p.quoted(was.in(text))),
				old: quoteOf(change.From, c.Old, was, true)})
		}
	}
	return all
}

// under names the heading that a change stands below, unless that is the document's title.
func under(change library.Change, headings []string) string {
	if len(headings) == 0 {
		return ""
	}
	last := oneLine(headings[len(headings)-1])
	if last == "" || strings.EqualFold(last, oneLine(change.To.Title)) {
		return ""
	}
	return last + ": "
}

// quoteOf cites part of one side of a change. There is no chunk of it: the words come from the comparison.
func quoteOf(r library.Revision, side *diff.Side, e excerpt, isFormer bool) *Citation {
	return &Citation{
		Passage: retrieve.Passage{DocumentID: r.DocumentID, DocumentKey: r.DocumentKey, Collection: r.Collection,
			Title: r.Title, Revision: r.Number, EffectiveFrom: r.EffectiveFrom, EffectiveUntil: r.EffectiveUntil,
			Page: side.Page, Headings: side.Headings, Text: side.Text, Start: side.Start, End: cmp.Or(side.End, side.Start)},
		Quote: string([]rune(side.Text)[e.start:e.end]), Start: side.Start + e.start, End: side.Start + e.end, IsFormer: isFormer,
	}
}
