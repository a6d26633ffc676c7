package parse

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlReader walks a tree and adds a block for each stretch of text between two block-level tags.
type htmlReader struct {
	out    *builder
	inline strings.Builder // text since the last block began
	lists  []htmlList
	marker string // of the list item that has begun and has no text yet
	itemAt int    // blocks in out when the current item's own text ended; extend only right behind it
	inItem bool
}

// htmlList is an open ul or ol.
type htmlList struct {
	style string // "1", "a", "A", "i", "I"; "" for bullets
	next  int
}

func (h *htmlReader) read(n *html.Node) error {
	if err := h.children(n); err != nil {
		return err
	}
	return h.flush()
}

func (h *htmlReader) children(n *html.Node) error {
	for child := range n.ChildNodes() {
		if err := h.node(child); err != nil {
			return err
		}
	}
	return nil
}

// node adds what n holds. Recursion is bounded: the tree is at most 512 deep.
func (h *htmlReader) node(n *html.Node) error {
	if n.Type == html.TextNode {
		h.inline.WriteString(collapseMarkup(n.Data))
		return nil
	}
	if n.Type != html.ElementNode || isChrome(n) {
		return nil
	}
	switch n.DataAtom {
	case atom.Br:
		h.inline.WriteByte('\n')
		return nil
	case atom.Img:
		h.inline.WriteString(attribute(n, "alt"))
		return nil
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return h.heading(n)
	case atom.Ul, atom.Ol, atom.Menu:
		return h.list(n)
	case atom.Li, atom.Dt:
		return h.item(n)
	case atom.Dd:
		return h.definition(n)
	case atom.Pre:
		return h.code(n)
	case atom.Table:
		return h.table(n)
	}
	if !isBlock[n.DataAtom] {
		return h.children(n)
	}
	if err := h.flush(); err != nil {
		return err
	}
	if err := h.children(n); err != nil {
		return err
	}
	return h.flush()
}

// flush ends the stretch of text: it becomes the open item's first text, its next paragraph, or a paragraph.
func (h *htmlReader) flush() error {
	text := h.inline.String()
	h.inline.Reset()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if h.marker != "" {
		marker := h.marker
		h.marker = ""
		err := h.out.add(Block{Kind: ListItem, Level: max(1, min(9, len(h.lists))), Text: marker + " " + text})
		h.inItem, h.itemAt = true, len(h.out.blocks)
		return err
	}
	if h.inItem && h.itemAt == len(h.out.blocks) && len(h.out.blocks) > 0 {
		return h.out.extend("\n", text)
	}
	return h.out.add(Block{Kind: Paragraph, Text: text})
}

func (h *htmlReader) heading(n *html.Node) error {
	if err := h.flush(); err != nil {
		return err
	}
	if err := h.children(n); err != nil {
		return err
	}
	text := strings.ReplaceAll(h.inline.String(), "\n", " ")
	h.inline.Reset()
	return h.out.add(Block{Kind: Heading, Level: int(n.Data[1] - '0'), Text: text})
}

func (h *htmlReader) list(n *html.Node) error {
	if err := h.flush(); err != nil {
		return err
	}
	list := htmlList{}
	if n.DataAtom == atom.Ol {
		list.style, list.next = "1", 1
		if style := attribute(n, "type"); len(style) == 1 && strings.Contains("1aAiI", style) {
			list.style = style
		}
		if start, err := strconv.Atoi(attribute(n, "start")); err == nil {
			list.next = start
		}
	}
	marker, inItem, itemAt := h.marker, h.inItem, h.itemAt
	h.marker, h.inItem = "", false
	h.lists = append(h.lists, list)
	if err := h.children(n); err != nil {
		return err
	}
	if err := h.flush(); err != nil {
		return err
	}
	h.lists = h.lists[:len(h.lists)-1]
	h.marker, h.inItem, h.itemAt = marker, inItem, itemAt
	return nil
}

