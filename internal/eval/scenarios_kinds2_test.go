package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"clearwell/internal/parse"
	"clearwell/internal/parse/parsetest"
)

// titleElsewhere: two departments have each a collection, and in it a document of the same title.
func titleElsewhere(b *builder) {
	one, two := b.strangers("Work schedules")
	other := b.name + "-b"
	b.add(b.file(one, 1, shape{phrase: b.phrase()}), b.file(two, 1, shape{phrase: b.phrase(), collection: other}),
		b.file(one, 2, shape{phrase: b.phrase(), format: b.format()}), b.file(two, 2, shape{phrase: b.phrase(), format: b.format(), collection: other}))
}

// strangers are two different documents that bear one title.
func (b *builder) strangers(title string) (one, two lineage) {
	one, two = b.lineage(2), b.lineage(2)
	for two.id == one.id {
		two = b.lineage(2)
	}
	one.title, two.title = title, title
	return one, two
}

// titleInFolders: the same in one collection, in two folders of a share or uploaded by hand.
func titleInFolders(b *builder) {
	one, two := b.strangers([]string{"Leave policy", "Guidelines for employees", "Security rules"}[b.number%3])
	for _, state := range inOrder(2) {
		for i, l := range []lineage{one, two} {
			s := shape{phrase: b.phrase(), format: b.format()}
			if b.number%2 == 0 {
				s.source, s.path = "share", fmt.Sprintf("%s/%s-%d.%s", []string{"hr", "it"}[i], slug(l.title), state, s.format)
			} else {
				s.name = fmt.Sprintf("%s_%s_%d.%s", []string{"HR", "IT"}[i], slug(l.title), state, s.format)
			}
			b.add(b.file(l, state, s))
		}
	}
}

// twins: two departments fill in one form. Each has its next version, and none may take over the other's.
func twins(b *builder) {
	form := b.english()
	at := b.rng.Perm(len(units))
	one, two := form.fill(b.rng, units[at[0]], 2), form.fill(b.rng, units[at[1]], 2)
	one.id, two.id = units[at[0]], units[at[1]]
	if b.number%3 == 0 { // their titles tell them apart
		one.title, two.title = one.title+" – "+one.id, two.title+" – "+two.id
	}
	for _, state := range inOrder(2) {
		for _, l := range []lineage{one, two} {
			s := shape{format: b.format(), phrase: b.phrase()}
			if b.number%3 > 0 {
				s.name = fmt.Sprintf("%s %s %d.%s", l.title, strings.ToLower(l.id), l.dates[state-1].Year(), s.format)
			}
			b.add(b.file(l, state, s))
		}
	}
}

// twinsByTitle: a policy is copied for another department, and hardly anything but its title and a line is changed.
func twinsByTitle(b *builder) {
	l := b.lineage(2)
	one, two := l, l.named(strings.NewReplacer("TTS", "Northwind", "GitHub", "Ridgeway", "GSA", "Northwind"))
	one.id, two.id, one.title, two.title = "first", "second", l.title+" for "+units[0], l.title+" for "+units[1]
	two.dates = []time.Time{l.dates[0].AddDate(0, 2, 3), l.dates[1].AddDate(0, 1, 5)}
	for i, x := range []*lineage{&one, &two} {
		for j, blocks := range x.states {
			line := parse.Block{Kind: parse.Paragraph, Text: fmt.Sprintf("This page applies to all people of %s.", units[i])}
			x.states[j] = slices.Insert(slices.Clone(blocks), 0, line)
		}
	}
	for _, state := range inOrder(2) {
		b.add(b.file(one, state, shape{format: b.format(), phrase: b.phrase()}), b.file(two, state, shape{format: b.format(), phrase: b.phrase()}))
	}
}

// oneName: files that have nothing in common but a name like "scan.pdf". A file of that name might replace the first.
func oneName(b *builder) {
	one, two := b.lineage(1), b.lineage(1)
	for two.id == one.id {
		two = b.lineage(1)
	}
	name := []string{"scan.pdf", "README.md", "policy.docx"}[b.number%3]
	second := b.file(two, 1, shape{name: name, phrase: b.phrase()})
	second.mayHold = true
	b.add(b.file(one, 1, shape{name: name, phrase: b.phrase()}), second)
}

// namesOfSources: two shares have a file of the same name each, and change it.
func namesOfSources(b *builder) {
	one, two := b.lineage(2), b.lineage(2)
	for two.id == one.id {
		two = b.lineage(2)
	}
	name := []string{"README.md", "docs/policy.docx", "index.html"}[b.number%3]
	for _, state := range inOrder(2) {
		b.add(b.file(one, state, shape{source: "git-a", path: name, phrase: b.phrase()}), b.file(two, state, shape{source: "git-b", path: name, phrase: b.phrase()}))
	}
}

