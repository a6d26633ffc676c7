package figure

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// code reads what mixes letters and digits, such as ISO-27001, and numbers in three parts or more (4.2.1).
// 50EUR and 15th are a number with its unit or ending.
func (r *reader) code(s string, at int) []Figure {
	hasLetter := strings.ContainsFunc(s, unicode.IsLetter)
	if !strings.ContainsFunc(s, unicode.IsDigit) || !hasLetter && !isVersion(s) {
		return nil
	}
	if m := numberUnit.FindStringSubmatch(s); m != nil {
		word := strings.ToLower(m[2])
		if ordinalEndings[word] {
			return []Figure{{Readings: valueOf(m[1])}}
		}
		if isM := word == "m"; scaleMarks[word] > 0 && valueOf(m[1]) != nil && (!isM || isMoney(r.unit(at, at+len(s)))) {
			return []Figure{r.scaled(valueOf(m[1])[0], scaleMarks[word], at, at+len(s))}
		}
		if unit := UnitOf(word); unit != "" {
			return []Figure{{Readings: valueOf(m[1]), Unit: unit, period: r.period(at + len(s))}}
		}
	}
	if before, after, ok := strings.Cut(s, "-"); ok && isNumber(before) && !strings.ContainsFunc(after, unicode.IsDigit) {
		return []Figure{{Readings: valueOf(before), Unit: r.unitAfter(at + len(before)), period: r.period(at + len(s))}} // 30-day
	}
	if before, digits := strings.TrimRightFunc(s, unicode.IsDigit), strings.TrimLeftFunc(s, unicode.IsLetter); before+digits == s {
		if unit := units[strings.ToLower(before)]; unit != "" {
			return []Figure{{Readings: valueOf(digits), Unit: unit}} // EUR50
		}
	}
	return []Figure{{Readings: []string{"#" + codeFolded(s)}}}
}

var ordinalEndings = wordSet(`st nd rd th er e º`)

var threeParts = regexp.MustCompile(`^\d+(?:\.\d+){2,}$`)

// isVersion reports whether digits with dots are no number in groups of three.
func isVersion(s string) bool { return threeParts.MatchString(s) && valueOf(s) == nil }

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789.,") == "" }

// codeFolded drops what separates the parts of a code, and case.
func codeFolded(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", "/", "", ".", "").Replace(s))
}

func (r *reader) number(s string, at int) []Figure {
	values := valueOf(s)
	if values == nil { // "1,2,3": a list
		var each []Figure
		for part := range strings.FieldsFuncSeq(s, func(c rune) bool { return !unicode.IsDigit(c) }) {
			each = append(each, Figure{Readings: valueOf(part)})
		}
		return each
	}
	end := at + len(s)
	word, after := nextWord(r.text[end:])
	if scale := hanScale.FindString(word); scale != "" { // 500 万欧元
		rest := word[len(scale):]
		return []Figure{{Readings: []string{scaled(values[0], hanZeros[scale])}, Unit: UnitOf(rest), end: end + after - len(rest)}}
	}
	if zeros := scales[word]; zeros > 0 {
		f := r.scaled(values[0], zeros, at, end+after)
		if long := longScales[word]; long > 0 {
			f.Readings = append(f.Readings, scaled(values[0], long))
		}
		return []Figure{f}
	}
	f := Figure{Readings: values, Unit: r.unit(at, end), period: r.period(end)}
	if m := toClock.FindStringSubmatch(r.text[end:]); m != nil { // 9 to 5 pm
		f.Readings = append(f.Readings, clock(values[0], "00", map[bool]string{true: "-"}[strings.ContainsAny(m[1], "uUhH")])...)
	}
	if f.Unit == "year" && yearForm.MatchString(values[0]) {
		f.Unit, f.period = "", "" // 2026 год, 2026年
	}
	if r.isMinus(at, f.Unit) {
		f.Readings = []string{"-" + values[0]}
	}
	return []Figure{f}
}

