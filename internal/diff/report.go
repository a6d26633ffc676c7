package diff

// report lists the differences in the order of the new text; what was removed stands where it stood.
func (c *comparison) report() Report {
	r := Report{Changes: []Change{}}
	t := tally{}
	told := 0 // old blocks that were told of
	removedUpTo := func(end int) {
		for ; told < end; told++ {
			if b := &c.old[told]; b.match < 0 {
				r.Changes = append(r.Changes, Change{Op: Removed, Old: b.side()})
				t.all += countWords(b.tokens)
			}
		}
	}
	places := c.places()
	for n := range c.new {
		removedUpTo(places[n])
		change, isChange := c.changeOf(n)
		t.count(c, n, change)
		if isChange {
			r.Changes = append(r.Changes, change)
		} else {
			r.Unchanged++
		}
	}
	removedUpTo(len(c.old))
	r.Similarity = t.share()
	return r
}

// changeOf is what became of new block n; false if nothing did.
func (c *comparison) changeOf(n int) (Change, bool) {
	b := &c.new[n]
	if b.match < 0 {
		return Change{Op: Added, New: b.side()}, true
	}
	from := &c.old[b.match]
	switch {
	case b.isEqual && !b.isMoved:
		return Change{}, false
	case b.isEqual:
		return Change{Op: Moved, Moved: true, Old: from.side(), New: b.side()}, true
	}
	return Change{Op: Changed, Moved: b.isMoved, Old: from.side(), New: b.side(), Words: marks(from.tokens, b.tokens)}, true
}

// places says, for each new block, up to where in the old text it comes: removed blocks before that are told
// first, so that they stand before what was put in their place.
func (c *comparison) places() []int {
	out := make([]int, len(c.new))
	next := len(c.old)
	for n := len(c.new) - 1; n >= 0; n-- {
		if b := c.new[n]; b.match >= 0 && !b.isMoved {
			next = b.match
		}
		out[n] = next
	}
	return out
}

// tally counts words: those of both texts, and those that both have in the same place.
type tally struct{ same, all int }

func (t *tally) count(c *comparison, n int, change Change) {
	b := c.new[n]
	t.all += countWords(b.tokens)
	if b.match < 0 {
		return
	}
	from := countWords(c.old[b.match].tokens)
	t.all += from
	if b.isEqual && !b.isMoved {
		t.same += from + countWords(b.tokens)
	}
	for _, span := range change.Words {
		if span.Op == Same {
			t.same += 2 * countWords(tokens(span.Text))
		}
	}
}

func (t *tally) share() float64 {
	if t.all == 0 {
		return 1
	}
	return float64(t.same) / float64(t.all)
}

func (p *placed) side() *Side {
	headings := p.headings
	if headings == nil {
		headings = []string{}
	}
	return &Side{Text: p.Text, Headings: headings, Page: p.Page, Start: p.Start, End: p.End}
}

func countWords(tokens []string) int {
	n := 0
	for _, t := range tokens {
		if isWord(t) {
			n++
		}
	}
	return n
}

// Overlapping returns the changes whose new side has text between start and end, in code points.
func (r Report) Overlapping(start, end int) []Change {
	var out []Change
	for _, c := range r.Changes {
		if c.New != nil && c.New.Start < end && start < c.New.End {
			out = append(out, c)
		}
	}
	return out
}
