package answer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"clearwell/internal/analysis"
)

// SupportE5Small is how near a statement must come to a sentence of another language that it cites. Where questions
// with their answers stand for statements, on even and odd halves of parallel texts: German over English .93/.94 of
// the true ones pass, Spanish .97/.97, Chinese .77/.83; of those about another paragraph of the same article a fifth
// (.25/.19, .27/.25, .17/.11), of another article at most .03. Figures are checked all the same.
const SupportE5Small = 0.80

// meanings compares a statement with sentences in another language.
type meanings struct {
	embed     func(text string) ([]float32, error)
	sentences map[int][]meant // of each passage, read once
}

type meant struct {
	sentence
	vector []float32
}

func (s *Service) newMeanings(ctx context.Context) meanings {
	embed := func(text string) ([]float32, error) { return s.embedder.EmbedQuery(ctx, text) }
	return meanings{embed: embed, sentences: make(map[int][]meant)}
}

// isForeign reports whether the passage is in another language than the statement and the question, or in another script.
func (v *verifier) isForeign(claim string, i int) bool {
	passage := v.of(i).wording
	if !analysis.IsSameScript(claim, passage.text) {
		return true
	}
	return passage.language != "" && v.asked != "" && v.asked != passage.language &&
		languageOf(claim, analysis.Detect(claim)) != passage.language
}

// nearest is the sentence of the passage that means most nearly what the statement does. ok is false where nothing
// can be compared.
func (v *verifier) nearest(claim string, i int) (best sentence, cosine float64, ok bool) {
	vector, err := v.meanings.embed(claim)
	if err != nil {
		v.service.log.Warn("a statement was not compared with its source", "error", err)
		return best, 0, false
	}
	for _, m := range v.meantBy(i) {
		sum := 0.0
		for d, x := range m.vector {
			sum += float64(x) * float64(vector[d])
		}
		if !ok || sum > cosine {
			best, cosine, ok = m.sentence, sum, true
		}
	}
	return best, cosine, ok
}

func (v *verifier) meantBy(i int) []meant {
	if known, ok := v.meanings.sentences[i]; ok {
		return known
	}
	var all []meant
	for _, each := range split(v.passages[i].Text) {
		if !says(each.text) {
			continue
		}
		vector, err := v.meanings.embed(each.text)
		if err != nil {
			v.service.log.Warn("a source was not compared with the answer", "error", err)
			break
		}
		all = append(all, meant{each, vector})
	}
	v.meanings.sentences[i] = all
	return all
}

// isMeant reports whether one of the passages that are in another language means what the statement does. Without a
// limit for the embedding model's cosines there is no telling, and the figures alone decide.
func (v *verifier) isMeant(claim string, cited []int) bool {
	return slices.ContainsFunc(cited, func(i int) bool {
		if !v.isForeign(claim, i) {
			return false
		}
		_, cosine, ok := v.nearest(claim, i)
		return v.service.config.MeaningSupport == 0 || ok && cosine >= v.service.config.MeaningSupport
	})
}

// quoted is the part of the passage that supports the statement best, in code points of its text.
func (v *verifier) quoted(claim string, i int) (start, end int) {
	if v.isForeign(claim, i) && strings.TrimSpace(claim) != "" {
		if best, _, ok := v.nearest(claim, i); ok {
			return best.start, best.end
		}
	}
	return v.best(claim, i)
}

// best is the sentence that shares most words with the statement; the whole passage if none shares any.
func (v *verifier) best(claim string, i int) (start, end int) {
	words := analysis.Question(claim, v.of(i).wording.language)
	end = utf8.RuneCountInString(v.passages[i].Text)
	most := 0
	for _, s := range v.of(i).sentences {
		shared := 0
		for _, w := range words {
			if holds(s.bag, w) {
				shared++
			}
		}
		if shared > most {
			most, start, end = shared, s.start, s.end
		}
	}
	return start, end
}
