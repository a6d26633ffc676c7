package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/figure"
)

// byWords stand before a maker's name.
var byWords = wordSet(`by von par por`)

// inWords stand before a place's name.
var inWords = wordSet(`in at near on bei à en dans im am`)

// names are those that stand behind "by" in a sentence on the entity, or beside the role that is asked for.
func (c claimer) names(s readSentence) []valueClaim {
	isNamed := shareOf(c.entity, s.words) >= .6
	isMaker := slices.ContainsFunc(c.relation, func(r string) bool { return makers[r] })
	words := s.words
	var all []valueClaim
	if m := ownedBy.FindStringSubmatchIndex(s.text); m != nil && isNamed && isMaker {
		name := s.text[m[2]:m[3]]
		if keys := lowerWords(name); !sharesWord(keys, c.entity) {
			all = append(all, valueClaim{text: name, keys: keys, strength: 2})
		}
	}
	for i, w := range words {
		if !byWords[w.lower] || i == 0 {
			continue
		}
		name, keys := c.lastName(s.text, words[i+1:])
		if name == "" {
			continue
		}
		v := valueClaim{text: name, keys: keys}
		before := words[i-1].lower
		isRole := slices.ContainsFunc(c.relation, func(r string) bool { return isSameWord(r, before) })
		switch {
		case isRole || isMaker && isMade[before] && isNamed:
			v.strength = 3
		case !isNamed:
			continue
		case !strings.HasSuffix(before, "ed") && !isParticiple[before]:
			v.strength = 1
		default:
			continue
		}
		all = append(all, v)
	}
	for i, w := range words {
		if isNamed && i+1 < len(words) && slices.ContainsFunc(c.relation, func(r string) bool { return isSameWord(r, w.lower) }) {
			if name, keys := c.lastName(s.text, words[i+1:min(len(words), i+5)]); name != "" && isAdjacent(s.text, w.end, strings.Index(s.text[w.end:], name)+w.end) {
				all = append(all, valueClaim{text: name, keys: keys, strength: 2})
			}
		}
	}
	return all
}

// makers are roles of those who made a work, isMade what texts say of it.
var (
	makers = wordSet(`author writer composer artist creator singer band musician painter sculptor designer inventor wrote composed created sang
		autor autorin komponist komponistin künstler künstlerin schöpfer sänger sängerin maler malerin erfinder auteur compositeur artiste
		créateur chanteur chanteuse peintre inventeur autora compositor compositora artista creador creadora cantante pintor inventor`)
	isMade = wordSet(`written composed created recorded authored sung performed made painted designed invented geschrieben verfasst komponiert
		geschaffen gesungen aufgenommen gemalt erfunden écrit écrite composé composée créé créée chanté enregistré peint peinte inventé
		escrito escrita compuesto compuesta creado creada cantado grabado grabada pintado inventado`)
	ownedBy = regexp.MustCompile(`\b(?:is|was)\s+(?:\pL+\s+){0,4}?(\p{Lu}[\pL\pM-]+(?:\s\p{Lu}[\pL\pM.-]+)*)['’]s\s`)
)

var isParticiple = wordSet(`followed written built held made led known sung`)

func isAdjacent(text string, from, to int) bool { return to >= from && to-from <= 2 }

// lastName is the last run of capitalised words of the noun phrase that begins with the words: of "Scottish author
// Muriel Spark in 1981" Muriel Spark.
func (c claimer) lastName(text string, words []textWord) (name string, keys []string) {
	start, end := -1, -1
	for i, w := range words {
		if i > 0 && breaks(text[words[i-1].end:w.start], words[i-1].text) && (start >= 0 || strings.TrimSpace(text[words[i-1].end:w.start]) != ",") {
			break
		}
		isCapital := unicode.IsUpper([]rune(w.text)[0])
		if !isCapital && functionWords[c.language][w.lower] && !nameParticles[w.lower] && (start >= 0 || !leadsToName[w.lower]) {
			break
		}
		switch {
		case isCapital && end >= 0 && i > 0 && end == words[i-1].end:
			end = w.end
			keys = append(keys, w.lower)
		case isCapital:
			start, end, keys = w.start, w.end, []string{w.lower}
		case nameParticles[w.lower] && end >= 0:
			end = w.end
		case end >= 0 && len(keys) > 1 || i > 6:
			i = len(words)
		}
		if i == len(words) {
			break
		}
	}
	if start < 0 || !slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(c.entity, k) }) {
		return "", nil
	}
	return text[start:end], keys
}

// leadsToName may stand between "by" and a name.
var leadsToName = wordSet(`the a an and der dem den die einer einem und le la les l et el la los y un una`)

