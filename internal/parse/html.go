package parse

import (
	"context"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHTMLTokens bounds the tree that a page may grow into: about 150 bytes of memory a token.
const maxHTMLTokens = 1_000_000

// parseHTML reads a web page: its main part if it marks one, else its body without navigation and other chrome.
func parseHTML(ctx context.Context, text string, out *builder) (Document, error) {
	root, err := htmlTree(ctx, text, false, out.maxBytes)
	if err != nil {
		return Document{}, err
	}
	doc := htmlProperties(root)
	reader := htmlReader{out: out}
	if err := reader.read(mainPart(root)); err != nil {
		return Document{}, err
	}
	return doc, nil
}

// htmlTree parses text after a first pass that makes it harmless: see simplifyHTML.
func htmlTree(ctx context.Context, text string, isMarkdown bool, maxBytes int) (*html.Node, error) {
	simple, err := simplifyHTML(ctx, text, isMarkdown, maxBytes)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(stoppableReader{ctx, strings.NewReader(simple)})
	if err != nil {
		return nil, damaged(err)
	}
	return root, nil
}

// simplifyHTML drops scripts and comments, and makes the formatting elements spans. A tree builder must re-open
// unclosed formatting elements in every block, so that a few kilobytes of them would grow into gigabytes.
// In Markdown an unknown tag is text: people write <your name> there.
func simplifyHTML(ctx context.Context, text string, isMarkdown bool, maxBytes int) (string, error) {
	var out strings.Builder
	out.Grow(len(text))
	tokens := html.NewTokenizer(strings.NewReader(text))
	dropped := atom.Atom(0)
	for count := 0; ; count++ {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			if err := tokens.Err(); !errors.Is(err, io.EOF) {
				return "", damaged(err)
			}
			return out.String(), nil
		}
		if count > maxHTMLTokens || out.Len() > 8*maxBytes {
			return "", tooMuchText(maxBytes)
		}
		if count%4096 == 0 && ctx.Err() != nil {
			return "", ctx.Err()
		}
		switch kind {
		case html.CommentToken:
			continue
		case html.TextToken:
			if dropped == 0 {
				out.Write(tokens.Raw())
			}
			continue
		case html.DoctypeToken:
			out.Write(tokens.Raw())
			continue
		}
		raw := string(tokens.Raw())
		token := tokens.Token()
		switch {
		case isRawText[token.DataAtom]:
			dropped = 0
			if kind == html.StartTagToken {
				dropped = token.DataAtom
			}
		case dropped != 0:
		case isFormatting[token.DataAtom]:
			token.Data, token.DataAtom = "span", atom.Span
			out.WriteString(token.String())
		case isMarkdown && token.DataAtom == 0 && !strings.Contains(token.Data, "-"):
			out.WriteString(html.EscapeString(raw))
		case len(token.Attr) > 100:
			token.Attr = token.Attr[:100]
			out.WriteString(token.String())
		default:
			out.WriteString(raw)
		}
	}
}

// isRawText are the elements whose content is not markup and not text for a reader.
var isRawText = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Iframe: true, atom.Noembed: true, atom.Noframes: true,
	atom.Noscript: true, atom.Xmp: true, atom.Plaintext: true, atom.Textarea: true,
}

var isFormatting = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Big: true, atom.Code: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Nobr: true,
	atom.S: true, atom.Small: true, atom.Strike: true, atom.Strong: true, atom.Tt: true, atom.U: true,
}

// stoppableReader ends with its context, which ends a parser that reads from it.
type stoppableReader struct {
	ctx  context.Context // one call's, like an http.Request's
	body io.Reader
}

func (s stoppableReader) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.body.Read(p)
}

// htmlProperties takes title and meta data from the head.
func htmlProperties(root *html.Node) Document {
	doc := Document{Properties: map[string]string{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Html:
			if lang := attribute(n, "lang"); lang != "" {
				doc.Properties["language"] = lang
			}
		case atom.Title:
			if doc.Title == "" && n.Namespace == "" {
				doc.Title = strings.TrimSpace(textOf(n))
			}
		case atom.Meta:
			name := snakeCase(attribute(n, "name") + attribute(n, "property") + attribute(n, "itemprop"))
			content := attribute(n, "content")
			if content != "" && isDocumentProperty(name) && len(doc.Properties) < maxProperties {
				doc.Properties[name] = content
			}
		case atom.Body:
			return doc
		}
	}
	return doc
}

// maxProperties bounds what a file may say about itself.
const maxProperties = 200

// isDocumentProperty keeps what describes the document; the rest of a page's meta data steers browsers and robots.
func isDocumentProperty(name string) bool {
	for _, part := range []string{"date", "time", "modified", "created", "published", "issued", "effective", "valid", "expires",
		"version", "revision", "author", "creator", "publisher", "description", "keywords", "subject", "language", "identifier", "document"} {
		if strings.Contains(name, part) {
			return !strings.HasPrefix(name, "twitter") && !strings.HasPrefix(name, "og_image")
		}
	}
	return false
}

// mainPart is the element that holds the document: main or a single article if at least half of the text is in it.
func mainPart(root *html.Node) *html.Node {
	body := root
	var mains, articles []*html.Node
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Body:
			body = n
		case n.DataAtom == atom.Main, attribute(n, "role") == "main":
			if len(mains) < 3 {
				mains = append(mains, n)
			}
		case n.DataAtom == atom.Article:
			articles = append(articles, n)
		}
	}
	candidates := mains
	if len(candidates) == 0 && len(articles) == 1 {
		candidates = articles
	}
	total := visibleBytes(body)
	for _, n := range candidates {
		if 2*visibleBytes(n) >= total {
			return n
		}
	}
	return body
}

// visibleBytes is how much text a reader of n sees, white space aside. The tree is at most 512 deep.
func visibleBytes(n *html.Node) int {
	if n.Type == html.TextNode {
		return len(strings.TrimSpace(n.Data))
	}
	if isChrome(n) {
		return 0
	}
	total := 0
	for child := range n.ChildNodes() {
		total += visibleBytes(child)
	}
	return total
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}
