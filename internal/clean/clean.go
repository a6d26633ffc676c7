// Package clean takes the noise out of a parsed document: page headers and footers, broken lines and words, hidden and wrong characters.
// It does not judge the text, and it never changes a number.
package clean

import (
	"slices"
	"strings"

	"clearwell/internal/parse"
)

// maxPasses bounds the search for a state that cleaning leaves alone. Real documents need two passes, the
// second of which changes nothing; taking out a repeated header can lay bare a second one.
const maxPasses = 16

// Apply returns doc without noise; doc itself is not changed. The result depends on nothing but doc, and
// applying it again changes nothing. Kinds and pages of blocks stay, but for a paragraph that begins with a
// bullet, which becomes a list item, and for a paragraph that goes on over a page break, which becomes one.
func Apply(doc parse.Document) parse.Document {
	doc.Title = joinLines(tidy(doc.Title), wordSet{})
	for range maxPasses {
		blocks := pass(doc)
		if slices.Equal(blocks, doc.Blocks) {
			break
		}
		doc.Blocks = blocks
	}
	return doc
}

// pass applies every rule once, in an order in which most documents are done after one pass.
func pass(doc parse.Document) []parse.Block {
	blocks := slices.Clone(doc.Blocks)
	for i := range blocks {
		blocks[i].Text = tidy(blocks[i].Text)
	}
	blocks = dropFurniture(blocks, doc.Pages)
	entries := findContents(blocks)
	compounds := findCompounds(blocks)
	for i := range blocks {
		blocks[i].Text = entries.strip(blocks[i])
		blocks[i] = layOut(blocks[i], compounds)
	}
	blocks = slices.DeleteFunc(blocks, isEmpty)
	blocks = joinAcrossPages(blocks, compounds)
	return slices.CompactFunc(blocks, func(a, b parse.Block) bool { return a.Kind == b.Kind && a.Text == b.Text })
}

// layOut gives a block's lines the form of its kind.
func layOut(b parse.Block, compounds wordSet) parse.Block {
	switch b.Kind {
	case parse.Code:
		b.Text = trimLines(dropSoftHyphens(b.Text))
	case parse.Table:
		b.Text = tidyRows(dropSoftHyphens(b.Text))
	default:
		b.Text = joinLines(b.Text, compounds)
		b = normaliseBullet(b)
	}
	return b
}

// isEmpty reports whether a block says nothing: no characters, or only those that rules are drawn with.
func isEmpty(b parse.Block) bool {
	if b.Kind == parse.Code {
		return strings.TrimSpace(b.Text) == ""
	}
	return strings.Trim(b.Text, " \n\t-–—_=*~·•.#|+") == ""
}