var nameParticles = wordSet(`de la le von van der den di da du del bin ibn al`)

// breaks reports whether a noun phrase ends between two words; initials and "Jr." have a full stop of their own.
func breaks(between, before string) bool {
	between = strings.TrimSpace(between)
	if between == "" || between == "\"" {
		return false
	}
	return !(between == "." && len([]rune(before)) <= 2)
}

// places are where the entity is said to be: the names behind "in", up to the end of the list of them.
func (c claimer) places(s readSentence) []valueClaim {
	if shareOf(c.entity, s.words) < .6 {
		return nil
	}
	words := s.words
	for i, w := range words {
		if !inWords[w.lower] || i < 2 || i+1 >= len(words) || !c.isSituating(s, i) {
			continue
		}
		name, keys := placeName(s.text, words[i+1:], c.entity)
		if name != "" {
			return []valueClaim{{text: name, keys: keys, strength: 2}}
		}
	}
	return nil
}

// isSituating reports whether what stands before a word says of the entity that it is somewhere: "lies", "is a town".
func (c claimer) isSituating(s readSentence, i int) bool {
	before := s.words[:i]
	if shareOf(c.entity, before) < .6 {
		return false
	}
	return slices.ContainsFunc(before, func(w textWord) bool { return situated[w.lower] }) || definition.MatchString(s.text[:s.words[i].start])
}

// placeName reads "Kalamazoo, Michigan, United States"; a common noun may stand before it ("the city of").
func placeName(text string, words []textWord, except []string) (name string, keys []string) {
	start, end := -1, -1
	for i, w := range words {
		if i > 9 {
			break
		}
		isCapital := unicode.IsUpper([]rune(w.text)[0])
		gap := ""
		if i > 0 {
			gap = strings.TrimSpace(text[words[i-1].end:w.start])
		}
		if gap != "" && gap != "," || gap == "," && start < 0 {
			break
		}
		if !isCapital {
			if start >= 0 && !(w.lower == "of") {
				break
			}
			continue
		}
		if figure.Month(w.lower) > 0 && len(w.text) > 3 {
			break
		}
		if start < 0 {
			start = w.start
		}
		end = w.end
		if !slices.Contains(except, w.lower) {
			keys = append(keys, w.lower)
		}
	}
	if start < 0 || len(keys) == 0 {
		return "", nil
	}
	return text[start:end], keys
}

// definition is "is a", "was an", "ist ein" and their like behind a name.
var definition = regexp.MustCompile(`(?i)(?:^|[^\pL\pM\d])(?:is|was|are|were|became|ist|war|est|était|fut|es|era|fue)\s+(?:also\s+|auch\s+)?(?:an?|the|one of the|eine?|der|die|das|une?|l[ea]s?|un[ao]?|el)\s+`)

// classes are what the entity is defined as.
func (c claimer) classes(s readSentence) []valueClaim {
	if len(c.entity) == 0 {
		return nil
	}
	at := definition.FindStringIndex(s.text)
	if at == nil || at[0] > 200 || c.namesMore() || superlative.MatchString(s.text[at[0]:]) || shareOf(c.entity, wordsBefore(s.words, at[0])) < .6 {
		return nil
	}
	words := wordsIn(s.text[at[1]:])
	var keys []string
	end := 0
	for i, w := range words {
		gap := ""
		if i > 0 {
			gap = strings.TrimSpace(s.text[at[1]+words[i-1].end : at[1]+w.start])
		}
		if gap != "" && gap != "/" || functionWords[c.language][w.lower] || i > 8 || endsDefinition[w.lower] {
			break
		}
		end = w.end
		if !unicode.IsUpper([]rune(w.text)[0]) && !saysLittle[w.lower] && !hasDigit.MatchString(w.text) {
			keys = append(keys, w.lower)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return []valueClaim{{text: s.text[at[1] : at[1]+end], keys: keys, strength: 2}}
}

// superlative is what says how a thing compares, not what it is.
var superlative = regexp.MustCompile(`^\PL*\pL+\s+(?:one of the|the (?:\pL+est|most|only|least|second|third))\b`)

// namesMore reports whether a question has more beside the name than the kind that it asks for.
func (c claimer) namesMore() bool {
	n := 0
	for _, r := range c.relation {
		if !works[r] && !addedGenerally[r] {
			n++
		}
	}
	return n > 1
}

var endsDefinition = wordSet(`based located situated written directed released recorded produced created born known named published
	performed starring that which who whose operated founded built`)

// saysLittle are words of definitions by which nothing differs in kind.
var saysLittle = wordSet(`former retired professional late noted famous well-known first second third small large new old historic
	early modern former current leading major prominent popular single`)
