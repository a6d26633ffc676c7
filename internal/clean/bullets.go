package clean

import (
	"regexp"

	"clearwell/internal/parse"
)

var (
	// bulletGlyph is a mark that begins a list item and nothing else; the private-use ones are what
	// word processors' symbol fonts leave in a PDF.
	bulletGlyph = regexp.MustCompile(`^[•◦▪▫‣●○■□◆◇⁃∙➢➤►\x{f0a7}\x{f0b7}\x{f0d8}\x{f076}\x{f0fc}]\s*`)
	// listGlyph also takes marks that mean something else elsewhere.
	listGlyph  = regexp.MustCompile(`^(?:[•◦▪▫‣●○■□◆◇⁃∙➢➤►\x{f0a7}\x{f0b7}\x{f0d8}\x{f076}\x{f0fc}]\s*|[*+·–—o]\s+)`)
	bulletLine = regexp.MustCompile(`^(?:[•◦▪▫‣●○■□◆◇⁃∙➢➤►\x{f0a7}\x{f0b7}\x{f0d8}\x{f076}\x{f0fc}]|[-*] )`)
)

// normaliseBullet writes a list item's bullet as "- "; a paragraph that begins with a bullet is a list item.
func normaliseBullet(b parse.Block) parse.Block {
	switch b.Kind {
	case parse.ListItem:
		if mark := listGlyph.FindString(b.Text); mark != "" {
			b.Text = "- " + b.Text[len(mark):]
		}
	case parse.Paragraph:
		if mark := bulletGlyph.FindString(b.Text); mark != "" && len(mark) < len(b.Text) {
			b.Kind, b.Level, b.Text = parse.ListItem, 1, "- "+b.Text[len(mark):]
		}
	}
	return b
}
