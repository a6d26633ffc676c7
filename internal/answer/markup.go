package answer

import (
	"regexp"
	"strings"
	"unicode"
)

// withoutInvisible takes out what a reader doesn't see and a model does: control and format characters (zero-width,
// bidirectional, tags), variation selectors, private use. Lines and tabs stay.
func withoutInvisible(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r' || c == '\u2028' || c == '\u2029' || c == '\u0085':
			return '\n'
		case c == '\ufeff' || c == unicode.ReplacementChar:
			return -1
		case unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector), c == '\u115f', c == '\u1160', c == '\u3164', c == '\uffa0':
			return -1
		}
		return c
	}, text)
}

// turnMarks are how servers of language models write the turns of a chat inside of a text.
var turnMarks = regexp.MustCompile(`<[|｜]|[|｜]>|</?s>|</?(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>`)

// forPrompt is a text as a model may see it: no invisible characters, and nothing that a server would take for the
// beginning of another turn.
func forPrompt(text string) string {
	return turnMarks.ReplaceAllStringFunc(withoutInvisible(text), func(m string) string { return m[:1] + " " + m[1:] })
}

var (
	image     = regexp.MustCompile(`!\[([^\[\]]*)\](?:\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)[^()]*\)|\[[^\]]*\])`)
	link      = regexp.MustCompile(`\[([^\[\]]*)\]\(\s*<?([^()\s>]*(?:\([^()]*\)[^()\s>]*)*)>?[^()]*\)`)
	anyURL    = regexp.MustCompile(`(?i)(?:\b[a-z][a-z\d+.-]{1,20}:/{1,2}|\bwww\.|\b(?:javascript|data|vbscript|mailto|file|tel|sms):|(?:^|[\s("'<])//)[^\s<>"'\x60|\])}]+|\b[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,24}[/?#][^\s<>"'\x60|\])}]+`)
	tag       = regexp.MustCompile(`(?s)<!--.*?-->|</?[a-zA-Z!?][^<>]*>`)
	openAngle = regexp.MustCompile(`<([a-zA-Z/!?])`)
	emptyPair = regexp.MustCompile(`\(\s*\)|<\s*>|\[\s*\]`)
	webURL    = regexp.MustCompile(`(?i)^(?:https?://|www\.|mailto:|[a-z\d-]+(?:\.[a-z\d-]+)+/)`)
)

// plainText takes markup out of a model's text that could load, lead or carry something elsewhere: images always,
// tags always, links and addresses unless they stand in one of the sources word for word. removed counts them.
func plainText(text string, isInSources func(address string) bool) (plain string, removed int) {
	isAllowed := func(address string) bool { return webURL.MatchString(address) && isInSources(address) }
	count := func(expr *regexp.Regexp, keep func(m []string) string) {
		text = expr.ReplaceAllStringFunc(text, func(whole string) string {
			kept := keep(expr.FindStringSubmatch(whole))
			if kept != whole {
				removed++
			}
			return kept
		})
	}
	count(image, func(m []string) string { return m[1] })
	count(link, func(m []string) string {
		if isAllowed(m[2]) {
			return "[" + m[1] + "](" + m[2] + ")"
		}
		return m[1]
	})
	count(tag, func([]string) string { return "" })
	count(anyURL, func(m []string) string {
		address := strings.TrimLeft(m[0], " \t\n(\"'<")
		trimmed := strings.TrimRight(address, ".,;:!?*_")
		if isAllowed(trimmed) {
			return m[0]
		}
		return m[0][:len(m[0])-len(address)] + address[len(trimmed):]
	})
	if removed > 0 {
		text = emptyPair.ReplaceAllString(text, "")
	}
	return openAngle.ReplaceAllString(text, "< $1"), removed
}
