package answer

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/figure"
	"clearwell/internal/retrieve"
)

// verifier holds the statements of a model's answer against the passages that they cite, one after the other.
type verifier struct {
	service  *Service
	question string
	passages []retrieve.Passage
	asked    analysis.Language // the question's language, "" if unknown
	language analysis.Language // that the answer's own words are in
	progress
	evidence map[int]*evidence
	meanings meanings
}

// progress is what was read of an answer so far, as far as it matters for the next statement.
type progress struct {
	quotes     quoteReader
	isTable    bool     // the line before was a row
	head       []string // the cells that head the table
	item       int      // highest number of a list item
	hasClaimed bool     // something was said that its sources support
	denies     bool     // the last of it denied something
}

// evidence is what one passage has to show.
type evidence struct {
	wording   wording
	quotable  quotable
	figures   figure.Index
	sentences []worded
}

// holds reports whether a figure stands in the passage; a number word also as the word that it is, in whatever language.
func (e *evidence) holds(f figure.Figure) bool {
	return e.figures.Holds(f) || f.IsWord && f.Unit == "" && e.quotable.holds(f.Text)
}

// newVerifier checks an answer to the question that stands on the passages.
func (s *Service) newVerifier(ctx context.Context, question string, passages []retrieve.Passage) *verifier {
	return &verifier{service: s, question: question, passages: passages, asked: languageOf(question, analysis.Detect(question)), language: interfaceLanguage(question),
		evidence: make(map[int]*evidence), meanings: s.newMeanings(ctx)}
}

// verdict is what a statement turned out to be.
type verdict struct {
	text       string // as it is shown, marks that hold included, with the white space before it
	start, end int    // bytes of text: the statement without white space
	citations  []Citation
	isClaim    bool       // it says something that needs a source
	reason     FlagReason // why it is flagged; "" for what is supported, or no claim
	missing    string
	dropped    int // citations
	removed    int // links, images and tags
}

var markNumber = regexp.MustCompile(`\d+`)

// again checks a statement as it was read before, whatever came since.
func (v *verifier) again(raw string, before progress) verdict {
	now := v.progress
	v.progress = before
	v.denies = before.denies || now.denies
	d := v.check(raw)
	v.progress = now
	return d
}

// check reads one statement with the marks that belong to it.
func (v *verifier) check(raw string) verdict {
	body := strings.TrimLeftFunc(raw, unicode.IsSpace)
	space := raw[:len(raw)-len(body)]
	if strings.Contains(space, "\n") {
		v.quotes.endLine()
	}
	wasTable := v.isTable
	v.isTable = isRow(body)
	body, notices := withoutNotices(withoutInvisible(withoutEntities(body)))
	cited, dropped := v.cited(body)
	plain, removed := plainText(holdMarks(body, len(v.passages)), func(address string) bool {
		return slices.ContainsFunc(cited, func(i int) bool { return strings.Contains(shown(v.passages[i]), address) })
	})
	d := verdict{dropped: dropped, removed: removed + notices}
	claim := strings.TrimSpace(heldMarks.ReplaceAllString(plain, ""))
	if v.isTable && !wasTable {
		v.head = cellsOf(claim)
	}
	quotations := v.quotes.in(claim)
	d.reason, d.missing = v.weigh(claim, cited, quotations)
	d.isClaim = d.reason != "" || len(cited) > 0
	isNothing := v.saysNothing(claim, quotations, len(cited) == 0, v.isTable && !wasTable)
	if isNothing {
		d.reason, d.missing, d.isClaim = "", "", false
	}
	v.countItem(claim)
	if d.isClaim && d.reason == "" {
		v.hasClaimed, v.denies = true, isNegated(claim, v.language)
	}
	if isNothing || d.reason != "" {
		d.dropped += len(cited)
		cited = nil
	}
	cited = v.contributing(claim, cited, &d)
	d.show(space, plain, cited, phrasesIn(v.language).notInSources)
	for _, i := range cited {
		start, end := v.quoted(claim, i)
		d.citations = append(d.citations, citation(i+1, v.passages[i], start, end))
	}
	return d
}

