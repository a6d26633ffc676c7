package imprint

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentences yields the sentences of a block; cells of a footer ("Policy | Effective … | Page 1") are sentences too.
func sentences(block string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		for i, r := range block {
			if !isSentenceEnd(block, i, r) {
				continue
			}
			end := i + utf8.RuneLen(r)
			if i-start > 0 && !yield(strings.TrimSpace(block[start:end])) {
				return
			}
			start = end
		}
		if rest := strings.TrimSpace(block[start:]); rest != "" {
			yield(rest)
		}
	}
}

func isSentenceEnd(block string, i int, r rune) bool {
	switch r {
	case '\n', ';', '|', '•', '·':
		return true
	case '.', '!', '?':
	default:
		return false
	}
	rest := strings.TrimLeft(block[i+1:], `)"”»’]`)
	if rest == "" || rest[0] != ' ' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest[1:])
	if !unicode.IsUpper(next) && !strings.ContainsRune(`"“„«([`, next) {
		return false
	}
	word := block[strings.LastIndexAny(block[:i], " \n(")+1 : i]
	if r != '.' {
		return true
	}
	isNumber := strings.Trim(word, "0123456789") == ""
	if isNumber {
		return len(word) > 2 // "1. Januar" goes on, "of 2024. The" doesn't
	}
	return utf8.RuneCountInString(word) > 1 && !isAbbreviation(word)
}

func isAbbreviation(word string) bool {
	_, isMonth := months[strings.ToLower(word)]
	return isMonth && utf8.RuneCountInString(word) < 5 && strings.ToLower(word) != "may" || abbreviation.MatchString(word)
}

var abbreviation = regexp.MustCompile(`(?i)^(?:no|nr|rev|ver|vers|vol|sec|art|abs|dr|mr|ms|mrs|st|inc|ltd|bzw|ggf|inkl|einschl|z|p|pp|vs|num|núm|approx|dept)$`)

// quoteOf is the sentence, or, when it is long, the part of it around the statement; one line.
func quoteOf(text string, start, end int) string {
	if utf8.RuneCountInString(text) <= maxQuote {
		return shorten(text)
	}
	return shorten(text[start:max(start, min(end, len(text)))])
}

const maxQuote = 200

func shorten(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(text) <= maxQuote {
		return text
	}
	return string([]rune(text)[:maxQuote-1]) + "…"
}
