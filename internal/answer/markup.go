package answer

import (
	"html"
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

// entity is a character by its name or number in HTML, which Markdown knows, too.
var entity = regexp.MustCompile(`&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,31});`)

// withoutEntities writes such characters as themselves, so that what is checked is what a reader's program may show.
func withoutEntities(text string) string {
	for range 3 { // an entity may be written by entities
		plain := entity.ReplaceAllStringFunc(text, html.UnescapeString)
		if plain == text {
			break
		}
		text = plain
	}
	return text
}

// notices are what answers say of themselves in brackets.
var notices = func() *regexp.Regexp {
	var all []string
	for _, p := range []phrases{english, german, french, spanish} {
		for _, notice := range []string{p.notInSources, p.leftOut} {
			words := strings.FieldsFunc(notice, func(c rune) bool { return !unicode.IsLetter(c) })
			all = append(all, strings.Join(words, `[^\pL\n]+`))
		}
	}
	return regexp.MustCompile(`(?i)[ \t]*\\?[\[【［]\W{0,3}(?:` + strings.Join(all, "|") + `)\W{0,3}[\]】］]`)
}()

// withoutNotices takes out, and counts, what a model writes in their words: only a check may say so.
func withoutNotices(text string) (plain string, removed int) {
	return notices.ReplaceAllString(text, ""), len(notices.FindAllString(text, -1))
}

var (
	image     = regexp.MustCompile(`!\[([^\[\]]*)\](?:\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)[^()]*\)|\[[^\]]*\])`)
	link      = regexp.MustCompile(`\[([^\[\]]*)\]\(\s*<?([^()\s>]*(?:\([^()]*\)[^()\s>]*)*)>?[^()]*\)`)
	anyURL    = regexp.MustCompile(`(?i)(?:\b[a-z][a-z\d+.-]{1,20}:/{1,2}|\bwww\.|\b(?:javascript|data|vbscript|mailto|file|tel|sms):|(?:^|[\s("'<])//)[^\s<>"'\x60|\])}]+|\b[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,24}(?::\d+)?[/?#][^\s<>"'\x60|\])}]+`)
	tag       = regexp.MustCompile(`(?s)<!--.*?-->|</?[a-zA-Z!?][^<>]*>`)
	openImage = regexp.MustCompile(`!+\[`)
	openAngle = regexp.MustCompile(`<([a-zA-Z/!?])`)
	emptyPair = regexp.MustCompile(`\(\s*\)|<\s*>|\[\s*\]`)
	// markTarget and deadEnd would be links once that is gone which stands in between, or by ways to write a target
	// that other patterns don't know; a definition would make one of any word in brackets.
	markTarget     = regexp.MustCompile("\ue001\\([^()\n]*(?:\\([^()\n]*\\)[^()\n]*)*\\)?")
	deadEnd        = regexp.MustCompile(`!?(?:\[[^\[\]]*)?\]\([^)\n]*\)?`)
	linkDefinition = regexp.MustCompile(`(?m)^(\s{0,3})(?:\[([^\[\]\n]+)\]|(\x{e000}[^\x{e001}]*\x{e001})):`)
	webURL         = regexp.MustCompile(`(?i)^(?:https?://|www\.|mailto:|[a-z\d-]+(?:\.[a-z\d-]+)+/)`)
)

// plainText takes markup out of a model's text that could load, lead or carry something elsewhere: images always,
// tags always, links and addresses unless they stand in one of the sources word for word. removed counts them.
func plainText(text string, isInSources func(address string) bool) (plain string, removed int) {
	isAllowed := func(address string) bool { return webURL.MatchString(address) && isInSources(address) }
	count := func(sign string, expr *regexp.Regexp, keep func(m []string) string) {
		if !strings.Contains(text, sign) { // which is looked for sooner
			return
		}
		text = expr.ReplaceAllStringFunc(text, func(whole string) string {
			kept := keep(expr.FindStringSubmatch(whole))
			if kept != whole {
				removed++
			}
			return kept
		})
	}
	count("\ue001(", markTarget, func([]string) string { return "\ue001" })
	count("![", image, func(m []string) string { return m[1] })
	count("](", link, func(m []string) string {
		if isAllowed(m[2]) {
			return "[" + m[1] + "](" + m[2] + ")"
		}
		return m[1]
	})
	count("<", tag, func([]string) string { return "" })
	count("", anyURL, func(m []string) string {
		address := strings.TrimLeft(m[0], " \t\n(\"'<")
		trimmed := strings.TrimRight(address, ".,;:!?*_")
		if isAllowed(trimmed) {
			return m[0]
		}
		return m[0][:len(m[0])-len(address)] + address[len(trimmed):]
	})
	count("](", deadEnd, func(m []string) string {
		if target := link.FindStringSubmatch(m[0]); target != nil && isAllowed(target[2]) {
			return m[0]
		}
		return strings.Replace(m[0], "](", "] (", 1)
	})
	count(":", linkDefinition, func(m []string) string { return m[1] + m[2] + m[3] })
	count("![", openImage, func([]string) string { return "[" })
	text = strings.ReplaceAll(text, "\ue001(", "\ue001 (")
	if removed > 0 {
		text = emptyPair.ReplaceAllString(text, "")
	}
	return openAngle.ReplaceAllString(text, "< $1"), removed
}
