package answer

import (
	"fmt"
	"time"

	"clearwell/internal/analysis"
	"clearwell/internal/figure"
)

// phrases are what an answer says in its own words, in one language. Dates are days in UTC.
type phrases struct {
	unknown, nearest string
	expired          string // title, last day
	withdrawn        string // title, day
	amendedBy        string // marks
	changed          string // day, last day before, old text
	whatChanged      string // title, revision, day, revision before
	sameWords        string // the same
	neverChanged     string // title, day
	more             string // number
	added, removed   string // text
	opening, closing string // quotation marks
	date             string // day, month, year, by number of the argument
	notInSources     string // behind a statement that the cited passages don't support
	leftOut          string // instead of the rest of an answer
	general          string // above an answer from general knowledge
	disagree         string // values
	and, since       string // between the last two values; day
	first            string // of the month; "" as any other day
	months           [12]string
}

// interfaceLanguage is the question's language among those that answers have words of their own in.
func interfaceLanguage(question string) analysis.Language {
	return languageOf(question, analysis.Detect(question, "en", "de", "fr", "es"))
}

func phrasesIn(language analysis.Language) phrases {
	switch language {
	case "de":
		return german
	case "fr":
		return french
	case "es":
		return spanish
	}
	return english
}

var english = phrases{
	unknown: "I don't know: nothing in force in the library answers this.", nearest: "The nearest sources are listed below.",
	expired:      "%s did until %s; it has expired since.",
	withdrawn:    "%s did until it was withdrawn on %s.",
	amendedBy:    "amended by %s",
	changed:      "Changed on %s: until %s it said %s.",
	whatChanged:  "%s: revision %d applies since %s and changed this against revision %d:",
	sameWords:    "%s: revision %d applies since %s; no words changed against revision %d.",
	neverChanged: "%s has not changed since it was first published; it applies since %s.",
	more:         "%d more.",
	added:        "New: %s", removed: "No longer there: %s",
	notInSources: "[not in the sources]",
	leftOut:      "[The rest was left out: the sources don't support it.]",
	general:      "General knowledge of the language model, not from the library:",
	disagree:     "The sources disagree: %s.", and: "and", since: "since %s",
	opening: "“", closing: "”",
	date:   "%[1]d %[2]s %[3]d",
	months: figure.MonthNames("en"),
}

var german = phrases{
	unknown:      "Das weiß ich nicht: Nichts, was in der Bibliothek derzeit gilt, beantwortet diese Frage.",
	nearest:      "Die nächstliegenden Quellen stehen darunter.",
	expired:      "%s tat es bis zum %s und ist seither abgelaufen.",
	withdrawn:    "%s tat es, wurde aber am %s zurückgezogen.",
	amendedBy:    "geändert durch %s",
	changed:      "Geändert am %s: bis zum %s hieß es %s.",
	whatChanged:  "%s: Fassung %d gilt seit dem %s und hat gegenüber Fassung %d dies geändert:",
	sameWords:    "%s: Fassung %d gilt seit dem %s; gegenüber Fassung %d hat sich kein Wort geändert.",
	neverChanged: "%s hat sich seit der ersten Veröffentlichung nicht geändert; gültig seit dem %s.",
	more:         "%d weitere.",
	added:        "Neu: %s", removed: "Entfallen: %s",
	notInSources: "[nicht in den Quellen]",
	leftOut:      "[Der Rest fehlt: Die Quellen belegen ihn nicht.]",
	general:      "Allgemeinwissen des Sprachmodells, nicht aus der Bibliothek:",
	disagree:     "Die Quellen widersprechen sich: %s.", and: "und", since: "seit dem %s",
	opening: "„", closing: "“",
	date:   "%[1]d. %[2]s %[3]d",
	months: figure.MonthNames("de"),
}

