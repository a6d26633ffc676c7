package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"clearwell/internal/answer"
	"clearwell/internal/retrieve"
)

// The check here shares no code with the one in the answer room: plain runs of digits, and letters alone.
var (
	markRun   = regexp.MustCompile(`(?:\s*\[\d+\])+`)
	digitRun  = regexp.MustCompile(`\d+`)
	groupSign = regexp.MustCompile(`(\d)[.,'’ \x{a0}\x{202f}](\d)`)
	inQuotes  = regexp.MustCompile(`["“„«]([^"“”„«»]+)["”“»]`)
	listSign  = regexp.MustCompile(`(?m)^\s*\d{1,2}[.)]\s`)
)

// unmarkedLies lists the digits and quotations of what isn't flagged that no passage has that is cited there.
func unmarkedLies(a answer.Answer) []string {
	if a.Abstained || a.IsGeneral {
		return nil
	}
	text := []rune(a.Text)
	for i := len(a.Flags) - 1; i >= 0; i-- {
		f := a.Flags[i]
		text = append(text[:f.Start:f.Start], append([]rune("\n[0]\n"), text[f.End:]...)...)
	}
	var lies []string
	rest := listSign.ReplaceAllString(string(text), "")
	for rest != "" {
		span := markRun.FindStringIndex(rest)
		if span == nil {
			span = []int{len(rest), len(rest)}
		}
		var cited []retrieve.Passage
		for _, digits := range digitRun.FindAllString(rest[span[0]:span[1]], -1) {
			if n, _ := strconv.Atoi(digits); n > 0 && n <= len(a.Passages) {
				cited = append(cited, a.Passages[n-1])
			}
		}
		lies = append(lies, missingFrom(rest[:span[0]], cited)...)
		rest = rest[span[1]:]
	}
	return lies
}

func missingFrom(statement string, cited []retrieve.Passage) []string {
	held := ""
	for _, p := range cited {
		held += " " + strings.Join(append([]string{p.Title, p.Context, p.Text, p.EffectiveFrom.Format("2006 1 2")}, p.Headings...), " ")
	}
	runs := make(map[string]bool)
	for _, source := range []string{held, joinedDigits(held), spelledOut(held)} {
		for _, run := range digitRun.FindAllString(source, -1) {
			runs[strings.TrimLeft(run, "0")] = true
		}
	}
	var lies []string
	for _, run := range digitRun.FindAllString(joinedDigits(spelledOut(statement)), -1) {
		if run = strings.TrimLeft(run, "0"); run != "" && !runs[run] {
			lies = append(lies, run)
		}
	}
	for _, quotation := range inQuotes.FindAllStringSubmatch(statement, -1) {
		if !strings.Contains(lettersOf(held), lettersOf(quotation[1])) {
			lies = append(lies, quotation[1])
		}
	}
	return lies
}

func joinedDigits(s string) string {
	for groupSign.MatchString(s) {
		s = groupSign.ReplaceAllString(s, "$1$2")
	}
	return s
}

// spelledOut writes number words as digits; one is an article.
func spelledOut(s string) string {
	for i, words := range []string{"two zwei deux dos", "three drei trois tres", "four vier quatre cuatro", "five fünf cinq cinco",
		"six sechs seis", "seven sieben sept siete", "eight acht huit ocho", "nine neun neuf nueve", "ten zehn diez", "eleven elf onze",
		"twelve zwölf douze doce", "thirteen", "fourteen", "fifteen fünfzehn quinze quince"} {
		for word := range strings.FieldsSeq(words) {
			s = regexp.MustCompile(`(?i)\b`+word+`\b`).ReplaceAllString(s, strconv.Itoa(i+2))
		}
	}
	return s
}

func lettersOf(s string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, s)
}

