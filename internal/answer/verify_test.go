package answer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/retrieve"
)

// statementsOf cuts a text that comes in the given pieces.
func statementsOf(pieces ...string) []string {
	var all []string
	held := ""
	take := func(isEnd bool) {
		for {
			statement, rest, ok := nextStatement(held, isEnd)
			if !ok {
				return
			}
			all, held = append(all, strings.TrimSpace(statement)), rest
		}
	}
	for _, piece := range pieces {
		held += piece
		take(false)
	}
	take(true)
	return all
}

func TestStatementsKeepTheirMarks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"You get 28 days [1]. Visitors sign in [2].":            {"You get 28 days [1].", "Visitors sign in [2]."},
		"You get 28 days. [1] Visitors sign in. [2][3]":         {"You get 28 days. [1]", "Visitors sign in. [2][3]"},
		"You get 28 days.\n[1]\nVisitors sign in.":              {"You get 28 days.\n[1]", "Visitors sign in."},
		"Sources:\n[1] Vacation policy says so.\n":              {"Sources:", "[1] Vacation policy says so."},
		"- 28 days [1]\n- 3 days [2]":                           {"- 28 days [1]", "- 3 days [2]"},
		"1. Ask, e.g. Ms. Li [1].\n2. Wait until 5 p.m. today.": {"1. Ask, e.g. Ms. Li [1].", "2. Wait until 5 p.m. today."},
		"Ab dem 1. März gilt das [1]. Danach z. B. Urlaub [2].": {"Ab dem 1. März gilt das [1].", "Danach z. B. Urlaub [2]."},
		"员工每年有二十八天假期。[1]访客需要登记。[2]":                             {"员工每年有二十八天假期。[1]", "访客需要登记。[2]"},
		"| a | b |\n|---|---|\n| 1 | 2 [1] |":                   {"| a | b |", "|---|---|", "| 1 | 2 [1] |"},
		"It costs 3.50 euros [1, 2]. It is “free. Really.” [3]": {"It costs 3.50 euros [1, 2].", "It is “free. Really.” [3]"},
		"It says: “no pets … In here.” [3] Ask.":                {"It says: “no pets … In here.” [3]", "Ask."},
		"It says “free vaca-\ntion for all” [1]. Ask.":          {"It says “free vaca-\ntion for all” [1].", "Ask."},
		"It is “free\n- and more [1]\n\nIt's “so\n\nit is.":     {"It is “free", "- and more [1]", "It's “so", "it is."},
	} {
		if diff := cmp.Diff(want, statementsOf(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if diff := cmp.Diff(want, statementsOf(strings.Split(text, "")...)); diff != "" {
			t.Errorf("%q, character by character (-want +got):\n%s", text, diff)
		}
	}
}

func TestStatementThatNeverEndsIsCut(t *testing.T) {
	t.Parallel()
	var pieces []string
	for range 3000 {
		pieces = append(pieces, "word ")
	}
	for _, statement := range statementsOf(pieces...) {
		if len(statement) > longestStatement+len("word ") {
			t.Errorf("a statement of %d bytes", len(statement))
		}
	}
}

func TestPlainTextKeepsWordsAndDropsWhatLeadsElsewhere(t *testing.T) {
	t.Parallel()
	isInSources := func(address string) bool { return strings.HasPrefix("https://intranet.example/leave", address) }
	for text, want := range map[string]struct {
		plain   string
		removed int
	}{
		"See [the form](https://intranet.example/leave) now.": {"See [the form](https://intranet.example/leave) now.", 0},
		"See https://intranet.example/leave.":                 {"See https://intranet.example/leave.", 0},
		"See https://intranet.example/leave?q=secret now":     {"See  now", 1},
		"See ![logo](https://intranet.example/leave)":         {"See logo", 1},
		"[![a](http://x.example/i.png)](http://x.example)":    {"a", 2},
		"[x](JaVaScRiPt:alert(1)) and x.example/path?q=1":     {"x and ", 2},
		"a <b>bold</b> word <!-- and a comment --> here":      {"a bold word  here", 3},
		"less < 5 and a<b":         {"less < 5 and a< b", 0},
		"<svg/onload=alert(1)>":    {"", 1},
		"and/or, 24/7, e.g. this.": {"and/or, 24/7, e.g. this.", 0},
	} {
		plain, removed := plainText(text, isInSources)
		if plain != want.plain || removed != want.removed {
			t.Errorf("%q: want %q, %d\n got %q, %d", text, want.plain, want.removed, plain, removed)
		}
	}
}

func TestConnectivesClaimNothing(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]bool{
		"Yes.": true, "Here is what the policy says:": true, "According to the documents:": true, "---": true,
		"Yes, you may bring your dog.": false, "Dogs are allowed.": false, "You get two.": false,
	} {
		if got := isConnective(statement, "en"); got != want {
			t.Errorf("%q: want %v", statement, want)
		}
	}
	if !isConnective("Ja, laut Richtlinie gilt Folgendes:", "de") || isConnective("Ja, Hunde sind erlaubt.", "de") || isConnective("Собаки разрешены.", "ru") || !isFrame("Да.") || isFrame("Собаки разрешены.") {
		t.Error("connectives are known in the languages that answers have words of their own in")
	}
}

func TestLanguageOfShortQuestions(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{
		"Wie viele Tage Urlaub habe ich?": "de", "Combien de jours ai-je ?": "fr", "¿Cuántos días tengo al año?": "es",
		"How many days do I get?": "en", "VPN-4721": "en",
	} {
		if got := interfaceLanguage(question); string(got) != want {
			t.Errorf("%q: want %s, got %s", question, want, got)
		}
	}
}

func BenchmarkCheckStatement(b *testing.B) {
	text := strings.Repeat("Full-time employees receive 28 days of paid vacation per calendar year, from 1 March 2026, and EUR 1,500. ", 15)
	var passages []retrieve.Passage
	for range 8 {
		passages = append(passages, retrieve.Passage{Title: "Vacation policy", Text: text})
	}
	v := (&Service{}).newVerifier(b.Context(), "How many vacation days do I get?", passages)
	for b.Loop() {
		v.check("Full-time employees receive twenty-eight days of vacation a year, or 1500 euros [1][2].")
	}
}
