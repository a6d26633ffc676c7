package answer

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
func (e Evidence) suffices(coverage, cosine float64, passages int) bool {
	return passages > 0 && e.Coverage*coverage+e.Cosine*cosine+e.Bias > 0
}
