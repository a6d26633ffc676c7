package eval

import (
	"fmt"
	"strings"
	"time"

	"clearwell/internal/parse"
	"clearwell/internal/parse/parsetest"
)

// kinds are what people do with the files of a document.
var kinds = []struct {
	name string
	make func(*builder)
}{
	{"same name", sameName}, {"renamed", renamed}, {"formats", formats}, {"new format", newFormat},
	{"letterhead", letterhead}, {"dates in text", datesInText}, {"languages", languages},
	{"undated", undatedSameName}, {"undated renamed", undatedRenamed}, {"labels", labels}, {"labels late", labelsLate},
	{"folders", folders}, {"two collections", twoCollections}, {"late", late}, {"scheduled", scheduled},
	{"withdrawn", withdrawn}, {"expired", expired}, {"split by key", splitByKey}, {"split", splitKeyless},
	{"merged by key", mergedByKey}, {"title elsewhere", titleElsewhere}, {"title in folders", titleInFolders},
	{"twins", twins}, {"twins by title", twinsByTitle}, {"twins by line", twinsByLine}, {"twins by number", twinsByNumber},
	{"batch of twins", batchOfTwins}, {"supersedes", supersedes}, {"amends", amends},
	{"one name", oneName}, {"names of sources", namesOfSources},
	{"document ids", documentIDs}, {"keys", keys}, {"rollback", rollback}, {"batch", batch}, {"reverted", reverted},
	{"file times", fileTimes}, {"retitled", retitled}, {"monthly", monthly}, {"near twin around", nearTwinAround},
}

// sameName: versions under one name in any order, dated by the uploader.
func sameName(b *builder) {
	n := 3 + b.rng.IntN(3)
	l := b.lineage(n)
	format := b.format()
	for _, state := range b.shuffled(n) {
		b.add(b.file(l, state, shape{format: format, isExplicit: true}))
	}
}

// renamed: each version has another name and often another format.
func renamed(b *builder) {
	n := 3 + b.rng.IntN(2)
	l := b.lineage(n)
	for _, state := range b.shuffled(n) {
		s := shape{name: b.renamed(l.title, state, l.dates[state-1], true), tail: b.trap()}
		if s.isExplicit = b.rng.IntN(2) == 0; !s.isExplicit {
			s.phrase = b.phrase()
		}
		b.add(b.file(l, state, s))
	}
}

// formats: one text as Markdown, HTML, Word and PDF says one thing, and is embedded once.
func formats(b *builder) {
	l := b.lineage(1)
	phrase := ""
	if b.number%2 == 0 {
		phrase = "Effective date: %s"
	}
	date := l.dates[0].Format("2 January 2006")
	order := b.rng.Perm(len(parsetest.Formats))
	for i, at := range order {
		s := shape{format: parsetest.Formats[at]}
		if phrase != "" {
			s.phrase = strings.ReplaceAll(phrase, "%s", date)
		}
		if i > 0 && b.rng.IntN(2) == 0 {
			s.name = strings.ReplaceAll(l.title, " ", "_") + "_converted." + string(s.format)
		}
		f := b.file(l, 1, s)
		if f.isCopy = i > 0; !f.isCopy {
			b.quiet = f
		}
		b.add(f)
	}
}

// newFormat: the next version comes in another format, with its date in the text.
func newFormat(b *builder) {
	n := 3
	l := b.lineage(n)
	order := b.rng.Perm(len(parsetest.Formats))
	for _, state := range inOrder(n) {
		b.add(b.file(l, state, shape{format: parsetest.Formats[order[state]], phrase: b.phrase(), tail: b.trap()}))
	}
}

