package answer

import (
	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// Evidence decides whether what was found can hold the answer: a logistic model whose inputs are the
// share of the question's idf in the best passage, and the highest cosine. Above zero it answers.
type Evidence struct{ Coverage, Cosine, Bias float64 }

// E5SmallEvidence is fitted for multilingual-e5-small on questions whose gold paragraph was present or
// taken out; area under the curve .90–.97 on other collections. Cosines of other models lie elsewhere.
var E5SmallEvidence = Evidence{Coverage: 8.674, Cosine: 33.432, Bias: -31.659}

// WordEvidence serves embedding models that nothing was fitted for: it looks at words alone, and is lenient,
// since in a small library each word that stands nowhere weighs much.
var WordEvidence = Evidence{Coverage: 8, Bias: -2.4}

// suffices reports whether to answer at all.
func (e Evidence) suffices(found retrieve.Result) bool {
	return len(found.Passages) > 0 && e.Coverage*found.Coverage+e.Cosine*found.Cosine+e.Bias > 0
}

// abstention is what a reader is told when the library doesn't say.
func abstention(language analysis.Language, hasNearest bool) string {
	texts, ok := abstentions[language]
	if !ok {
		texts = abstentions["en"]
	}
	if hasNearest {
		return texts[0] + " " + texts[1]
	}
	return texts[0]
}

var abstentions = map[analysis.Language][2]string{
	"en": {"I don't know: nothing in force in the library answers this.", "The nearest sources are listed below."},
	"de": {"Das weiß ich nicht: Nichts, was in der Bibliothek derzeit gilt, beantwortet diese Frage.", "Die nächstliegenden Quellen stehen darunter."},
	"fr": {"Je ne sais pas : rien de ce qui est en vigueur dans la bibliothèque n'y répond.", "Les sources les plus proches figurent ci-dessous."},
	"es": {"No lo sé: nada de lo vigente en la biblioteca responde a esto.", "Las fuentes más cercanas aparecen abajo."},
}
