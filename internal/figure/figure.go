// Package figure reads the numbers, dates and amounts that a text states, in whatever notation, and tells whether another
// text states them. It does not judge sentences.
package figure

import (
	"regexp"
	"slices"
	"strings"

	"clearwell/internal/analysis"
)

// Figure is a number, date, time or code as a text writes it.
type Figure struct {
	Text string // as it stands in the text, in bytes At to At+len(Text)
	// Readings are what it may mean, likeliest first and never none, each canonical: "1500" or "12.5" of a number, of a
	// date as much as it names ("2026-03-01", "2026-03", "--03-01", "m3" for March, "w1" for Monday), "T14:30" of a time of
	// day, "#iso27001" of a code or an address.
	Readings []string
	Unit     string // of a number: what it measures, by the name that UnitOf gives it; "" if that isn't said
	IsWord   bool   // a number word
	At       int    // byte offset in the text
	period   string // of a number: what it is for, as in 28 days a year
	isOne    bool   // an article, which seldom counts
	end      int    // byte offset
}

// Forms of what is no date. Digits in groups of three may have a space or an apostrophe between them.
var (
	mailAddress = regexp.MustCompile(`[\pL\d._%+-]+@[\pL\d-]+(?:\.[\pL\d-]+)+`)
	codeForm    = regexp.MustCompile(`[\pL\d]+(?:[-_/.][\pL\d]+)*`)
	numberForm  = regexp.MustCompile(`\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+(?:[.,]\d+)?\b|\d+(?:[.,]\d+)*`)
	numberUnit  = regexp.MustCompile(`^(\d+(?:[.,]\d+)*)-?(\pL{1,12})$`)
)

// reader takes the figures out of a text, each once.
type reader struct {
	text    string
	isTaken []bool // by byte
	found   []Figure
}

// In lists the figures of a text: dates and times, codes, numbers, and the number words and names of months and days of
// the language, "" if that is unknown. They come kind by kind, not in the text's order. Only digits 0 to 9 are read; Readable
// makes others so.
func In(text string, language analysis.Language) []Figure {
	r := &reader{text: text, isTaken: make([]bool, len(text))}
	r.take(mailAddress, func(m []string, _ int) []Figure { return []Figure{{Readings: []string{"#" + strings.ToLower(m[0])}}} })
	for _, form := range dateForms {
		r.take(form.expr, func(m []string, _ int) []Figure {
			if readings := form.read(m); readings != nil {
				return []Figure{{Readings: readings}}
			}
			return nil
		})
	}
	r.take(codeForm, func(m []string, at int) []Figure { return r.code(m[0], at) })
	r.take(numberForm, func(m []string, at int) []Figure { return r.number(m[0], at) })
	r.words(language)
	return r.found
}

// take reads what matches and wasn't taken before; nil from read leaves it to the next form.
func (r *reader) take(expr *regexp.Regexp, read func(groups []string, at int) []Figure) {
	for _, span := range expr.FindAllStringSubmatchIndex(r.text, -1) {
		if slices.Contains(r.isTaken[span[0]:span[1]], true) {
			continue
		}
		groups := make([]string, len(span)/2)
		for i := range groups {
			if span[2*i] >= 0 {
				groups[i] = r.text[span[2*i]:span[2*i+1]]
			}
		}
		found := read(groups, span[0])
		for _, f := range found {
			r.keep(f, span[0], span[1])
		}
		for i := span[0]; i < span[1] && found != nil; i++ {
			r.isTaken[i] = true
		}
	}
}

// keep adds a figure that stands between two offsets; a scale behind it is taken, too.
func (r *reader) keep(f Figure, start, end int) {
	f.At, f.end = start, max(f.end, end)
	f.Text = strings.TrimRight(r.text[start:f.end], " .,;)|")
	r.found = append(r.found, f)
	for i := start; i < f.end; i++ {
		r.isTaken[i] = true
	}
}