// letterhead: the text comes again on the office's paper, and then its next version, too.
func letterhead(b *builder) {
	l := b.lineage(2)
	phrase := ""
	if b.number%3 > 0 {
		phrase = b.dated("Valid from %s", l.dates[0])
	}
	first := b.file(l, 1, shape{format: parsetest.Markdown, phrase: phrase})
	again := b.file(l, 1, shape{name: b.renamed(l.title, 1, l.dates[0], false), phrase: phrase, letterhead: true})
	again.isCopy = true
	b.add(first, again)
	if phrase != "" { // behind an undated text nobody could tell where a dated one stands
		b.add(b.file(l, 2, shape{name: b.renamed(l.title, 2, l.dates[1], true), phrase: b.phrase(), letterhead: true}))
	}
}

// datesInText: only the text says since when, in many words, and says other dates, too.
func datesInText(b *builder) {
	n := 3
	l := b.lineage(n)
	order := inOrder(n)
	if b.number%2 == 1 {
		order = b.shuffled(n)
	}
	format := b.format()
	for _, state := range order {
		s := shape{format: format, phrase: b.phrase(), tail: b.trap()}
		if b.rng.IntN(2) == 0 {
			s.name = b.renamed(l.title, state, l.dates[state-1], true)
		}
		b.add(b.file(l, state, s))
	}
}

// languages: policies in German, French and Spanish, beside one in English on the same subject.
func languages(b *builder) {
	n := 3
	form := forms[4+b.number%4]
	unit := units[b.rng.IntN(len(units))]
	l := form.fill(b.rng, unit, n)
	phrase := map[string][]string{
		"de": {"Gültig ab {de}", "Diese Fassung tritt am {de} in Kraft.", "In Kraft seit {dots}", "Gültig ab: {dots}"},
		"fr": {"En vigueur à compter du {fr}.", "Le présent règlement entre en vigueur le {fr}.", "Valable à partir du {fr}"},
		"es": {"Vigente desde el {es}.", "Esta política entra en vigor el {es}.", "Válido desde el {es}"},
	}[form.language]
	other := b.english().fill(b.rng, unit, 1)
	other.id = "english"
	b.add(b.file(other, 1, shape{phrase: b.phrase()}))
	for _, state := range b.shuffled(n) {
		s := shape{format: b.format(), phrase: phrase[b.rng.IntN(len(phrase))]}
		if b.rng.IntN(2) == 0 {
			s.name = l.title + "_" + fmt.Sprint(state) + "." + string(s.format)
		}
		b.add(b.file(l, state, s))
	}
}

// undatedSameName: the file is uploaded again whenever it changes, and nothing says when it applies.
func undatedSameName(b *builder) {
	n := 2 + b.rng.IntN(3)
	l := b.lineage(n)
	format := b.format()
	for _, state := range inOrder(n) {
		b.add(b.file(l, state, shape{format: format, tail: b.trap()}))
	}
}

// undatedRenamed: other names, no dates, no labels: nobody could tell which is newer.
func undatedRenamed(b *builder) {
	l := b.lineage(2)
	for _, state := range inOrder(2) {
		f := b.file(l, state, shape{name: b.renamed(l.title, state, l.dates[state-1], false)})
		f.mayHold = state > 1
		b.add(f)
	}
}

// labels: version numbers are all there is, in the file's name, the text or the front matter.
func labels(b *builder) {
	n := 2 + b.rng.IntN(2)
	l := b.lineage(n)
	for _, state := range inOrder(n) {
		b.add(b.labelled(l, state))
	}
}

// labelled is a file whose version is in one of three places, the same one for all of a scenario.
func (b *builder) labelled(l lineage, state int) *file {
	format := b.format()
	switch b.number % 3 {
	case 0:
		return b.file(l, state, shape{name: fmt.Sprintf("%s_v%d.%s", slug(l.title), state, format)})
	case 1:
		return b.file(l, state, shape{name: fmt.Sprintf("%s (%d).%s", l.title, state, format), phrase: fmt.Sprintf("Version %d.0", state)}).undated()
	}
	return b.file(l, state, shape{name: fmt.Sprintf("%s_%s.md", slug(l.title), []string{"a", "b", "c"}[state-1]),
		props: map[string]string{"version": fmt.Sprintf("%d.%d", state, b.number)}})
}

