package eval

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"

	"clearwell/internal/ingest"
	"clearwell/internal/parse"
	"clearwell/internal/parse/parsetest"
)

// builder makes one scenario.
type builder struct {
	*scenario
	stock  *stock
	rng    *rand.Rand
	number int // of its kind, from 0
}

// shape is how a state becomes a file.
type shape struct {
	group      string // "" means the lineage's id
	title      string // "" means the lineage's
	name       string // its extension chooses the format; "" means the title's slug with format
	format     parsetest.Format
	isExplicit bool   // the uploader gives the date
	phrase     string // with "%s" for the date: the text gives it, under the title
	tail       string // a paragraph at the end
	until      time.Time
	letterhead bool // with what an office puts around a text
	noTitle    bool // neither as a property nor as a heading
	props      map[string]string
	modified   time.Time // zero: some days before the state begins to apply, as programs note it
	source     string
	path       string
	key        string
	supersedes string
	collection string
}

// file makes the file of a state, numbered from 1.
func (b *builder) file(l lineage, state int, s shape) *file {
	date := l.dates[state-1]
	s = s.filled(l)
	f := &file{group: s.group, state: state, until: s.until, blocks: l.states[state-1]}
	var blocks []parse.Block
	if !s.noTitle {
		blocks = append(blocks, parse.Block{Kind: parse.Heading, Level: 1, Text: s.title})
	}
	if s.phrase != "" {
		f.phrase = b.dated(s.phrase, date)
		blocks = append(blocks, parse.Block{Kind: parse.Paragraph, Text: f.phrase})
	}
	blocks = append(blocks, f.blocks...)
	if s.tail != "" {
		blocks = append(blocks, parse.Block{Kind: parse.Paragraph, Text: s.tail})
	}
	o := parsetest.Options{Title: s.title, Properties: s.props, Modified: s.modified}
	if s.noTitle {
		o.Title = ""
	}
	if o.Modified.IsZero() {
		o.Modified = date.AddDate(0, 0, -b.rng.IntN(15)).Add(time.Duration(b.rng.IntN(36000)) * time.Second)
	}
	if s.letterhead {
		o.Header, o.Footer = "Example Holding plc · 12 Harbour Street · Leeds", "Confidential – for internal use only – page {page}"
		if s.format == parsetest.Markdown || s.format == parsetest.HTML { // they have no pages: it stands in the text
			blocks = append([]parse.Block{{Kind: parse.Paragraph, Text: "Example Holding plc · 12 Harbour Street · Leeds"}}, blocks...)
			blocks = append(blocks, parse.Block{Kind: parse.Paragraph, Text: "Confidential – for internal use only"})
		}
	}
	f.body = parsetest.Write(s.format, blocks, o)
	f.upload = ingest.Upload{Collection: s.collection, Key: s.key, Name: s.name, Path: s.path, Source: s.source, Supersedes: s.supersedes}
	if s.isExplicit {
		f.upload.EffectiveFrom, f.upload.EffectiveUntil = date, s.until
	}
	if s.isExplicit || s.phrase != "" || s.props["effective_date"] != "" {
		f.from = date
	}
	return f
}

func (s shape) filled(l lineage) shape {
	if s.group == "" {
		s.group = l.id
	}
	if s.title == "" {
		s.title = l.title
	}
	if s.path != "" {
		s.name = path.Base(s.path)
	}
	if s.name == "" {
		s.name = slug(s.title) + "." + string(cmp.Or(s.format, parsetest.Markdown))
	}
	s.format = parsetest.FormatOf(s.name)
	return s
}

// dated puts the date into a phrase, in words where the phrase is in English.
func (b *builder) dated(phrase string, date time.Time) string {
	english := []string{"2 January 2006", "January 2, 2006", "2006-01-02", "2 Jan 2006", "2nd of January 2006"}
	if strings.Contains(phrase, "%s") {
		layout := english[b.rng.IntN(4)]
		return fmt.Sprintf(phrase, date.Format(layout))
	}
	names := map[string][]string{
		"{de}": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		"{fr}": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		"{es}": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	}
	pattern := map[string]string{"{de}": "%d. %s %d", "{fr}": "%d %s %d", "{es}": "%d de %s de %d"}
	for mark, months := range names {
		phrase = strings.ReplaceAll(phrase, mark, fmt.Sprintf(pattern[mark], date.Day(), months[date.Month()-1], date.Year()))
	}
	return strings.ReplaceAll(phrase, "{dots}", date.Format("02.01.2006"))
}

