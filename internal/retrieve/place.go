package retrieve

import "slices"

// Place is where words stand in their document.
type Place struct {
	Page     int      // from 1; 0 where the format has no pages
	Headings []string // the trail above them, outermost first
}

// Part is one of the chunks that a passage joins.
type Part struct {
	// Start is in code points of the revision's text. What stands between two chunks, as a heading does, belongs to
	// the second.
	Start int
	Place
}

// PlaceAt is where the code point of the revision's text stands that is at offset, one of the passage's.
func (p Passage) PlaceAt(offset int) Place {
	parts := p.places()
	place := parts[0].Place
	for _, part := range parts[1:] {
		if part.Start <= offset {
			place = part.Place
		}
	}
	return place
}

// Pages are those on which the passage's parts begin, in order; none where the format has no pages.
func (p Passage) Pages() []int {
	var all []int
	for _, part := range p.places() {
		if part.Page > 0 {
			all = append(all, part.Page)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Above are the headings above any of the passage's words, each once.
func (p Passage) Above() []string {
	var all []string
	for _, part := range p.places() {
		for _, heading := range part.Headings {
			if !slices.Contains(all, heading) {
				all = append(all, heading)
			}
		}
	}
	return all
}

// places are the parts that the passage's text reaches, or the one that a single chunk is.
func (p Passage) places() []Part {
	if len(p.Parts) == 0 {
		return []Part{{p.Start, Place{p.Page, p.Headings}}}
	}
	// A passage that was shortened for a prompt has lost the last ones.
	reached := slices.IndexFunc(p.Parts, func(part Part) bool { return part.Start > p.Start && part.Start >= p.End })
	if reached < 0 {
		return p.Parts
	}
	return p.Parts[:reached]
}
