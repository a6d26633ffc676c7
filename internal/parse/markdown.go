package parse

import (
	"bytes"
	"context"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

// parseMarkdown reads Markdown the way a browser shows it: rendered to HTML and then read as HTML, so that a raw
// HTML table or list in the middle of a page, even one with blank lines or Markdown inside, becomes one table or list.
func parseMarkdown(ctx context.Context, text string, out *builder) (Document, error) {
	text = strings.ReplaceAll(plain(text), "\r", "\n")
	properties, text := frontMatter(text)
	text = tameMarkdown(stripLiquid(text))
	converter := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Footnote, extension.DefinitionList),
		goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(html.WithUnsafe()), // nothing is shown: only text is taken out of it
	)
	reader := htmlReader{out: out}
	for part := range markdownParts(text) {
		var page bytes.Buffer
		if err := converter.Convert([]byte(part), &page); err != nil {
			return Document{}, damaged(err)
		}
		root, err := htmlTree(ctx, page.String(), true, out.maxBytes)
		if err != nil {
			return Document{}, err
		}
		if err := reader.read(root); err != nil {
			return Document{}, err
		}
	}
	return Document{Title: properties["title"], Properties: properties}, nil
}

// maxMarkdownPart bounds what one syntax tree costs: memory of up to 100 times its source, and time that grows with
// the square of some sources (thousands of unclosed links). Between two parts the clock is looked at.
const maxMarkdownPart = 128 << 10

// markdownParts yields text whole, or, when it is long, cut at blank lines before a heading outside of code.
// Only link references across parts are lost by that, and those are dropped with their address anyway.
func markdownParts(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for len(text) > maxMarkdownPart {
			cut := markdownCut(text)
			if !yield(text[:cut]) {
				return
			}
			text = text[cut:]
		}
		yield(text)
	}
}

func markdownCut(text string) int {
	isInFence := false
	lastBlank, lastHeading := 0, 0
	for at := 0; at < maxMarkdownPart; {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			break
		}
		line := text[at : at+end]
		switch {
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			isInFence = !isInFence
		case isInFence:
		case strings.HasPrefix(line, "#"):
			lastHeading = at
		case strings.TrimSpace(line) == "":
			lastBlank = at
		}
		at += end + 1
	}
	switch {
	case lastHeading > 0:
		return lastHeading
	case lastBlank > 0:
		return lastBlank
	}
	cut := maxMarkdownPart // one paragraph of a megabyte: anywhere between two characters
	for cut > 0 && text[cut]&0xC0 == 0x80 {
		cut--
	}
	return cut
}

var (
	liquidComment = regexp.MustCompile(`(?s)\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}`)
	liquidTag     = regexp.MustCompile(`\{%(?:[^\n]|\n[^\n])*?%\}|\{\{(?:[^\n]|\n[^\n])*?\}\}`)
	quotedWord    = regexp.MustCompile(`^\{%-?\s*\w+\s+["']([\pL\pN][\pL\pN_ -]*)["']\s*-?%\}$`)
	attributeLine = regexp.MustCompile(`(?m)^[ \t]*\{:[^}\n]*\}[ \t]*$|\{:[ \t]*[.#][^}\n]*\}`)
)

// stripLiquid removes the tags of Jekyll's template language and kramdown's attribute lists.
// What stands between two tags stays, except in a comment.
func stripLiquid(text string) string {
	if strings.Contains(text, "{%") || strings.Contains(text, "{{") {
		text = liquidComment.ReplaceAllString(text, "")
		text = replaceTags(text)
	}
	if strings.Contains(text, "{:") {
		text = attributeLine.ReplaceAllString(text, "")
	}
	return text
}

// replaceTags drops each tag, but where one with a plain quoted word stands in a line of text, as in
// "ask in {% channel "travel" %}", the word is what the reader would see.
func replaceTags(text string) string {
	var out strings.Builder
	last := 0
	for _, at := range liquidTag.FindAllStringIndex(text, -1) {
		start, end := at[0], at[1]
		out.WriteString(text[last:start])
		last = end
		before := text[max(0, start-200):start] // enough of the line to know, however long it is
		before = strings.TrimSpace(before[strings.LastIndexByte(before, '\n')+1:])
		after, _, _ := strings.Cut(text[end:min(len(text), end+200)], "\n")
		isAlone := before == "" && strings.TrimSpace(after) == ""
		isAddress := strings.HasSuffix(before, "(") || strings.HasSuffix(before, "=") || strings.HasSuffix(before, `="`)
		if m := quotedWord.FindStringSubmatch(text[start:end]); m != nil && !isAlone && !isAddress {
			out.WriteString(m[1])
		}
	}
	out.WriteString(text[last:])
	return out.String()
}

var (
	deepMarkers = regexp.MustCompile(`(?m)^[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)])[ \t]*){24,}`)
	deepInline  = regexp.MustCompile("[\\[\\]!*_~`<]{64,}|(?:\\[[^\\[\\]()\n]{0,20}\\]\\([^()\n]{0,20}){16,}")
)

// tameMarkdown takes out what no one writes but what makes a parser slow or deep: dozens of nested
// quotations or lists on one line, and long runs of opening marks or of links without an end.
func tameMarkdown(text string) string {
	text = deepMarkers.ReplaceAllString(text, "")
	return deepInline.ReplaceAllString(text, " ")
}
