package answer_test

import (
	"testing"
	"time"

	"clearwell/internal/answer"
	"clearwell/internal/retrieve"
)

// expenses is what a question about a day's allowance finds.
func expenses(cosine float64) retrieve.Result {
	first := passage("Travel expenses", "Employees who travel get an allowance for meals. The daily allowance is 28 euros for each full day.", 1)
	second := passage("Office rules", "Visitors sign in at the desk and wear a badge.", 1)
	first.Cosine, second.Cosine = cosine, .77
	return retrieve.Result{Passages: []retrieve.Passage{first, second}, Coverage: .8, Cosine: cosine,
		Words: []retrieve.Word{{Text: "what", IDF: 1}, {Text: "is", IDF: .5}, {Text: "the", IDF: .3}, {Text: "daily", IDF: 4},
			{Text: "allowance", IDF: 4}, {Text: "for", IDF: .5}, {Text: "meals", IDF: 4}}}
}

func TestSignalsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]struct{ lacksNumber, lacksFigure, isForeign bool }{
		"What is the daily allowance for meals?":                          {},
		"How many euros is the daily allowance for each full day?":        {},
		"What is the daily allowance for meals by form 17?":               {lacksNumber: true},
		"What is the daily allowance of 28 euros for?":                    {},
		"How many visitors sign in at the desk and wear a badge?":         {lacksFigure: true},
		"Wie hoch ist das Tagegeld für Verpflegung auf Dienstreisen?":     {isForeign: true},
		"Сколько составляют суточные на питание в командировке за рубеж?": {isForeign: true},
	} {
		got := answer.Observe(question, expenses(.9))
		if got.LacksNumber != want.lacksNumber || got.LacksFigure != want.lacksFigure || got.IsForeign != want.isForeign {
			t.Errorf("%s: want %+v, got %+v", question, want, got)
		}
	}
}

func TestSignalsSayWhichNamesAndYearsAreMissing(t *testing.T) {
	t.Parallel()
	ended := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for question, want := range map[string]struct{ name, number, year bool }{
		"What is the daily allowance for meals?":                      {},
		"What is the daily allowance for meals in Norway?":            {name: true},
		"What is the daily allowance by ERR_MEALS_TOO_LARGE?":         {number: true},
		"What was the daily allowance for meals in 1999?":             {year: true},
		"What is the daily allowance for meals in 2026?":              {},
		"What will the daily allowance for meals be in 2030?":         {year: true},
		"Wie hoch ist das Tagegeld für Verpflegung im Ausland?":       {},
		"Wie hoch ist das Tagegeld für eine Reise nach KOPENHAGEN 5?": {name: true, number: true},
	} {
		found := expenses(.9)
		for i := range found.Passages {
			found.Passages[i].EffectiveFrom, found.Passages[i].EffectiveUntil = ended.AddDate(-1, 0, 0), &ended
		}
		got := answer.Observe(question, found)
		if got.LacksName != want.name || got.LacksNumber != want.number || got.LacksYear != want.year {
			t.Errorf("%s: want %+v, got %+v", question, want, got)
		}
	}
}

// What tells no language is no question in another one: words of the library decide.
func TestScrapsAreNotTakenForAnotherLanguage(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"Kubernetes", "stock options", "Bitcoin price", "hello", "asdf qwer", "ERR_1234", "?", "???!!", "🙂"} {
		found := expenses(.9)
		found.Coverage = 0
		got := answer.Observe(question, found)
		if got.IsForeign || !got.IsWordless && answer.E5SmallEvidence.Score(got) > 0 {
			t.Errorf("%q would be answered: %+v", question, got)
		}
	}
	for _, question := range []string{"Wie hoch ist das Tagegeld?", "Сколько суточных?", "住宿费？", "quel montant pour les repas ?"} {
		if got := answer.Observe(question, expenses(.9)); !got.IsForeign {
			t.Errorf("%q is taken for English: %+v", question, got)
		}
	}
}

func TestWordsAroundASentenceCountInPart(t *testing.T) {
	t.Parallel()
	inSentence := answer.Observe("What is the daily allowance?", expenses(.9)).Sentence
	around := answer.Observe("What is the daily travel allowance?", expenses(.9)).Sentence
	nowhere := answer.Observe("What is the daily sabbatical allowance?", expenses(.9)).Sentence
	if inSentence <= around || around <= nowhere {
		t.Errorf("want falling shares, got %.2f, %.2f, %.2f", inSentence, around, nowhere)
	}
}

func TestQuestionInAnotherLanguageIsJudgedByItsMeaning(t *testing.T) {
	t.Parallel()
	const german = "Wie hoch ist das Tagegeld für Verpflegung auf Dienstreisen?"
	for cosine, want := range map[float64]bool{.90: true, .78: false} {
		found := expenses(cosine)
		found.Coverage = 0
		if score := answer.E5SmallEvidence.Score(answer.Observe(german, found)); score > 0 != want {
			t.Errorf("cosine %.2f: want an answer: %t, got score %.2f", cosine, want, score)
		}
	}
}

func TestEvidenceIsCountedInTheLibrarysOwnDeviations(t *testing.T) {
	t.Parallel()
	signals := answer.Signals{Coverage: .6, Sentence: .5, Cosine: .87, Lead: .03}
	before := answer.E5SmallEvidence
	after := before // a library in which even what it can't answer looks like this
	after.Coverage.Mean, after.Sentence.Mean, after.Cosine.Mean = .75, .65, .90
	if before.Score(signals) <= 0 || after.Score(signals) > 0 {
		t.Errorf("want the same signals to suffice here and not there, got %.2f and %.2f", before.Score(signals), after.Score(signals))
	}
	if weak, strong := answer.WordEvidence.Score(signals), answer.WordEvidence.Score(answer.Signals{Coverage: .6, Sentence: .5, Cosine: .99}); weak != strong {
		t.Errorf("a cosine whose spread is unknown counts nothing, got %.2f and %.2f", weak, strong)
	}
}