var french = phrases{
	unknown:      "Je ne sais pas : rien de ce qui est en vigueur dans la bibliothèque n'y répond.",
	nearest:      "Les sources les plus proches figurent ci-dessous.",
	expired:      "%s y répondait jusqu'au %s, mais n'est plus en vigueur depuis.",
	withdrawn:    "%s y répondait, mais a été retiré le %s.",
	amendedBy:    "modifié par %s",
	changed:      "Modifié le %s : jusqu'au %s, le texte disait %s.",
	whatChanged:  "%s : la révision %d s'applique depuis le %s et a changé ceci par rapport à la révision %d :",
	sameWords:    "%s : la révision %d s'applique depuis le %s ; aucun mot n'a changé par rapport à la révision %d.",
	neverChanged: "%s n'a pas changé depuis sa première publication ; en vigueur depuis le %s.",
	more:         "%d de plus.",
	added:        "Nouveau : %s", removed: "Supprimé : %s",
	notInSources: "[absent des sources]",
	leftOut:      "[Le reste est omis : les sources ne l'étayent pas.]",
	general:      "Connaissances générales du modèle de langage, et non de la bibliothèque :",
	disagree:     "Les sources se contredisent : %s.", and: "et", since: "depuis le %s",
	opening: "« ", closing: " »",
	date: "%[1]d %[2]s %[3]d", first: "1er",
	months: figure.MonthNames("fr"),
}

var spanish = phrases{
	unknown: "No lo sé: nada de lo vigente en la biblioteca responde a esto.", nearest: "Las fuentes más cercanas aparecen abajo.",
	expired:      "%s lo hacía hasta el %s; desde entonces ya no está vigente.",
	withdrawn:    "%s lo hacía, pero se retiró el %s.",
	amendedBy:    "modificado por %s",
	changed:      "Cambió el %s: hasta el %s decía %s.",
	whatChanged:  "%s: la revisión %d se aplica desde el %s y cambió esto respecto a la revisión %d:",
	sameWords:    "%s: la revisión %d se aplica desde el %s; no cambió ninguna palabra respecto a la revisión %d.",
	neverChanged: "%s no ha cambiado desde su primera publicación; vigente desde el %s.",
	more:         "%d más.",
	added:        "Nuevo: %s", removed: "Ya no figura: %s",
	notInSources: "[no consta en las fuentes]",
	leftOut:      "[Se omite el resto: las fuentes no lo respaldan.]",
	general:      "Conocimiento general del modelo de lenguaje, no de la biblioteca:",
	disagree:     "Las fuentes se contradicen: %s.", and: "y", since: "desde el %s",
	opening: "«", closing: "»",
	date:   "%[1]d de %[2]s de %[3]d",
	months: figure.MonthNames("es"),
}

// day writes a day as people of the language do: 31 March 2026.
func (p phrases) day(t time.Time) string {
	t = t.UTC()
	written := fmt.Sprintf(p.date, t.Day(), p.months[t.Month()-1], t.Year())
	if t.Day() == 1 && p.first != "" {
		return p.first + written[1:]
	}
	return written
}

// lastDay is the last day on which something applied that ends at t: the day before when t is a day's first
// moment, the day itself otherwise.
func (p phrases) lastDay(t time.Time) string { return p.day(t.Add(-time.Nanosecond)) }

func (p phrases) quoted(text string) string { return p.opening + text + p.closing }

// abstention is what a reader is told when the library doesn't say.
func abstention(language analysis.Language, hasNearest bool, ended *EndedNote) string {
	p := phrasesIn(language)
	text := p.unknown
	switch {
	case ended == nil:
	case ended.By == "withdrawn":
		text += " " + fmt.Sprintf(p.withdrawn, p.quoted(ended.Title), p.day(ended.At))
	default:
		text += " " + fmt.Sprintf(p.expired, p.quoted(ended.Title), p.lastDay(ended.At))
	}
	if hasNearest {
		text += " " + p.nearest
	}
	return text
}
