package figure

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Readable is a text as its figures are read: every digit one of 0 to 9, whoever writes it, and apart from scripts
// that have no spaces; "tenth of March" as 10 March.
func Readable(text string) string {
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	if !isASCII(text) {
		text = afterUnspaced.ReplaceAllString(beforeUnspaced.ReplaceAllString(hanDigits(plainDigits(text)), "$1 $2"), "$1 $2")
	}
	text = perCent.ReplaceAllString(text, "percent")
	return ordinalDate.ReplaceAllStringFunc(text, func(m string) string {
		parts := ordinalDate.FindStringSubmatch(m)
		if day := ordinals[strings.ToLower(parts[1])]; day > 0 {
			return strconv.Itoa(day) + " " + parts[2]
		}
		return m
	})
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
}

const unspacedLetter = `[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]`

var (
	// A number or a code meets a script without spaces: 每年有28天, 28일의.
	afterUnspaced  = regexp.MustCompile(`(` + unspacedLetter + `)([A-Za-z0-9])`)
	beforeUnspaced = regexp.MustCompile(`([A-Za-z0-9%])(` + unspacedLetter + `)`)
	perCent        = regexp.MustCompile(`(?i)\b(?:per|pour|por) c(?:ent|iento)\b`)
	fractions      = map[rune]string{'½': ".5", '¼': ".25", '¾': ".75", '⅕': ".2", '⅖': ".4", '⅗': ".6", '⅘': ".8", '⅛': ".125", '⅜': ".375", '⅝': ".625", '⅞': ".875"}
	digitSigns     = map[rune]string{'٫': ".", '．': ".", '٬': ",", '，': ", ", '٪': "%", '％': "%", '﹪': "%", '−': "-"}
)

// plainDigits writes the digits of all scripts as 0 to 9. What is raised or circled stands apart from the number before
// it, but for the 2 of m²; ½ is .5. Marks over digits and Arabic
// letters are dropped: they would part a number, or a word.
func plainDigits(text string) string {
	var b strings.Builder
	last := ' '
	for _, c := range text {
		folded := ""
		if unicode.IsNumber(c) {
			folded = norm.NFKC.String(string(c))
		}
		switch {
		case unicode.In(c, unicode.Mn, unicode.Me) && (unicode.IsDigit(last) || unicode.Is(unicode.Arabic, last)):
			continue
		case fractions[c] != "" && unicode.IsDigit(last):
			b.WriteString(fractions[c])
		case fractions[c] != "":
			b.WriteString("0" + fractions[c])
		case digitSigns[c] != "":
			b.WriteString(digitSigns[c])
		case unicode.Is(unicode.Nd, c):
			b.WriteString(strconv.Itoa(DigitOf(c)))
		case unicode.Is(unicode.No, c) && strings.ContainsAny(folded, "0123456789") && !((c == '²' || c == '³') && unicode.IsLetter(last)):
			if !unicode.Is(unicode.No, last) {
				b.WriteByte(' ')
			}
			b.WriteString(folded)
		case unicode.Is(unicode.Nl, c):
			b.WriteString(folded) // Ⅷ
		default:
			b.WriteRune(c)
		}
		last = c
	}
	return b.String()
}

// DigitOf is the value, 0 to 9, of a decimal digit (Unicode category Nd) of any script: their ten stand in a row, from
// zero on.
func DigitOf(c rune) int {
	if c < utf8.RuneSelf {
		return int(c - '0')
	}
	n := 0
	for unicode.Is(unicode.Nd, c-rune(n)-1) {
		n++
	}
	return n % 10
}

// hanNumber is a number in Chinese signs: of tens or more, a year, or one before its unit. 一 alone is an article, but for
// January; 万一 and 十分 are no numbers.
var hanNumber = regexp.MustCompile(`[一二两三四五六七八九][十百千万亿][一二三四五六七八九十〇零百千万亿]*|十[一二三四五六七八九][万亿]?|[一二三四五六七八九〇零]{4}年|` +
	`[二两三四五六七八九十](?:个月|個月|か月|ヶ月|天|日|周|週|年|月|小时|小時|時間|欧元|美元|%)|一月`)

// hanDigits writes numbers in Chinese signs with digits.
func hanDigits(text string) string {
	return hanNumber.ReplaceAllStringFunc(text, func(m string) string {
		total, part, digit := 0, 0, 0
		for i, c := range m {
			switch n := strings.IndexRune("〇一二三四五六七八九", c) / len("一"); {
			case strings.ContainsRune("〇零一二三四五六七八九两", c):
				digit = 10*digit + max(n, 0)
				if c == '两' {
					digit = 2
				}
			case hanScales[c] >= 10_000:
				total, part, digit = total+(part+digit)*hanScales[c], 0, 0
			case hanScales[c] > 0:
				part, digit = part+max(digit, 1)*hanScales[c], 0
			default:
				return strconv.Itoa(total+part+digit) + m[i:]
			}
		}
		return strconv.Itoa(total + part + digit)
	})
}

var hanScales = map[rune]int{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}
