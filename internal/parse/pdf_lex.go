package parse

import (
	"errors"
	"strconv"
	"strings"
)

// pdfKind is what a token of PDF syntax is.
type pdfKind byte

const (
	pdfEOF pdfKind = iota
	pdfNumber
	pdfName
	pdfString
	pdfArray
	pdfDict
	pdfKeyword
	pdfClose // ] or >>
)

// pdfToken is a token or, for arrays and dictionaries, a whole value.
type pdfToken struct {
	kind  pdfKind
	num   float64
	text  string     // of a name, string or keyword
	items []pdfToken // of an array; keys and values of a dictionary in turn
}

// pdfLexer reads PDF syntax from memory. It never fails: what makes no sense is skipped.
type pdfLexer struct {
	data []byte
	pos  int
}

// maxPDFNesting bounds arrays and dictionaries inside each other.
const maxPDFNesting = 32

// next reads one value or operator.
func (l *pdfLexer) next() pdfToken { return l.value(0) }

func (l *pdfLexer) value(depth int) pdfToken {
	l.skipSpace()
	for l.pos < len(l.data) && strings.IndexByte("){}", l.data[l.pos]) >= 0 { // strays
		l.pos++
		l.skipSpace()
	}
	if l.pos >= len(l.data) {
		return pdfToken{kind: pdfEOF}
	}
	c := l.data[l.pos]
	switch {
	case c == '/':
		l.pos++
		return pdfToken{kind: pdfName, text: unescapeName(l.regular())}
	case c == '(':
		return pdfToken{kind: pdfString, text: l.literal()}
	case c == '<' && l.at(1) == '<':
		l.pos += 2
		return l.group(pdfDict, depth)
	case c == '<':
		return pdfToken{kind: pdfString, text: l.hex()}
	case c == '[':
		l.pos++
		return l.group(pdfArray, depth)
	case c == ']':
		l.pos++
		return pdfToken{kind: pdfClose}
	case c == '>':
		l.pos++
		if l.at(0) == '>' {
			l.pos++
		}
		return pdfToken{kind: pdfClose}
	}
	word := l.regular()
	if n, err := strconv.ParseFloat(word, 64); err == nil && (c < 'A' || c == '-') {
		return pdfToken{kind: pdfNumber, num: n}
	}
	return pdfToken{kind: pdfKeyword, text: word}
}

func (l *pdfLexer) group(kind pdfKind, depth int) pdfToken {
	token := pdfToken{kind: kind}
	if depth > maxPDFNesting {
		return token
	}
	for {
		item := l.value(depth + 1)
		if item.kind == pdfEOF || item.kind == pdfClose {
			return token
		}
		token.items = append(token.items, item)
	}
}

func (l *pdfLexer) at(offset int) byte {
	if l.pos+offset < len(l.data) {
		return l.data[l.pos+offset]
	}
	return 0
}

func isPDFSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isPDFDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *pdfLexer) skipSpace() {
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		if c == '%' {
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
			continue
		}
		if !isPDFSpace(c) {
			return
		}
		l.pos++
	}
}

// regular reads up to the next white space or delimiter.
func (l *pdfLexer) regular() string {
	start := l.pos
	for l.pos < len(l.data) && !isPDFSpace(l.data[l.pos]) && !isPDFDelimiter(l.data[l.pos]) {
		l.pos++
	}
	return string(l.data[start:l.pos])
}

func unescapeName(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '#' {
			continue
		}
		if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
			s = s[:i] + string([]byte{byte(n)}) + s[i+3:]
		}
	}
	return s
}

// literal reads a string in parentheses, which may hold balanced ones.
func (l *pdfLexer) literal() string {
	var out []byte
	l.pos++
	for depth := 1; l.pos < len(l.data); l.pos++ {
		c := l.data[l.pos]
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.pos++
				return string(out)
			}
		case '\\':
			l.pos++
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

func (l *pdfLexer) escape(out []byte) []byte {
	c := l.at(0)
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\r':
		if l.at(1) == '\n' {
			l.pos++
		}
		return out
	case '\n':
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	n := 0
	for range 3 {
		if c = l.at(0); c < '0' || c > '7' {
			break
		}
		n = n<<3 | int(c-'0')
		l.pos++
	}
	l.pos-- // the caller steps over the last digit
	return append(out, byte(n))
}

func (l *pdfLexer) hex() string {
	var out []byte
	l.pos++
	high, digits := byte(0), 0
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		var digit byte
		switch {
		case c >= '0' && c <= '9':
			digit = c - '0'
		case c >= 'a' && c <= 'f':
			digit = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			digit = c - 'A' + 10
		default:
			continue
		}
		if digits++; digits%2 == 1 {
			high = digit << 4
			continue
		}
		out = append(out, high|digit)
	}
	if digits%2 == 1 {
		out = append(out, high)
	}
	return string(out)
}

// skipInlineImage goes behind the picture that follows ID: to EI between white space.
func (l *pdfLexer) skipInlineImage() {
	for i := l.pos + 1; i+2 < len(l.data); i++ {
		if l.data[i] == 'E' && l.data[i+1] == 'I' && isPDFSpace(l.data[i-1]) && isPDFSpace(l.data[i+2]) {
			l.pos = i + 2
			return
		}
	}
	l.pos = len(l.data)
}

var errNotADict = errors.New("not a dictionary")

// entrySpans reads a dictionary and gives each value's bytes as they are in the file.
func (l *pdfLexer) entrySpans() (map[string]string, error) {
	l.skipSpace()
	if l.at(0) != '<' || l.at(1) != '<' {
		return nil, errNotADict
	}
	l.pos += 2
	entries := map[string]string{}
	for {
		key := l.next()
		if key.kind != pdfName {
			return entries, nil
		}
		start := l.pos
		value := l.next()
		if value.kind == pdfClose || value.kind == pdfEOF {
			return entries, nil
		}
		end := l.pos
		if value.kind == pdfNumber { // perhaps "12 0 R"
			if generation := l.next(); generation.kind == pdfNumber && l.next().text == "R" {
				end = l.pos
			}
			l.pos = end
		}
		entries[key.text] = string(l.data[start:end])
	}
}