// TestUnmarkedLiesAreFound tries the check itself: one that finds nothing would always pass.
func TestUnmarkedLiesAreFound(t *testing.T) {
	t.Parallel()
	passages := []retrieve.Passage{{Text: "Employees get 28 days and 1,500 euros."}, {Text: "“Dogs” are welcome for four hours."}}
	for text, want := range map[string]string{
		"They get 28 days [1]. They get 1500 euros [1].":        "",
		"They get 29 days [1].":                                 "29",
		"They get 28 days [2].":                                 "28",
		"Dogs stay 4 hours [2]. They get 28 days.":              "28",
		`It says "dogs are welcome" [2].`:                       "",
		`It says "cats are welcome" [2].`:                       "cats are welcome",
		"They get nine days [1].":                               "9",
		"1. They get 28 days [1].\n2. They get 1.500 euros [1]": "",
	} {
		if got := strings.Join(unmarkedLies(answer.Answer{Text: text, Passages: passages}), "; "); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
	flagged := answer.Answer{Text: "They get 99 days. [not in the sources]", Flags: []answer.Flag{{Start: 0, End: 17}}, Passages: passages}
	if got := unmarkedLies(flagged); got != nil {
		t.Errorf("what is flagged is marked, got %v", got)
	}
}

// smallModelQuestions are asked over the examples: most have an answer there, some haven't.
var smallModelQuestions = []string{
	"How many vacation days do I get?",
	"How many vacation days does someone get who works three days a week?",
	"How many additional vacation days are there after eight years with the company?",
	"How many unused vacation days are carried over?",
	"Until when must carried over vacation days be taken?",
	"How many days of vacation can I buy?",
	"How long before must I request a vacation of two weeks?",
	"How many days off do I get for moving house?",
	"How many days off do I get for the birth of my child?",
	"Is unused vacation paid out?",
	"How long is parental leave at full pay?",
	"How long is parental leave for twins?",
	"Which form is for unpaid parental leave?",
	"How much notice is needed before paid parental leave?",
	"How many characters must a password have?",
	"How often must passwords be changed?",
	"What does the error VPN-4721 mean?",
	"What do I do about VPN-4733?",
	"After how many minutes does a laptop lock itself?",
	"Within what time must a stolen device be reported, and where?",
	"Which incident code do I quote after clicking a suspicious link?",
	"How long does a VPN connection last?",
	"What documents are needed before my first day?",
	"At what time do I come to reception on my first day?",
	"How long is the probation period?",
	"What is the notice period after probation?",
	"How large is the learning budget?",
	"How much may a chair cost without approval?",
	"How many days a week may I work from home?",
	"What are the core hours?",
	"What does the company pay a month for internet at home?",
	"How long can I work from another European country?",
	"Can I work remotely from outside of Europe?",
	"What size of screen do I get for my home office?",
	"What is the hotel limit in Norway?",
	"What is the hotel limit in Paris?",
	"How much is the meal allowance in Germany?",
	"What is paid per kilometre for a private car?",
	"When may I take first class on a train?",
	"When may I fly premium economy?",
	"Which form replaces a lost receipt?",
	"How much may a gift to a customer cost?",
	"When must the travel report be handed in?",
	"Are minibar costs paid?",
	"When are the office buildings open?",
	"What does a lost badge cost?",
	"How many seats has the room Nordlys?",
	"Where is the assembly point on a fire alarm?",
	"Are dogs allowed in the office?",
	"How warm is the calibration laboratory?",
	"Ab wann brauche ich eine Krankmeldung vom Arzt?",
	"Wie lange wird das Gehalt bei Krankheit weitergezahlt?",
	"Wie viele Tage kann ich für ein krankes Kind zu Hause bleiben?",
	"Wie viele Tage Urlaub habe ich im Jahr?",
	"Combien de jours de vacances ai-je par an ?",
	"¿Cuántos días de vacaciones tengo al año?",
	"What is the salary of the chief executive?",
	"How do I apply for a company bicycle?",
	"What is the dress code in the Bergen office?",
	"How many shares do employees receive?",
}
