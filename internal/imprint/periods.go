package imprint

import (
	"regexp"
	"strings"
)

// period is a date with, where one is named, the last day of what begins with it.
type period struct {
	first  when
	last   *when
	length int
}

// period reads the date or the two dates that follow a cue.
func (r *reader) period(s string, c *cue) (period, bool) {
	skipped := 0
	skip := func(expr *regexp.Regexp) bool {
		n := len(expr.FindString(s[skipped:]))
		skipped += n
		return n > 0
	}
	skip(filler)
	isEnd := c.field == untilField && skip(endOf)
	skip(weekday)
	first, ok := r.calendar.read(s[skipped:])
	if !ok && isEnd {
		first, ok = readYear(s[skipped:])
	}
	if !ok {
		return r.shared(s, skipped)
	}
	found := period{first: first, length: skipped + first.length}
	if c.field == fromField {
		r.end(s, &found)
	}
	return found, true
}

// end reads "… until 31 March 2026" after the first date.
func (r *reader) end(s string, p *period) {
	joint := through.FindString(s[p.length:])
	if strings.Trim(joint, " ,") == "" {
		return
	}
	rest := s[p.length+len(joint):]
	lead := endOf.FindString(rest)
	lead += weekday.FindString(rest[len(lead):])
	last, ok := r.calendar.read(rest[len(lead):])
	if !ok && lead != "" {
		last, ok = readYear(rest[len(lead):])
	}
	if ok {
		p.last = &last
		p.length += len(joint) + len(lead) + last.length
	}
}

var (
	dayAlone = regexp.MustCompile(`(?i)^(?:(\d{1,2})` + ordinal + `\s*` + particle + `(\pL{3,10})\.?|(\pL{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})\.\s?(\d{1,2})\.)`)
	yearOnly = regexp.MustCompile(`^(\d{4})`)
)

// shared reads "1 January to 31 December 2026": the year of the second date is the first one's too.
func (r *reader) shared(s string, skipped int) (period, bool) {
	at := dayAlone.FindString(s[skipped:])
	if at == "" {
		return period{}, false
	}
	found := period{length: skipped + len(at)}
	r.end(s, &found)
	if found.last == nil || len(found.last.starts) == 0 {
		return period{}, false
	}
	separator := " "
	if strings.HasSuffix(at, ".") {
		separator = ""
	}
	if dayAlone.FindStringSubmatch(at)[3] != "" {
		separator = ", "
	}
	first, ok := r.calendar.read(at + separator + found.last.starts[0].Format("2006"))
	if !ok || len(first.starts) == 0 || !first.starts[0].Before(found.last.starts[0]) {
		return period{}, false
	}
	found.first = first
	return found, true
}

func readYear(s string) (when, bool) {
	m := yearOnly.FindString(s)
	if m == "" || goesOn(s[len(m):]) {
		return when{}, false
	}
	found := wholeYear(number(m))
	found.length = len(m)
	return found, true
}

// looksDated reports whether a label's value means to be a date, though it can't be read as one.
func looksDated(value string) bool {
	value = strings.TrimSpace(value)
	return dateLike.MatchString(value) || dayAlone.MatchString(value) && months[strings.ToLower(firstWord(value))] > 0
}

var dateLike = regexp.MustCompile(`^\d{1,5}\s?[-./]\s?\d{1,2}(?:\s?[-./]\s?\d{1,5})?(?:\D|$)|^\d{4}(?:\s*$|[,;.])|^\d{8}(?:\D|$)`)

func firstWord(s string) string {
	for _, word := range tokens(s) {
		if strings.Trim(word, "0123456789") != "" {
			return word
		}
	}
	return ""
}