// phrases in which texts say since when they apply.
var phrases = []string{
	"Effective date: %s", "Effective %s", "Effective from %s.", "Valid from %s", "This policy takes effect on %s.",
	"These rules apply from %s and replace all earlier versions.", "In force since %s.", "Version Effective Date: %s",
	"This version is effective as of %s. It supersedes the rules of 4 May 1998.", "Applicable from: %s",
	"This document comes into force on %s.",
}

// traps are dates that say nothing about when a text applies.
var traps = []string{
	"", "", "Signed: Jane Roe, 3 February 2019", "The house was founded on 12 June 1987 and has been a company since 1998.",
	"Printed on 4 May 2017.", "Minutes of the meeting of 9 October 2018 are kept in the archive.", "© 2015–2021 Example Holding plc",
	"The act of 3 May 2011 took effect on 1 January 2012.", "Parking permits are valid until 31 December 2030.",
	"Last reviewed on 5 May 2026. Next review: 1 March 2030.", "Contracts signed before 1 July 2016 keep their terms.",
	"The rules of 4 May 1998 were in force until 30 June 2009.",
}

func (b *builder) phrase() string { return phrases[b.rng.IntN(len(phrases))] }
func (b *builder) trap() string   { return traps[b.rng.IntN(len(traps))] }

// add appends uploads that wait for each other.
func (b *builder) add(files ...*file) {
	for _, f := range files {
		b.steps = append(b.steps, step{upload: f})
	}
}

// lineage is a real policy of n states, another one for each scenario of a kind as long as there are enough.
func (b *builder) lineage(n int) lineage {
	return b.stock.lineages[(b.number*5+b.rng.IntN(5))%len(b.stock.lineages)].grown(b.rng, n)
}

// english is a form in English.
func (b *builder) english() form { return forms[b.rng.IntN(4)] }

func (b *builder) format() parsetest.Format {
	return parsetest.Formats[b.rng.IntN(len(parsetest.Formats))]
}

func (b *builder) shuffled(n int) []int {
	order := b.rng.Perm(n)
	if n > 1 && slices.IsSorted(order) { // in order is another kind
		order[0], order[n-1] = order[n-1], order[0]
	}
	for i := range order {
		order[i]++
	}
	return order
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i + 1
	}
	return order
}

// renamed is what people make of a file's name. Its labels tell the truth about the state, if it has any.
func (b *builder) renamed(title string, state int, date time.Time, hasLabels bool) string {
	ext := "." + string(b.format())
	words, dashed := title, slug(title)
	plain := []string{
		"Copy of " + words, words + " (1)", words + "_FINAL", strings.ReplaceAll(words, " ", "_") + "_new", strings.ToUpper(words),
		words + " - final (2)", dashed + "-signed", "FINAL_" + dashed, "Document1", "scan0042", dashed + "_clean",
	}
	labels := []string{
		fmt.Sprintf("%s_FINAL v%d (1)", words, state), dashed + "-" + date.Format("2006-01"), dashed + "-" + date.Format("20060102"),
		fmt.Sprintf("%s v%d.0", words, state), fmt.Sprintf("%s_rev%d_final", strings.ReplaceAll(words, " ", "_"), state),
		date.Format("2006-01-02") + " " + words, fmt.Sprintf("%s %d", words, date.Year()),
	}
	if hasLabels {
		plain = append(plain, labels...)
	}
	return plain[b.rng.IntN(len(plain))] + ext
}

// surround puts other documents around the scenario: most before it, some in between.
func (b *builder) surround() {
	var others []*file
	for _, i := range b.rng.Perm(len(b.stock.distractors))[:3] {
		raw := b.stock.distractors[i]
		others = append(others, &file{group: "other " + raw.name, state: 1, isDistractor: true, body: raw.body, blocks: raw.text,
			upload: ingest.Upload{Name: path.Base(raw.name), Path: raw.name}})
	}
	for i, f := range others {
		at := 0
		if i == len(others)-1 && b.quiet == nil {
			at = b.rng.IntN(len(b.steps) + 1)
		}
		b.steps = slices.Insert(b.steps, at, step{upload: f, isLoose: true})
	}
}

// with is a shape with further properties.
func (s shape) with(props map[string]string) shape {
	all := maps.Clone(s.props)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, props)
	s.props = all
	return s
}