// undated takes back the date that a phrase seemed to give.
func (f *file) undated() *file {
	f.from = time.Time{}
	return f
}

// labelsLate: the first version comes after the second. It does not apply; since when it did, nobody can tell.
func labelsLate(b *builder) {
	l := b.lineage(2)
	second, first := b.labelled(l, 2), b.labelled(l, 1)
	first.isPast, first.mayHold = true, true
	b.add(second, first)
}

// folders: copies lie in several folders of a share, and one of them is brought up to date.
func folders(b *builder) {
	l := b.lineage(2)
	phrase := b.dated("Effective from %s.", l.dates[0])
	name := slug(l.title)
	at := func(folder string, format parsetest.Format, state int, phrase string) *file {
		f := b.file(l, state, shape{source: "share", path: folder + "/" + name + "." + string(format), phrase: phrase})
		f.isCopy = state == 1
		return f
	}
	first := at("hr", parsetest.DOCX, 1, phrase)
	first.isCopy = false
	b.add(first, at("archive/2021", parsetest.DOCX, 1, phrase), at("public", parsetest.PDF, 1, phrase),
		at("hr", parsetest.DOCX, 2, b.phrase()), at("backup", parsetest.DOCX, 1, phrase))
	if b.number%2 == 0 {
		b.add(at("archive/2021", parsetest.DOCX, 1, phrase)) // the share is read again
	}
}

// twoCollections: the same file lies in a collection with other readers. It stays when this one changes.
func twoCollections(b *builder) {
	l := b.lineage(2)
	other := b.name + "-b"
	phrase := b.dated("Effective from %s.", l.dates[0])
	b.add(b.file(l, 1, shape{format: parsetest.HTML, phrase: phrase}),
		b.file(l, 1, shape{format: parsetest.HTML, phrase: phrase, group: "elsewhere", collection: other}),
		b.file(l, 2, shape{format: parsetest.HTML, phrase: b.phrase()}))
}

// late: the newest comes first, under names that differ.
func late(b *builder) {
	n := 2 + b.rng.IntN(2)
	l := b.lineage(n)
	for state := n; state >= 1; state-- {
		s := shape{name: b.renamed(l.title, state, l.dates[state-1], true)}
		if b.number%2 == 0 {
			s.phrase, s.tail = b.phrase(), b.trap()
		} else {
			s.isExplicit = true
		}
		b.add(b.file(l, state, s))
	}
}

// scheduled: the next version is there before its time.
func scheduled(b *builder) {
	l := b.lineage(3)
	l.dates[2] = time.Date(time.Now().Year()+1+b.rng.IntN(3), time.Month(1+b.rng.IntN(12)), 1+b.rng.IntN(28), 0, 0, 0, 0, time.UTC)
	order := inOrder(3)
	if b.number%2 == 1 {
		order = b.shuffled(3)
	}
	for _, state := range order {
		s := shape{format: b.format(), isExplicit: b.number%3 == 0}
		if !s.isExplicit {
			s.phrase = b.phrase()
		}
		b.add(b.file(l, state, s))
	}
}

// withdrawn: nothing applies any more, and no old copy brings it back.
func withdrawn(b *builder) {
	l := b.lineage(2)
	s := func(state int, name string) shape {
		return shape{name: name, phrase: b.dated("Valid from %s", l.dates[state-1])}
	}
	name := slug(l.title) + ".docx"
	first, second := b.file(l, 1, s(1, name)), b.file(l, 2, s(2, name))
	b.add(first, second)
	b.steps = append(b.steps, step{withdraw: l.id})
	names := []string{name, "Copy of " + l.title + ".docx", l.title + "_old.pdf"}
	for _, state := range b.shuffled(2) {
		again := *second
		if state == 1 {
			again = *first
		}
		f := b.file(l, state, s(state, names[b.number%3]))
		if b.number%3 < 2 {
			f.body = again.body // the same bytes
		}
		f.isCopy = true
		b.add(f)
	}
}

