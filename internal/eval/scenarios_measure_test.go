package eval

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// score is what became of one scenario, or of many.
type score struct {
	scenarios, uploads, joining int // without distractors; joining: those that are not their document's first
	right, heldExpected, held   int
	merged, split, splitLive    int
	wrongNow, wrongAsOf, dead   int
	stale, searches             int
	failed, embedded            int
	wrongDate                   int
	distractors, strangerHeld   int
	documents                   int
}

func (a *score) plus(b score) {
	for _, p := range [][2]*int{
		{&a.scenarios, &b.scenarios}, {&a.uploads, &b.uploads}, {&a.joining, &b.joining}, {&a.right, &b.right},
		{&a.heldExpected, &b.heldExpected}, {&a.held, &b.held}, {&a.merged, &b.merged}, {&a.split, &b.split},
		{&a.splitLive, &b.splitLive}, {&a.wrongNow, &b.wrongNow}, {&a.wrongAsOf, &b.wrongAsOf}, {&a.dead, &b.dead},
		{&a.stale, &b.stale}, {&a.searches, &b.searches}, {&a.failed, &b.failed}, {&a.wrongDate, &b.wrongDate}, {&a.embedded, &b.embedded},
		{&a.distractors, &b.distractors}, {&a.strangerHeld, &b.strangerHeld}, {&a.documents, &b.documents},
	} {
		*p[0] += *p[1]
	}
}

// outcome is a scenario's score with a sentence for each thing that is not as it should be.
type outcome struct {
	*scenario
	score
	isKeyed  bool
	troubles []string
	holds    []string
	told     []string // groups of which the history is among the troubles
}

func (o *outcome) trouble(count *int, format string, args ...any) {
	*count++
	o.troubles = append(o.troubles, fmt.Sprintf(format, args...))
}

// measure holds a scenario that was played to its truth.
func (w *world) measure(s *scenario) *outcome {
	w.refresh(s)
	o := &outcome{scenario: s, isKeyed: true}
	o.scenarios, o.documents = 1, len(s.groups())
	o.count()
	o.identity()
	now := time.Now()
	applies := w.inForce(s, now)
	o.live(applies)
	for _, group := range s.groups() {
		w.compareInForce(o, group, applies, now, &o.wrongNow)
		w.lookForStale(o, group, now)
	}
	for _, t := range s.asOf {
		applies := w.inForce(s, t)
		for _, group := range s.groups() {
			if s.isDated(group) {
				w.compareInForce(o, group, applies, t, &o.wrongAsOf)
			}
		}
	}
	if n := w.embeddedIn(s); n > 0 {
		o.trouble(&o.embedded, "%d texts were embedded though none was new", n)
	}
	return o
}

// count sorts the files by how they came out.
func (o *outcome) count() {
	seen := map[string]bool{}
	for _, f := range o.files() {
		if f.failure != nil || !f.isDecided() && !f.isHeld() && !f.unchanged {
			o.trouble(&o.failed, "%v came out as %s: %v %s", f, f.revision.Status, f.failure, f.revision.ReasonMessage)
		}
		if f.isDistractor {
			o.distractors++
			if f.isHeld() {
				o.strangerHeld++
				o.holds = append(o.holds, "stranger "+explain(f))
			}
			continue
		}
		if complaint := f.misdated(); complaint != "" {
			o.trouble(&o.wrongDate, "%s: %s", complaint, explain(f))
		}
		o.isKeyed = o.isKeyed && f.upload.Key != ""
		o.uploads++
		if seen[f.group] {
			o.joining++
		}
		seen[f.group] = true
		switch {
		case f.isHeld() && f.mayHold:
			o.heldExpected++
		case f.isHeld():
			o.held++
			o.holds = append(o.holds, explain(f))
		}
	}
}

// misdated says how the file's date differs from what its text or its uploader says; "" when it does not. What was not
// dated may bear the date of its upload or of its properties.
func (f *file) misdated() string {
	r := f.revision
	isStated := r.EffectiveBy != library.UploadTime && r.EffectiveBy != library.FileProperties
	switch {
	case f.unchanged || f.isCopy || f.cameAgain || f.failure != nil || r.Status == library.Duplicate || r.Status == library.Failed:
		return ""
	case f.from.IsZero() && isStated:
		return fmt.Sprintf("MISDATED by %q, which says nothing about when it applies", r.EffectiveQuote)
	case !f.from.IsZero() && !r.EffectiveFrom.Equal(f.from):
		return fmt.Sprintf("MISDATED by %q", r.EffectiveQuote)
	}
	return ""
}