// weigh looks for what a statement says in the passages that it cites: quotations, then figures, then words.
func (v *verifier) weigh(claim string, cited []int, quotations []string) (reason FlagReason, missing string) {
	for _, quotation := range quotations {
		if !slices.ContainsFunc(cited, func(i int) bool { return v.of(i).quotable.holds(quotation) }) && !v.isAsked(quotation) {
			return FlagQuote, oneLine(quotation)
		}
	}
	if f, ok := v.missingFigure(claim, cited); !ok {
		return FlagFigure, f
	}
	if len(cited) == 0 || !v.isWorded(claim, cited) {
		return FlagUnsupported, ""
	}
	if isConnective(claim, v.language) && v.isDenial(claim) {
		return FlagUnsupported, "" // there is nothing to hold against the source
	}
	if !v.areBound(claim, cited) || v.isMisplaced(claim, cited) || v.isTurnedAround(claim, cited) {
		return FlagUnsupported, ""
	}
	return "", ""
}

// missingFigure returns the first figure that none of the cited passages has; ok if there is none.
func (v *verifier) missingFigure(claim string, cited []int) (missing string, ok bool) {
	for _, f := range v.figuresOf(claim, cited) {
		if !f.IsUncounted() && !v.isOwnCount(claim, f, len(cited)) && !slices.ContainsFunc(cited, func(i int) bool { return v.of(i).holds(f) }) {
			return f.Text, false
		}
	}
	return "", true
}

// figuresOf lists the figures that a statement claims: not the number of its list item, nor of the passage itself.
func (v *verifier) figuresOf(claim string, cited []int) []figure.Figure {
	text := v.withoutSelfReference(v.withoutListMark(figure.Readable(claim)), cited)
	return figure.In(text, languageOf(text, v.language))
}

// selfReference is a number that belongs to the passage, not to what it says.
var selfReference = regexp.MustCompile(`(?i)\b(revision|version|fassung|révision|revisión|passage|source|quelle|fuente|pages?|seiten?|páginas?)\s+(\d{1,4})(?:\s*[–-]\s*(\d{1,4}))?\b`)

func (v *verifier) withoutSelfReference(text string, cited []int) string {
	return selfReference.ReplaceAllStringFunc(text, func(m string) string {
		parts := selfReference.FindStringSubmatch(m)
		name := strings.ToLower(parts[1])
		if !v.isOwnNumber(name, figure.Whole(parts[2]), cited) || parts[3] != "" && !v.isOwnNumber(name, figure.Whole(parts[3]), cited) {
			return m
		}
		return parts[1]
	})
}

// isOwnNumber reports whether one of the cited passages has the number: reaches over that page, or is that passage or
// of that revision.
func (v *verifier) isOwnNumber(name string, n int, cited []int) bool {
	return slices.ContainsFunc(cited, func(i int) bool {
		switch name {
		case "page", "pages", "seite", "seiten", "página", "páginas":
			pages := v.passages[i].Pages()
			return len(pages) > 0 && pages[0] <= n && n <= pages[len(pages)-1]
		case "passage", "source", "quelle", "fuente":
			return i+1 == n
		}
		return v.passages[i].Revision == n
	})
}

// of is what the passage at i has to show, read once.
func (v *verifier) of(i int) *evidence {
	if v.evidence[i] == nil {
		w := newWording(v.passages[i])
		e := &evidence{wording: w, quotable: newQuotable(w.text), figures: figure.NewIndex(w.text, w.language, daysInForce(v.passages[i])...)}
		e.sentences = wordedSentences(v.passages[i], w.language)
		v.evidence[i] = e
	}
	return v.evidence[i]
}

// daysInForce are the first moment of a passage's time in force and, where it ends, the moment it does and the one before:
// what ends at a day's first moment was in force until the day before.
func daysInForce(p retrieve.Passage) []time.Time {
	days := []time.Time{p.EffectiveFrom}
	if p.EffectiveUntil != nil {
		days = append(days, *p.EffectiveUntil, p.EffectiveUntil.Add(-time.Nanosecond))
	}
	return days
}