// expired: the text says until when it applies. A copy does not make it apply again.
func expired(b *builder) {
	l := b.lineage(1)
	until := l.dates[0].AddDate(0, 6+b.rng.IntN(12), 0)
	lastDay := until.AddDate(0, 0, -1).Format("2 January 2006")
	phrase := map[int]string{0: "Valid from %s until " + lastDay + ".", 1: "Effective date: %s. Valid until: " + lastDay,
		2: ""}[b.number%3]
	s := shape{format: parsetest.DOCX, phrase: phrase, isExplicit: phrase == "", until: until}
	if phrase != "" {
		s.phrase = b.dated(phrase, l.dates[0])
	}
	first := b.file(l, 1, s)
	s.name, s.isExplicit = l.title+" (1).pdf", false
	again := b.file(l, 1, s)
	again.isCopy = true
	b.add(first, again)
}

// halves cuts a text in two at a heading near its middle, or simply there.
func halves(blocks []parse.Block) (first, second []parse.Block) {
	at := len(blocks) / 2
	for i := at; i < len(blocks)*3/4; i++ {
		if blocks[i].Kind == parse.Heading {
			at = i
			break
		}
	}
	return blocks[:at], blocks[at:]
}

// splitByKey: two documents take the place of one, and say so.
func splitByKey(b *builder) {
	l := b.lineage(2)
	first, second := halves(l.states[1])
	old := b.file(l, 1, shape{isExplicit: true, name: slug(l.title) + ".md", key: []string{"", "the-old-one"}[b.number%2]})
	name := old.upload.Key
	if name == "" {
		name = old.upload.Name
	}
	b.add(old)
	for i, part := range [][]parse.Block{first, second} {
		half := lineage{id: fmt.Sprintf("%s part %d", l.id, i+1), title: fmt.Sprintf("%s: %s", l.title, []string{"principles", "procedures"}[i]),
			states: [][]parse.Block{part}, dates: l.dates[1:]}
		f := b.file(half, 1, shape{format: b.format(), isExplicit: true, key: fmt.Sprintf("part-%d", i+1), supersedes: name})
		f.ends = []string{l.id}
		b.add(f)
	}
}

// splitKeyless: the same, and nobody says so: only a person can know that the old one is over.
func splitKeyless(b *builder) {
	l := b.lineage(1)
	b.add(b.file(l, 1, shape{phrase: b.phrase()}))
	first, second := halves(l.states[0])
	for i, part := range [][]parse.Block{first, second} {
		half := lineage{id: fmt.Sprintf("%s part %d", l.id, i+1), title: fmt.Sprintf("%s: %s", l.title, []string{"principles", "procedures"}[i]),
			states: [][]parse.Block{part}, dates: []time.Time{l.dates[0].AddDate(1, 0, 0)}}
		f := b.file(half, 1, shape{format: b.format(), phrase: b.phrase()})
		f.mayHold = true
		b.add(f)
	}
}

// mergedByKey: one document takes the place of two.
func mergedByKey(b *builder) {
	one, two := b.lineage(1), b.lineage(1)
	for two.id == one.id {
		two = b.lineage(1)
	}
	both := lineage{id: "both", title: one.title + " and " + strings.ToLower(two.title), dates: []time.Time{lastDate},
		states: [][]parse.Block{append(append([]parse.Block{}, one.states[0]...), two.states[0]...)}}
	b.add(b.file(one, 1, shape{isExplicit: true, key: "one"}), b.file(two, 1, shape{isExplicit: true, name: "two.html"}))
	f := b.file(both, 1, shape{format: b.format(), isExplicit: true, key: "both", supersedes: "one,two.html"})
	f.ends = []string{one.id, two.id}
	b.add(f)
}