// documentIDs: each version bears the document's id, whatever its name and title.
func documentIDs(b *builder) {
	n := 3
	l := b.lineage(n)
	titles := []string{l.title, "Rules on " + strings.ToLower(l.title), "Handbook chapter 7"}
	key := []string{"document_id", "doc_id", "policy_number"}[b.number%3]
	formats := []parsetest.Format{parsetest.Markdown, parsetest.DOCX}
	for i, state := range b.shuffled(n) {
		s := shape{title: titles[state-1], format: formats[b.rng.IntN(2)]}.with(map[string]string{key: fmt.Sprintf("HR-%d", 100+b.number)})
		switch i % 3 {
		case 0:
			s.isExplicit = true
		case 1:
			s.phrase = b.phrase()
		default:
			s.format = parsetest.Markdown
			s = s.with(map[string]string{"effective_date": l.dates[state-1].Format(time.DateOnly)})
		}
		b.add(b.file(l, state, s))
	}
}

// keys: the uploader names the document; names, titles and order don't matter.
func keys(b *builder) {
	n := 3 + b.rng.IntN(3)
	l := b.lineage(n)
	for _, state := range b.shuffled(n) {
		b.add(b.file(l, state, shape{key: "policies/" + l.id, name: b.renamed(l.title, 9-state, l.dates[0], true), isExplicit: true,
			noTitle: b.rng.IntN(2) == 0}))
	}
}

// rollback: an earlier version is put in force again, with nothing to embed.
func rollback(b *builder) {
	l := b.lineage(2)
	key := []string{"", "k"}[b.number%2]
	first := b.file(l, 1, shape{phrase: b.phrase(), key: key})
	second := b.file(l, 2, shape{phrase: b.phrase(), key: key})
	b.quiet = second
	b.add(first, second)
	b.steps = append(b.steps, step{publish: first}, step{publish: second}, step{publish: first})
}

// batch: all versions are handed in at once, in any order.
func batch(b *builder) {
	n := 4
	l := b.lineage(n)
	for _, state := range b.shuffled(n) {
		s := shape{format: b.format(), phrase: b.phrase()}
		switch b.number % 3 {
		case 0:
			s.format = parsetest.HTML // one name
		case 1:
			s.name = b.renamed(l.title, state, l.dates[state-1], true)
		default:
			s.name, s.phrase, s.isExplicit = fmt.Sprintf("%s_%d.%s", slug(l.title), state, s.format), "", true
		}
		b.steps = append(b.steps, step{upload: b.file(l, state, s), isLoose: true})
	}
}

// reverted: the third version says again what the first said.
func reverted(b *builder) {
	l := b.lineage(3)
	l.states[2] = l.states[0]
	for _, state := range inOrder(3) {
		s := shape{format: b.format(), isExplicit: b.number%2 == 0}
		if !s.isExplicit {
			s.phrase = b.phrase()
		}
		f := b.file(l, state, s)
		if state == 3 {
			f.state = 1
		}
		b.add(f)
	}
}

// fileTimes: only the file's own properties say when it was written: a weak hint that a person confirms.
func fileTimes(b *builder) {
	l := b.lineage(2)
	formats := []parsetest.Format{parsetest.DOCX, parsetest.PDF}
	for i, state := range [][]int{{1, 2}, {2, 1}}[b.number%2] {
		format := formats[b.rng.IntN(2)]
		f := b.file(l, state, shape{name: fmt.Sprintf("%s-%s.%s", slug(l.title), []string{"x", "y"}[i], format), modified: l.dates[state-1].Add(9 * time.Hour)})
		f.mayHold, f.isPast = i > 0, i > 0 && state == 1
		b.add(f)
	}
}

// retitled: the title says the same in other words; text and date say the rest.
func retitled(b *builder) {
	l := b.lineage(2)
	next := []string{"%s policy", "The %s rules", "%s: guidelines"}[b.number%3]
	b.add(b.file(l, 1, shape{phrase: b.phrase(), format: b.format()}),
		b.file(l, 2, shape{phrase: b.phrase(), format: b.format(), title: fmt.Sprintf(next, l.title)}))
}

// monthly: reports of one form, of which none takes the place of another.
func monthly(b *builder) {
	year := 2021 + b.rng.IntN(4)
	for i := range 4 {
		month := time.Month(1 + (b.number+i)%12)
		l := lineage{id: month.String(), title: fmt.Sprintf("Security report %s %d", month, year),
			states: [][]parse.Block{minutes(b.rng, month, year)}, dates: []time.Time{time.Date(year, month, 28, 0, 0, 0, 0, time.UTC)}}
		s := shape{format: b.format()}
		if b.number%2 == 0 {
			s.phrase = "Date: %s" // of the report: it does not say that it applies from then on
		}
		b.add(b.file(l, 1, s).undated())
	}
}