// identity looks at which files share a document.
func (o *outcome) identity() {
	inDocument, inGroup := map[int64][]*file{}, map[string][]*file{}
	for _, f := range o.files() {
		if f.isDecided() {
			inDocument[f.document()] = append(inDocument[f.document()], f)
			inGroup[f.group] = append(inGroup[f.group], f)
		}
	}
	for _, f := range o.files() {
		if !f.isDecided() {
			continue
		}
		owner := most(inDocument[f.document()], func(f *file) string { return f.group })
		home := most(inGroup[f.group], func(f *file) int64 { return f.document() })
		switch {
		case owner != f.group:
			o.trouble(&o.merged, "MERGED into %s: %s", owner, explain(f))
		case f.document() != home:
			o.trouble(&o.split, "split from document %d: %s", home, explain(f))
		case !f.isDistractor:
			o.right++
		}
	}
}

// live counts documents that are two though they are one in truth.
func (o *outcome) live(now []living) {
	documents := map[string][]int64{}
	for _, l := range now {
		if l.file != nil && !slices.Contains(documents[l.file.group], l.document) {
			documents[l.file.group] = append(documents[l.file.group], l.document)
		}
	}
	for group, ids := range documents {
		for range len(ids) - 1 {
			o.trouble(&o.splitLive, "SPLIT LIVE: %s is in force in the documents %d", group, ids)
		}
	}
}

// compareInForce holds what applies of a group at t to the truth, as far as files were not held.
func (w *world) compareInForce(o *outcome, group string, applies []living, t time.Time, count *int) {
	want := inForce(o.claims(group, w.happenings(o.scenario)), t)
	var got []int
	for _, l := range applies {
		if l.file != nil && l.file.group == group && !slices.Contains(got, l.file.state) {
			got = append(got, l.file.state)
		}
	}
	if want == 0 && len(got) == 0 || len(got) == 1 && got[0] == want {
		return
	}
	if want != 0 && len(got) == 0 && count == &o.wrongNow && !o.hasHeld(group) {
		o.dead++
	}
	o.trouble(count, "WRONG in force at %s of %s: state %v, want %d; %s", t.Format(time.DateOnly), group, got, want, o.history(group))
}

func (o *outcome) hasHeld(group string) bool {
	return o.fileOf(func(f *file) bool { return f.group == group && f.isHeld() }) != nil
}

// history is what became of the group's files; "" when it was told already.
func (o *outcome) history(group string) string {
	if slices.Contains(o.told, group) {
		return ""
	}
	o.told = append(o.told, group)
	var parts []string
	for _, f := range o.files() {
		if f.group == group {
			parts = append(parts, explain(f))
		}
	}
	return "\n      " + strings.Join(parts, "\n      ")
}

// lookForStale asks in the words of what no longer applies.
func (w *world) lookForStale(o *outcome, group string, now time.Time) {
	current := inForce(o.claims(group, w.happenings(o.scenario)), now)
	old := o.fileOf(func(f *file) bool { return f.group == group && f.state != current && f.isDecided() && !f.isDistractor })
	if old == nil {
		return
	}
	var said []string
	if f := o.fileOf(func(f *file) bool { return f.group == group && f.state == current }); f != nil {
		for _, b := range f.blocks {
			said = append(said, b.Text)
		}
	}
	text := oldWords(old, strings.Join(said, "\n"))
	w.search(o, retrieve.Query{Text: text}, now)
	if len(o.asOf) > 0 && o.isDated(group) {
		w.search(o, retrieve.Query{Text: text, AsOf: o.asOf[0]}, o.asOf[0])
	}
}

// search asks, and counts passages of revisions that don't apply at t.
func (w *world) search(o *outcome, q retrieve.Query, t time.Time) {
	q.Collections, q.Limit = o.collections(), 10
	result, err := w.searcher.Search(w.Context(), w.who, q)
	if err != nil {
		o.trouble(&o.failed, "search %q: %v", q.Text, err)
		return
	}
	o.searches++
	for _, p := range result.Passages {
		f := o.fileOf(func(f *file) bool {
			return f.revision.DocumentID == p.DocumentID && f.revision.Number == p.Revision && f.isDecided() && f.revision.DuplicateOf == nil
		})
		if f == nil || !q.AsOf.IsZero() && !o.isDated(f.group) {
			continue
		}
		if want := inForce(o.claims(f.group, w.happenings(o.scenario)), t); want != f.state {
			o.trouble(&o.stale, "STALE at %s: a passage of %v, in force is %d: %s", t.Format(time.DateOnly), f, want, o.history(f.group))
		}
	}
}

// oldWords are words of a block that the file has and the current text has not.
func oldWords(f *file, current string) string {
	for _, b := range f.blocks {
		words := strings.Fields(b.Text)
		if len(words) >= 6 && !strings.Contains(current, b.Text) {
			return strings.Join(words[:min(len(words), 14)], " ")
		}
	}
	return f.blocks[0].Text + " " + f.blocks[len(f.blocks)-1].Text
}

