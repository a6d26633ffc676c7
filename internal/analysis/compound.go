package analysis

import (
	"strings"
	"unicode"
)

// emitCompound emits a compound's words and, where it is a code, the compound as a whole. Paths, addresses
// and times are cut at their slashes first, so that "api/users.md" also gives "users.md".
func emitCompound(s string, language Language, emit func(token)) {
	pieces := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == ':' || r == '@' })
	if len(pieces) > 1 && len(s) <= longestCode && (hasDigit(s) || strings.Contains(s, "@")) {
		emit(token{s, true})
	}
	for _, piece := range pieces {
		emitPiece(piece, language, emit)
	}
}

// unmarked is a version or hexadecimal number without its v or 0x, which people leave out; "" for anything else.
func unmarked(s string) string {
	if len(s) > 2 && (s[0] == 'v' || s[0] == 'V') && s[1] >= '0' && s[1] <= '9' {
		return s[1:]
	}
	if len(s) > 3 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && strings.Trim(s[2:], "0123456789abcdefABCDEF") == "" {
		return s[2:]
	}
	return ""
}

func emitPiece(s string, language Language, emit func(token)) {
	if number := unmarked(s); number != "" && len(s) <= longestCode {
		emit(token{number, true})
	}
	if number, isAmbiguous := ungroup(s); number != "" {
		emit(token{number, false})
		if isAmbiguous {
			emit(token{s, true})
		}
		return
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_.&,", r) })
	if len(words) > 1 {
		if abbreviation, ok := initials(words, s); ok {
			emit(token{abbreviation, false})
			return
		}
		if isCode(s) {
			emit(token{strings.ReplaceAll(s, ",", "."), true})
		} else if len(words) == 2 && len(words[0]) == 1 { // e-mail is email
			emit(token{words[0] + words[1], true})
		}
	}
	for _, word := range words {
		emitWord(word, language, emit)
	}
}

// isCode reports whether a piece with connectors is more than words with hyphens.
func isCode(s string) bool {
	return len(s) <= longestCode && (hasDigit(s) || strings.ContainsAny(s, "_.&"))
}

// ungroup returns the digits of a number written with thousands separators, "" for anything else. After a
// single point, as in 1.500, only the language's custom would tell, so it may as well be a fraction.
func ungroup(s string) (number string, isAmbiguous bool) {
	for _, separator := range []string{",", ".", "'"} {
		groups := strings.Split(s, separator)
		if len(groups) < 2 || len(groups[0]) > 3 || groups[0] == "" || groups[0] == "0" {
			continue
		}
		isGrouped := isASCIIDigits(groups[0])
		for _, group := range groups[1:] {
			isGrouped = isGrouped && len(group) == 3 && isASCIIDigits(group)
		}
		if isGrouped {
			return strings.Join(groups, ""), separator == "." && len(groups) == 2
		}
	}
	return "", false
}

// initials joins the letters of an abbreviation such as U.S.A.
func initials(words []string, s string) (string, bool) {
	if strings.ContainsAny(s, "-_&,") || hasDigit(s) {
		return "", false
	}
	for _, word := range words {
		if len([]rune(word)) != 1 {
			return "", false
		}
	}
	return strings.Join(words, ""), true
}

// emitWord emits a word without connectors but apostrophes, and the words of which an identifier in camel
// case is made.
func emitWord(s string, language Language, emit func(token)) {
	for _, word := range splitApostrophes(s, language) {
		emit(token{word, false})
		for _, part := range splitCamel(word) {
			emit(token{part, true})
		}
	}
}

// splitApostrophes follows the customs of languages: French and Italian elide before the word, Turkish
// puts endings behind it, English has possessives; otherwise the apostrophe is a letter that is left out.
func splitApostrophes(s string, language Language) []string {
	if !strings.Contains(s, "'") {
		return []string{s}
	}
	switch language {
	case "fr", "it", "ca":
		return strings.FieldsFunc(s, func(r rune) bool { return r == '\'' })
	case "tr", "az":
		head, _, _ := strings.Cut(s, "'")
		return []string{head}
	}
	for _, possessive := range []string{"'s", "'S"} {
		s = strings.TrimSuffix(s, possessive)
	}
	return []string{strings.ReplaceAll(s, "'", "")}
}

// splitCamel returns the words of maxRetryCount, nothing for a word that isn't made like that.
// Parts of one letter, as in GmbH and iPhone, are no words.
func splitCamel(s string) []string {
	var parts []string
	start, before := 0, rune(0)
	for i, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			parts = append(parts, s[start:i])
			start = i
		}
		before = r
	}
	if start == 0 {
		return nil
	}
	parts = append(parts, s[start:])
	for _, part := range parts {
		if len(part) < 2 {
			return nil
		}
	}
	return parts
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

func isASCIIDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
