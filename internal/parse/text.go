package parse

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	listMarker = regexp.MustCompile(`^([ \t]*)(?:([-*•‣▪◦●○■□])|` +
		`(\((?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})\)|(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]))[ \t]+(\S)`)
	setextMarker = regexp.MustCompile(`^(=+|-+)[ \t]*$`)
)

// parseText reads plain text: blank lines part the blocks, a marker begins a list item,
// an underlined line or a short line in capitals alone is a heading.
func parseText(text string, out *builder) (Document, error) {
	paragraph := make([]string, 0, 16)
	for line := range strings.SplitSeq(plain(text), "\n") {
		if strings.TrimSpace(line) != "" {
			paragraph = append(paragraph, line)
			continue
		}
		if err := addTextParagraph(out, paragraph); err != nil {
			return Document{}, err
		}
		paragraph = paragraph[:0]
	}
	if err := addTextParagraph(out, paragraph); err != nil {
		return Document{}, err
	}
	return Document{}, nil
}

func addTextParagraph(out *builder, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	if len(lines) == 1 && isCapitalsHeading(lines[0]) {
		return out.add(Block{Kind: Heading, Level: 2, Text: lines[0]})
	}
	if len(lines) > 1 && setextMarker.MatchString(lines[1]) && !listMarker.MatchString(lines[0]) {
		level := 1
		if lines[1][0] == '-' {
			level = 2
		}
		if err := out.add(Block{Kind: Heading, Level: level, Text: lines[0]}); err != nil {
			return err
		}
		return addTextParagraph(out, lines[2:])
	}
	start := 0
	for i := 1; i <= len(lines); i++ {
		if i < len(lines) && !listMarker.MatchString(lines[i]) {
			continue
		}
		if err := out.add(textBlock(lines[start:i])); err != nil {
			return err
		}
		start = i
	}
	return nil
}

// textBlock makes one list item or paragraph of consecutive lines. Line breaks stay: only the author knows
// whether they are wrapping or an address.
func textBlock(lines []string) Block {
	text := strings.Join(lines, "\n")
	m := listMarker.FindStringSubmatchIndex(lines[0])
	if m == nil {
		return Block{Kind: Paragraph, Text: text}
	}
	indent := strings.ReplaceAll(lines[0][m[2]:m[3]], "\t", "    ")
	marker := "-"
	if m[6] >= 0 {
		marker = lines[0][m[6]:m[7]]
	}
	return Block{Kind: ListItem, Level: min(9, 1+len(indent)/2), Text: marker + " " + text[m[8]:]}
}

// isCapitalsHeading: up to 80 characters, at least four letters, all of them capitals, no full stop at the end.
func isCapitalsHeading(line string) bool {
	line = strings.TrimSpace(line)
	if utf8.RuneCountInString(line) > 80 || strings.HasSuffix(line, ".") {
		return false
	}
	letters := 0
	for _, r := range line {
		if !unicode.IsLetter(r) {
			continue
		}
		if !unicode.IsUpper(r) {
			return false
		}
		letters++
	}
	return letters >= 4
}
