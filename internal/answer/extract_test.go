package answer_test

import (
	"strings"
	"testing"

	"clearwell/internal/answer"
	"clearwell/internal/retrieve"
)

// extractOf is the answer without a model to a question over one passage, whose words all tell the same.
func extractOf(t *testing.T, p retrieve.Passage, question string) answer.Answer {
	t.Helper()
	var words []retrieve.Word
	for _, word := range strings.Fields(strings.ToLower(strings.Trim(question, "?"))) {
		words = append(words, retrieve.Word{Text: word, IDF: 2})
	}
	told := ask(t, newService(t, found{Coverage: 1, Cosine: .95, Words: words, Passages: []retrieve.Passage{p}}, nil), question)
	if told.err != nil || told.done.Abstained {
		t.Fatalf("%s: %q, error %v", question, told.text, told.err)
	}
	return told.done
}

func TestExtractsAreNeverHeadingsAndRowsCarryTheirHeads(t *testing.T) {
	t.Parallel()
	travel := passage("Travel policy", "Hotel limits\n\nThe limits are reviewed every spring.\n\nCountry | Hotel per night | Meals\nGermany | 150 | 42\nNorway | 195 | 80\n\n"+
		"Meals are paid by the day.", 1)
	travel.Headings = []string{"Travel policy", "Hotel limits"}
	continued := passage("Travel policy", "Germany | 150 | 42\nNorway | 195 | 80", 1)
	continued.Context = "Country | Hotel per night | Meals"
	for name, c := range map[string]struct {
		passage  retrieve.Passage
		question string
		want     string // begins the answer
		quote    string
	}{
		"a row":                 {travel, "How much is a hotel per night in Norway?", "Country: Norway; Hotel per night: 195; Meals: 80 [1]", "Norway | 195 | 80"},
		"a row of a cut table":  {continued, "How much is a hotel per night in Norway?", "Country: Norway; Hotel per night: 195; Meals: 80 [1]", "Norway | 195 | 80"},
		"no heading, no head":   {travel, "What are the hotel limits?", "The limits are reviewed every spring. [1]", "The limits are reviewed every spring."},
		"an address asked for":  {passage("Transit", "The transit benefit is paid monthly to the web page of your choice.\nRegister at https://transit.example.org before May.", 1), "At which web address do I register for the transit benefit?", "Register at https://transit.example.org", "Register at https://transit.example.org before May."},
		"its own references":    {passage("Gym", "The gym costs 20 euros a month [1]【2】.", 1), "How much does the gym cost?", "The gym costs 20 euros a month (1)(2). [1]", "The gym costs 20 euros a month [1]【2】."},
		"a figure in Russian":   {passage("Отпуск", "Отпуск согласуется с руководителем отдела.\nОтпуск длится 28 дней.", 1), "Сколько дней длится отпуск?", "Отпуск длится 28 дней. [1]", "Отпуск длится 28 дней."},
		"an item with its lead": {passage("Leave", "You get leave for:\n- a wedding: 2 days\n- a move: 1 day", 1), "How many days of leave for a wedding?", "You get leave for: a wedding: 2 days [1]", "- a wedding: 2 days"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := extractOf(t, c.passage, c.question)
			if !strings.HasPrefix(got.Text, c.want) {
				t.Errorf("want an answer that begins with %q, got %q", c.want, got.Text)
			}
			if got.Citations[0].Quote != c.quote {
				t.Errorf("want the quote %q, got %q", c.quote, got.Citations[0].Quote)
			}
		})
	}
}