func (h *htmlReader) item(n *html.Node) error {
	if err := h.flush(); err != nil {
		return err
	}
	h.marker = "-"
	if len(h.lists) > 0 && n.DataAtom == atom.Li {
		list := &h.lists[len(h.lists)-1]
		if value, err := strconv.Atoi(attribute(n, "value")); err == nil && list.style != "" {
			list.next = value
		}
		h.marker = listLabel(list.style, list.next)
		list.next++
	}
	if err := h.children(n); err != nil {
		return err
	}
	if err := h.flush(); err != nil {
		return err
	}
	h.marker, h.inItem = "", n.DataAtom == atom.Dt
	return nil
}

// definition joins a dd to its dt: "- Term: what it means".
func (h *htmlReader) definition(n *html.Node) error {
	if err := h.flush(); err != nil {
		return err
	}
	if h.inItem && h.itemAt == len(h.out.blocks) && len(h.out.blocks) > 0 {
		last := h.out.blocks[len(h.out.blocks)-1].Text
		separator := ": "
		if strings.HasSuffix(last, ":") {
			separator = " "
		}
		if err := h.children(n); err != nil {
			return err
		}
		text := h.inline.String()
		h.inline.Reset()
		return h.out.extend(separator, text)
	}
	if err := h.children(n); err != nil {
		return err
	}
	return h.flush()
}

func (h *htmlReader) code(n *html.Node) error {
	if err := h.flush(); err != nil {
		return err
	}
	return h.out.add(Block{Kind: Code, Text: textOf(n)})
}

// listLabel is the marker of an ordered list's nth item in the given style, "-" for bullets.
func listLabel(style string, n int) string {
	switch {
	case style == "":
		return "-"
	case strings.EqualFold(style, "a") && n >= 1 && n <= 26*27:
		label := string(rune('a' + (n-1)%26))
		if n > 26 {
			label = string(rune('a'+(n-1)/26-1)) + label
		}
		if style == "A" {
			label = strings.ToUpper(label)
		}
		return label + "."
	case strings.EqualFold(style, "i") && n >= 1 && n < 4000:
		label := roman(n)
		if style == "i" {
			label = strings.ToLower(label)
		}
		return label + "."
	}
	return strconv.Itoa(n) + "."
}

func roman(n int) string {
	var out strings.Builder
	for _, step := range []struct {
		value  int
		letter string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"},
		{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= step.value; n -= step.value {
			out.WriteString(step.letter)
		}
	}
	return out.String()
}

// collapseMarkup: in markup a line break in the source is a space; only br breaks a line.
func collapseMarkup(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\f' {
			return ' '
		}
		return r
	}, s)
}

// isBlock are the elements that begin and end a stretch of text.
var isBlock = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true,
	atom.Footer: true, atom.Blockquote: true, atom.Address: true, atom.Figure: true, atom.Figcaption: true,
	atom.Fieldset: true, atom.Legend: true, atom.Form: true, atom.Hr: true, atom.Details: true, atom.Summary: true,
	atom.Dl: true, atom.Center: true, atom.Hgroup: true, atom.Caption: true, atom.Body: true, atom.Tr: true,
	atom.Td: true, atom.Th: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Search: true, atom.Aside: true,
}

// isChrome says that n is not the document's text: scripts, navigation, controls, and what is hidden.
func isChrome(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Title, atom.Nav, atom.Aside, atom.Template, atom.Svg, atom.Object, atom.Canvas, atom.Audio, atom.Video,
		atom.Button, atom.Input, atom.Select, atom.Datalist, atom.Dialog, atom.Rp, atom.Progress, atom.Meter:
		return true
	case atom.Header, atom.Footer:
		return !isInside(n, atom.Main, atom.Article)
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			if a.Val != "until-found" {
				return true
			}
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			style := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		case "role":
			switch a.Val {
			case "navigation", "banner", "contentinfo", "search", "complementary", "doc-noteref", "doc-backlink":
				return true
			}
		}
	}
	return false
}

func isInside(n *html.Node, atoms ...atom.Atom) bool {
	for p := range n.Ancestors() {
		for _, a := range atoms {
			if p.DataAtom == a {
				return true
			}
		}
	}
	return false
}