// nearTwinAround: a document of another unit, made from the same text, lies there before the versions come.
func nearTwinAround(b *builder) {
	n := 3
	form := b.english()
	at := b.rng.Perm(len(units))
	l, twin := form.fill(b.rng, units[at[0]], n), form.fill(b.rng, units[at[1]], 1)
	twin.id = "twin"
	twin.title = fmt.Sprintf("%s (%s)", twin.title, units[at[1]])
	b.add(b.file(twin, 1, shape{format: b.format(), phrase: b.phrase()}))
	for _, state := range b.shuffled(n) {
		b.add(b.file(l, state, shape{name: b.renamed(l.title, state, l.dates[state-1], true), phrase: b.phrase()}))
	}
}

// twinsByLine: two departments have the same text under the same title, and one line says whose it is.
func twinsByLine(b *builder) {
	l := b.lineage(2)
	one, two := l, l
	one.id, two.id = "first", "second"
	two.dates = []time.Time{l.dates[0].AddDate(0, 2, 3), l.dates[1].AddDate(0, 1, 5)}
	line := []string{"This page applies to all people of %s.", "Department: %s", "Scope: %s only"}[b.number%3]
	for i, x := range []*lineage{&one, &two} {
		x.states = slices.Clone(x.states)
		for j, blocks := range x.states {
			x.states[j] = slices.Insert(slices.Clone(blocks), 0, parse.Block{Kind: parse.Paragraph, Text: fmt.Sprintf(line, units[i])})
		}
	}
	for _, state := range inOrder(2) {
		for i, x := range []lineage{one, two} {
			name := fmt.Sprintf("%s_%s_%d.%s", slug(l.title), slug(units[i]), state, b.format())
			b.add(b.file(x, state, shape{name: name, phrase: b.phrase()}))
		}
	}
}

// twinsByNumber: what a text is about has a number: a plant, a model, a building. Its title has not.
func twinsByNumber(b *builder) {
	form := b.english()
	names := [][2]string{{"Plant 3", "Plant 7"}, {"model A100", "model A200"}, {"building 12", "building 14"}, {"team 4b", "team 4c"}}[b.number%4]
	one, two := form.fill(b.rng, names[0], 2), form.fill(b.rng, names[1], 2)
	one.id, two.id = names[0], names[1]
	two.dates = []time.Time{one.dates[0].AddDate(0, 2, 3), one.dates[1].AddDate(0, 1, 5)}
	format := b.format()
	for _, state := range inOrder(2) {
		for i, x := range []lineage{one, two} {
			s := shape{format: format, phrase: b.phrase()}
			if b.number%2 == 0 {
				s.name = fmt.Sprintf("%s-%s-%d.%s", slug(form.title), []string{"x", "y"}[i], state, format)
			}
			b.add(b.file(x, state, s))
		}
	}
}

// supersedes: the uploader says which document the file replaces, and nothing about the two is alike.
func supersedes(b *builder) {
	one, two := b.strangers("")
	one.title, two.title = "Old rules", "The new order"
	first := b.file(one, 1, shape{phrase: b.phrase()})
	next := lineage{id: one.id, title: two.title, states: [][]parse.Block{nil, two.states[0]}, dates: one.dates}
	b.add(first, b.file(next, 2, shape{name: "another name.docx", phrase: b.phrase(), supersedes: first.upload.Name}))
}

// amends: a file changes part of another document. Both apply.
func amends(b *builder) {
	l := b.lineage(2)
	first := b.file(l, 1, shape{phrase: b.phrase()})
	change := lineage{id: "change", title: "Change no. 1 of the " + strings.ToLower(l.title), dates: l.dates[1:], states: [][]parse.Block{{
		{Kind: parse.Paragraph, Text: "The following sentence takes the place of the last one, until the rules are published anew."},
		{Kind: parse.Paragraph, Text: fmt.Sprintf("Requests are answered within %d days, and each answer names its reasons.", 3+b.rng.IntN(20))},
	}}}
	f := b.file(change, 1, shape{format: b.format(), phrase: b.phrase(), key: []string{"", "change-1"}[b.number%2]})
	f.upload.Amends = first.upload.Name
	b.add(first, f)
}

// batchOfTwins: the files of two units that fill in one form are handed in at once.
func batchOfTwins(b *builder) {
	form := b.english()
	at := b.rng.Perm(len(units))
	for _, state := range b.shuffled(2) {
		for i := range 2 {
			rng := rand.New(rand.NewPCG(uint64(b.number), uint64(i)))
			l := form.fill(rng, units[at[i]], 2)
			l.id, l.title = units[at[i]], l.title+" "+units[at[i]]
			b.steps = append(b.steps, step{upload: b.file(l, state, shape{format: b.format(), phrase: b.phrase()}), isLoose: true})
		}
	}
}