// toClock is behind the hour from which something goes on to a clock time.
var toClock = regexp.MustCompile(`(?i)^\s*(?:[-–]|to|until|till|bis|und|and)\s*\d{1,2}(?:[:.]\d\d)?\s?(uhr|[ap]\.?m|h)\b`)

// scaled is a number with a scale behind it that ends at end.
func (r *reader) scaled(value string, zeros, at, end int) Figure {
	return Figure{Readings: []string{scaled(value, zeros)}, Unit: r.unit(at, end), period: r.period(end), end: end}
}

// isMinus reports whether a minus sign stands before a number: not where a line or range begins so, nor a dash, but for
// degrees.
func (r *reader) isMinus(at int, unit string) bool {
	sign, width := utf8.DecodeLastRuneInString(r.text[:at])
	before := r.text[:at-width]
	isDegree := unit == "celsius" || unit == "fahrenheit"
	if sign != '-' && !(sign == '–' && isDegree) {
		return false
	}
	return strings.HasSuffix(before, " ") && strings.TrimSpace(before[strings.LastIndex(before, "\n")+1:]) != ""
}

// unit is what the number between start and end measures: a sign or code before it, or one of the next words.
func (r *reader) unit(start, end int) string {
	before := strings.TrimRightFunc(r.text[:start], unicode.IsSpace)
	cut := strings.LastIndexFunc(before, func(c rune) bool { return unicode.IsSpace(c) || c == '(' || c == '|' })
	last := strings.ToLower(before[cut+1:])
	if sign, _ := utf8.DecodeLastRuneInString(last); unicode.Is(unicode.Sc, sign) {
		last = string(sign)
	}
	if unit := units[last]; isMoney(unit) || last == "aged" {
		return cmp.Or(unit, "year") // money alone is written before its amount
	}
	return r.unitAfter(end)
}

// unitAfter looks at the next three words, as far as no mark or joining word stands between.
func (r *reader) unitAfter(end int) string {
	rest := r.text[end:]
	for range 3 {
		word, length := nextWord(rest)
		if word == "" || endsUnit[word] {
			return ""
		}
		if unit := UnitOf(word); unit != "" {
			return unit
		}
		rest = rest[length:]
	}
	return ""
}

// nextWord returns the word or sign right behind white space or a hyphen, in small letters, and where it ends.
func nextWord(s string) (word string, end int) {
	start := len(s) - len(strings.TrimLeft(s, " \u00a0\u202f\u2009\t-*_"))
	for i, c := range s[start:] {
		if !unicode.IsLetter(c) && c != '%' && c != '°' && !unicode.Is(unicode.Sc, c) {
			return strings.ToLower(s[start : start+i]), start + i
		}
	}
	return strings.ToLower(s[start:]), len(s)
}

// valueOf is a number without the marks of its notation: "1.500,00" is 1500, "12.50" is 12.5. One mark before
// exactly three digits parts thousands. nil: no number in any notation.
func valueOf(s string) []string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '\'' || c == '’' {
			return -1
		}
		return c
	}, s)
	decimals := ""
	if at := strings.LastIndexAny(s, ".,"); at >= 0 {
		head, tail := s[:at], s[at+1:]
		isMixed := strings.ContainsAny(head, ".,") && !strings.Contains(head, s[at:at+1])
		isAlone := !strings.ContainsAny(head, ".,")
		if isMixed || isAlone && (len(tail) != 3 || len(head) > 3 || head == "0") {
			s, decimals = head, strings.TrimRight(tail, "0")
		}
	}
	groups := strings.FieldsFunc(s, func(c rune) bool { return c == '.' || c == ',' })
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return nil
		}
	}
	value := strings.TrimLeft(strings.Join(groups, ""), "0")
	if value == "" {
		value = "0"
	}
	if decimals != "" {
		value += "." + decimals
	}
	return []string{value}
}

// scaled moves the decimal mark.
func scaled(value string, zeros int) string {
	head, tail, _ := strings.Cut(value, ".")
	tail += strings.Repeat("0", max(0, zeros-len(tail)))
	return valueOf(head + tail[:zeros] + "." + tail[zeros:] + "0")[0]
}