// explain is a file with what the record says about how it was identified.
func explain(f *file) string {
	r := f.revision
	text := fmt.Sprintf("%v -> %s, document %d.%d, by %s, dated %s by %s", f, r.Status, r.DocumentID, r.Number, r.IdentifiedBy,
		r.EffectiveFrom.Format(time.DateOnly), r.EffectiveBy)
	if f.unchanged {
		text += ", unchanged"
	}
	if f.phrase != "" {
		text += fmt.Sprintf(", says %q", f.phrase)
	}
	if r.DuplicateOf != nil {
		text += fmt.Sprintf(", copy of %d.%d", r.DuplicateOf.DocumentID, r.DuplicateOf.Number)
	}
	if r.Status == library.Held {
		text += fmt.Sprintf(" [%s: %s]", r.ReasonCode, r.ReasonMessage)
	}
	if identity := string(r.Identity); identity != "{}" && identity != "" {
		text += " " + identity[:min(len(identity), 420)]
	}
	return text
}

// most is the value that most files have, the first of those that tie.
func most[K comparable](files []*file, of func(*file) K) K {
	var best K
	times := map[K]int{}
	for _, f := range files {
		times[of(f)]++
	}
	for _, f := range files {
		if times[of(f)] > times[best] {
			best = of(f)
		}
	}
	return best
}

// tally sums outcomes by kind.
type tally struct {
	kinds    []string
	byKind   map[string]*score
	keyless  score
	total    score
	outcomes []*outcome
}

func newTally() *tally { return &tally{byKind: map[string]*score{}} }

func (t *tally) add(o *outcome) {
	if t.byKind[o.kind] == nil {
		t.kinds, t.byKind[o.kind] = append(t.kinds, o.kind), &score{}
	}
	t.byKind[o.kind].plus(o.score)
	t.total.plus(o.score)
	if !o.isKeyed {
		t.keyless.plus(o.score)
	}
	t.outcomes = append(t.outcomes, o)
}

func (t *tally) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%-18s %5s %5s %5s %5s %5s %6s %6s %5s %6s %5s %5s %4s %5s %5s %6s\n", "kind", "scen", "files", "join", "right",
		"held", "held-x", "merged", "split", "spl-lv", "now", "as-of", "dead", "stale", "date", "failed")
	line := func(name string, s score) {
		fmt.Fprintf(&out, "%-18s %5d %5d %5d %5d %5d %6d %6d %5d %6d %5d %5d %4d %5d %5d %6d\n", name, s.scenarios, s.uploads, s.joining, s.right,
			s.held, s.heldExpected, s.merged, s.split, s.splitLive, s.wrongNow, s.wrongAsOf, s.dead, s.stale, s.wrongDate, s.failed)
	}
	for _, kind := range t.kinds {
		line(kind, *t.byKind[kind])
	}
	line("all", t.total)
	line("without a key", t.keyless)
	k := t.keyless
	fmt.Fprintf(&out, "without a key: right document %.1f %% of files; held %.1f %% of files (%.1f %% of those that join a document), with holds that are right %.1f %% (%.1f %%)\n",
		percent(k.right, k.uploads), percent(k.held, k.uploads), percent(k.held, k.joining), percent(k.held+k.heldExpected, k.uploads), percent(k.held+k.heldExpected, k.joining))
	fmt.Fprintf(&out, "split while live %.1f %% of joining files; distractors %d, held %d; searches in old words %d, stale passages %d; embedded again in %d scenarios",
		percent(k.splitLive, k.joining), t.total.distractors, t.total.strangerHeld, t.total.searches, t.total.stale, t.total.embedded)
	return out.String()
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// check prints what is not as it should be, and fails on what may not be.
func (t *tally) check(tb testing.TB) {
	tb.Helper()
	for _, o := range t.outcomes {
		for _, trouble := range o.troubles {
			tb.Logf("%s: %s", o.name, trouble)
		}
		for _, hold := range o.holds {
			tb.Logf("%s: held %s", o.name, hold)
		}
	}
	for _, limit := range []struct {
		what string
		got  int
	}{
		{"wrongly merged", t.total.merged}, {"wrong in force", t.total.wrongNow}, {"wrong at a moment", t.total.wrongAsOf},
		{"stale passages", t.total.stale}, {"failed", t.total.failed}, {"embedded again", t.total.embedded}, {"dead documents", t.total.dead},
	} {
		if limit.got > 0 {
			tb.Errorf("%s: %d, want 0", limit.what, limit.got)
		}
	}
	if share := float64(t.total.wrongDate) / float64(max(t.total.uploads, 1)); share > maxMisdated {
		tb.Errorf("%.4f of the files bear a date that nobody gave them, want at most %.4f", share, maxMisdated)
	}
	if share := float64(t.keyless.splitLive) / float64(max(t.keyless.joining, 1)); share > maxSplitLive {
		tb.Errorf("%.3f of the files without a key that belong to a document live beside it, want at most %.2f", share, maxSplitLive)
	}
	if share := float64(t.keyless.held) / float64(max(t.keyless.uploads, 1)); share > maxHeld {
		tb.Errorf("%.3f of the files without a key were held though a careful person could tell, want at most %.2f", share, maxHeld)
	}
}
