package parsetest

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"clearwell/internal/parse"
)

func writeHTML(blocks []parse.Block, o Options) []byte {
	var out strings.Builder
	out.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	if o.Title != "" {
		fmt.Fprintf(&out, "<title>%s</title>\n", html.EscapeString(o.Title))
	}
	for _, key := range slices.Sorted(maps.Keys(o.Properties)) {
		fmt.Fprintf(&out, "<meta name=\"%s\" content=\"%s\">\n", html.EscapeString(key), html.EscapeString(o.Properties[key]))
	}
	out.WriteString("</head>\n<body>\n<main>\n")
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		text := html.EscapeString(b.Text)
		switch b.Kind {
		case parse.Heading:
			level := min(max(b.Level, 1), 6)
			fmt.Fprintf(&out, "<h%d>%s</h%d>\n", level, text, level)
		case parse.ListItem:
			end := i
			var items []item
			for ; end < len(blocks) && blocks[end].Kind == parse.ListItem; end++ {
				items = append(items, itemOf(blocks[end]))
			}
			htmlList(&out, items)
			i = end - 1
		case parse.Table:
			htmlTable(&out, rows(b))
		case parse.Code:
			fmt.Fprintf(&out, "<pre><code>%s</code></pre>\n", text)
		default:
			fmt.Fprintf(&out, "<p>%s</p>\n", text)
		}
	}
	out.WriteString("</main>\n</body>\n</html>\n")
	return []byte(out.String())
}

// htmlList writes a run of items. What lies deeper than an item becomes a list within it.
func htmlList(out *strings.Builder, items []item) {
	for len(items) > 0 {
		level, isOrdered, end := items[0].level, items[0].isOrdered, 1
		for end < len(items) && (items[end].level > level || items[end].level == level && items[end].isOrdered == isOrdered) {
			end++
		}
		tag := "ul"
		if isOrdered {
			tag = "ol"
		}
		fmt.Fprintf(out, "<%s>\n", tag)
		for at := 0; at < end; {
			next := at + 1
			for next < end && items[next].level > level {
				next++
			}
			value := ""
			if isOrdered {
				value = fmt.Sprintf(" value=\"%d\"", items[at].number)
			}
			fmt.Fprintf(out, "<li%s>%s", value, html.EscapeString(items[at].text))
			if next > at+1 {
				out.WriteString("\n")
				htmlList(out, items[at+1:next])
			}
			out.WriteString("</li>\n")
			at = next
		}
		fmt.Fprintf(out, "</%s>\n", tag)
		items = items[end:]
	}
}

func htmlTable(out *strings.Builder, table [][]string) {
	out.WriteString("<table>\n")
	for i, cells := range table {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		out.WriteString("<tr>")
		for _, cell := range cells {
			fmt.Fprintf(out, "<%s>%s</%s>", tag, html.EscapeString(cell), tag)
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</table>\n")
}
