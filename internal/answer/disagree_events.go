package answer

import (
	"maps"
	"regexp"
)

// Events that questions ask the time of, by the words that texts of the four languages have for them.
var (
	birthWords = wordSet(`born birth births birthday birthdate geboren geburt geburtstag geburtsdatum né née naissance naquit nació nacido nacida nacimiento`)
	deathWords = wordSet(`die died dies death gestorben starb verstarb verstorben tod todestag mort morte décès décédé décédée mourut murió muerte falleció
		fallecido fallecida fallecimiento`)
	buildWords = wordSet(`build built constructed construction erected completed gebaut erbaut errichtet fertiggestellt bau construit construite construction
		bâti bâtie achevé achevée construido construida construyó construcción terminado terminada`)
	openWords = wordSet(`open opens opened opening inaugurated inauguration eröffnet eröffnete eröffnung ouvrit ouvert ouverte ouverture inauguré inaugurée abrió
		abierto abierta apertura inaugurado inaugurada inauguró`)
	releaseWords = wordSet(`release released releases published publication issued premiered premiere debut debuted veröffentlicht veröffentlichung erschien
		erschienen publié publiée publication sorti sortie paru parue publicado publicada publicó lanzado lanzada lanzó lanzamiento estrenado estrenada estrenó`)
	beginWords = wordSet(`establish established establishment founded founding foundation formed formation created creation incorporated organized organised launch
		launched start starts started begin begins began begun opened gegründet gründung gründete gründeten entstand beginn begann begonnen startete eröffnet fondé
		fondée fondation créé créée création commence commença commencé débuta débuté début fundado fundada fundó fundación creado creada creó comenzó
		empezó inicio inició`)
)

// eventOf is the event that a question asks the time of, nil if it is another one.
func eventOf(question string) map[string]bool {
	words := wordsIn(question)
	for _, event := range []map[string]bool{birthWords, deathWords, buildWords, openWords, releaseWords, beginWords} {
		for _, w := range words {
			if event[w.lower] {
				return event
			}
		}
	}
	return nil
}

func isSameEvent(a, b map[string]bool) bool { return a != nil && maps.Equal(a, b) }

// asWords matches one of the forms as words of their own, also where they begin or end with an accent; what stands
// beside them belongs to the match.
func asWords(forms string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pM\d])(?:` + forms + `)(?:[^\pL\pM\d]|$)`)
}
