package imprint

import (
	"regexp"
	"strings"

	"clearwell/internal/parse"
)

// place says where in the document a block stands. A date about validity stands at the beginning or the end, in a
// section about validity, or says that it speaks of the document.
type place struct {
	isTitle    bool // the first words
	isHead     bool
	isTail     bool
	isValidity bool // the heading says "Effective date"
	isControl  bool // the heading says "Document control"
	isHistory  bool // the heading says "Revision history"
	isExample  bool
	heading    string // the nearest heading above
}

// isOpen reports whether a statement without a subject is the document's own here.
func (p place) isOpen() bool {
	return !p.isExample && (p.isHead || p.isTail || p.isValidity || p.isControl)
}

func (p place) rankOfLine() rank {
	if p.isValidity {
		return ofDocument
	}
	return ofLine
}

// What is looked at: the beginning of the text, the end of it, sections about validity wherever they stand.
const (
	headBlocks = 15
	headBytes  = 2000
	tailBlocks = 4
	tailBytes  = 800
	bodyBytes  = 256 << 10
	blockBytes = 8 << 10
	otherBytes = 128 << 10 // of sections about validity or history behind the body
)

// located is a block with its place.
type located struct {
	parse.Block
	place place
}

var (
	numbering       = regexp.MustCompile(`(?i)^(?:(?:section|article|artikel|clause|kapitel|abschnitt|artículo|teil|part|§+)\s*)?(?:\d+(?:\.\d+)*|[ivx]+)[.):]*(?:\s+|\s*[-–—:]\s*)(?:[-–—:]\s*)?`)
	validityHeading = regexp.MustCompile(`(?i)^(?:effective\s+date|effective\s+date\s+and\s+.*|date\s+of\s+effect|validity(?:\s+(?:period|and\s+.*))?|period\s+of\s+validity|entry\s+into\s+force|(?:commencement|coming\s+into\s+force)(?:\s+and\s+.*)?|commencement\s+date|term|term\s+and\s+termination|duration|(?:policy|contract)\s+(?:period|term)|effectiveness|final\s+provisions|in-?\s?kraft-?treten.*|gültigkeit(?:sdauer|szeitraum)?|geltung|geltungsdauer|geltungsbeginn|geltungsbereich\s+und\s+.*|laufzeit.*|vertragsdauer|schluss-?bestimmungen|schlussbestimmung|übergangs-?\s?und\s+schlussbestimmungen|entrée\s+en\s+vigueur.*|durée(?:\s+.*)?|(?:période\s+de\s+)?validité|date\s+d['’](?:effet|entrée\s+en\s+vigueur|application)|prise\s+d['’]effet|dispositions\s+finales|vigencia.*|entrada\s+en\s+vigor.*|validez|disposici(?:ón|ones)\s+final(?:es)?|duración)$`)
	controlHeading  = regexp.MustCompile(`(?i)^(?:(?:document|policy|procedure|version)\s+(?:control|information|details|data|properties|summary|status|approval|administration)(?:\s+.*)?|approval(?:\s+.*)?|metadata|dokument(?:en)?(?:informationen|information|lenkung|daten|angaben)|metadaten|freigabe|angaben\s+zum\s+dokument|informations?\s+(?:sur\s+le|du)\s+document|(?:contrôle|fiche)\s+du\s+document|approbation|(?:información|datos|control)\s+del\s+documento|control\s+documental|aprobación)$`)
	historyHeading  = regexp.MustCompile(`(?i)^(?:(?:document|revision|version|change|amendment|policy|review|approval)s?[\s-]+(?:history|log|record|table)|(?:history|record|table|list)\s+of\s+(?:changes|revisions|amendments|versions)|change-?\s?log|history|version\s+control|document\s+control|(?:änderungs|versions|revisions|dokument(?:en)?)-?\s?(?:historie|verzeichnis|verlauf|nachweis|übersicht)|änderungen|historie|versionen|historique(?:\s+.*)?|suivi\s+des\s+(?:modifications|versions|révisions)|(?:tableau\s+des\s+)?(?:révisions|modifications)|historial(?:\s+.*)?|control\s+de\s+(?:cambios|versiones|revisiones)|registro\s+de\s+(?:cambios|revisiones|versiones)|historia(?:l)?\s+de\s+(?:cambios|revisiones|versiones))$`)
	exampleHeading  = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:examples?|samples?|templates?|specimen|beispiele?|muster|vorlagen?|exemples?|modèles?|ejemplos?|plantillas?)(?:[^\pL]|$)`)
)

// survey picks the blocks worth reading and says where each stands. Its work is bounded however long the text is.
func survey(doc parse.Document) []located {
	var picked []located
	body, other := 0, 0
	at := walk{title: titleWords(doc.Title), named: -headBlocks}
	tail := tailStart(doc.Blocks)
	for i, block := range doc.Blocks {
		here := at.step(doc.Blocks, i)
		here.isTitle = i == 0 || at.headings == 1 && block.Kind == parse.Heading && body < 300
		here.isHead = i < headBlocks && body < headBytes && at.headings <= 2 || i-at.named <= 3
		here.isTail = i >= tail
		size := min(len(block.Text), blockBytes)
		if body > bodyBytes {
			isOther := here.isValidity || here.isHistory || here.isControl
			if !here.isTail && (!isOther || other > otherBytes) {
				continue
			}
			other += size
		}
		body += size + len(parse.BlockSeparator)
		if block.Kind == parse.Code {
			continue
		}
		block.Text = strings.ToValidUTF8(block.Text[:size], "")
		picked = append(picked, located{block, here})
	}
	return picked
}

// walk goes through the headings of a document.
type walk struct {
	title        string // its words
	below        place  // what the nearest heading makes of the blocks under it
	headings     int    // so far, those in a row counted once
	named        int    // the index of the last heading that is the title
	exampleLevel int    // of the heading that begins an example, 0 outside of one
}

// step returns the place of block i as far as headings decide.
func (w *walk) step(blocks []parse.Block, i int) place {
	block := blocks[i]
	if block.Kind == parse.Heading {
		if i == 0 || blocks[i-1].Kind != parse.Heading { // a title and its subtitle are one
			w.headings++
		}
		if w.title != "" && titleWords(block.Text) == w.title {
			w.named = i // behind a summary or a table of contents the document begins anew
		}
		if block.Level <= w.exampleLevel {
			w.exampleLevel = 0
		}
		w.below = placeBelow(block.Text)
		if w.below.isExample && w.exampleLevel == 0 && w.headings > 1 {
			w.exampleLevel = block.Level
		}
	}
	w.below.isExample = w.exampleLevel > 0
	return w.below
}

func placeBelow(heading string) place {
	name := strings.TrimRight(numbering.ReplaceAllString(shorten(heading), ""), " .:")
	return place{
		heading:    name,
		isValidity: validityHeading.MatchString(name),
		isControl:  controlHeading.MatchString(name),
		isHistory:  historyHeading.MatchString(name),
		isExample:  exampleHeading.MatchString(name),
	}
}

// titleWords are the words of a title, for comparing.
func titleWords(title string) string {
	words := strings.Join(tokens(strings.ToLower(shorten(title))), " ")
	return strings.TrimPrefix(words, "the ")
}

// tailStart is the index of the first of the last blocks, where footers and colophons stand.
func tailStart(blocks []parse.Block) int {
	size, start := 0, len(blocks)
	for start > 0 && len(blocks)-start < tailBlocks {
		size += len(blocks[start-1].Text)
		if size > tailBytes {
			break
		}
		start--
	}
	return start
}
