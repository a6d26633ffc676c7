package answer

import (
	"slices"
	"strings"

	"clearwell/internal/analysis"
)

// longestFrame is how many words a statement has at most that only says what the sources don't.
const longestFrame = 16

var (
	// frames are whole statements without a claim, in languages that answers have no words of their own in.
	frames = wordSet(`да нет итак согласно_документам согласно_документу согласно_источникам по_документам
		в_документах_сказано вот_что_говорят_документы вот_ответ кратко
		نعم لا وفقا_للوثائق وفقًا_للوثائق وفقا_للمستندات وفقًا_للمستندات وفقا_للمصادر وفقًا_للمصادر حسب_الوثائق حسب_المصادر بحسب_الوثائق
		是 是的 不 不是 否 可以 不可以 根据文件 根据文档 根据资料 根据来源 根据规定 如下 答案如下 具体如下 はい いいえ 資料によると 文書によると 네 예 아니요 문서에_따르면
		sì secondo_i_documenti sim não segundo_os_documentos ja nee volgens_de_documenten tak nie według_dokumentów`)
	// sourceNouns are what may be silent, and sayings what it then doesn't do.
	sourceNouns = wordSet(`policy policies document documents passage passages source sources library text section handbook information
		richtlinie richtlinien dokument dokumente dokumenten abschnitt abschnitte quelle quellen bibliothek textstelle
		politique politiques texte section bibliothèque política políticas documento documentos pasaje pasajes fuente fuentes biblioteca texto`)
	sayings = wordSet(`say says said state states mention mentions mentioned specify specifies specified address addresses contain contains cover
		covers provide provides give gives list lists include includes sagen sagt steht nennen nennt erwähnen erwähnt enthalten enthält angeben regeln regelt
		dit disent mentionne mentionnent précise précisent indique indiquent contient contiennent
		dice dicen menciona mencionan indica indican especifica especifican contiene contienen`)
	// joining words let another claim follow.
	joining = wordSet(`and but so or und aber oder et mais donc ou y pero o`)
	// headWords name columns of any table.
	headWords = wordSet(`item items value values name names amount number rule topic detail details description type category source sources note notes
		what who when where how question answer yes period limit
		was wer wann wo wie wert name anzahl regel thema beschreibung art quelle hinweis betrag frist frage antwort
		quoi qui quand valeur nom nombre règle thème description type source remarque montant
		qué quién cuándo valor nombre número regla tema descripción tipo fuente nota importe`)
)

// isFrame reports whether a statement is one of the frames.
func isFrame(statement string) bool { return frames[strings.Join(lettersOnly(statement), "_")] }

// isRow reports whether a line is one of a table, with or without a mark at its edges.
func isRow(line string) bool { return strings.HasPrefix(line, "|") || strings.Contains(line, cellMark) }

// isDenial reports whether a statement of function words denies something and doesn't speak of sources: "No, you may not."
// is a claim behind what has support and denies nothing.
func (v *verifier) isDenial(claim string) bool {
	words := lettersOnly(claim)
	return v.hasClaimed && !v.denies && len(words) > 2 && isNegated(claim, v.language) &&
		!slices.ContainsFunc(words, func(word string) bool { return sayings[word] })
}

// isSilence reports whether a statement only says that the sources don't say something: that is cited from nowhere. What
// they don't say is what was asked, or has a word that none of them has.
func (v *verifier) isSilence(claim string) bool {
	words := lettersOnly(claim)
	has := func(set map[string]bool, among []string) bool {
		return slices.ContainsFunc(among, func(word string) bool { return set[word] })
	}
	begin := words[:min(len(words), 8)]
	if len(words) > longestFrame || strings.ContainsAny(strings.TrimRight(claim, "."), ",;:.–—|") || has(joining, words) ||
		!has(sourceNouns, begin) || !has(sayings, begin) || !isNegated(strings.Join(begin, " "), v.language) && !strings.Contains(claim, "n't") {
		return false
	}
	isAsked := true
	language := v.of(0).wording.language
	asked := analysis.Passage(v.question, language)
	for _, w := range contentWords(claim, language) {
		if functionWords[v.language][w.Word] || sourceWords[v.language][w.Word] || sourceNouns[w.Word] || sayings[w.Word] {
			continue
		}
		if !slices.ContainsFunc(v.wordings(v.all()), func(p wording) bool { return holds(p.bag, w) }) {
			return true
		}
		isAsked = isAsked && holds(asked, w)
	}
	return isAsked
}

// isNamed reports whether each word of a heading stands in the passages, or heads columns of any table.
func (v *verifier) isNamed(heading string, isTableHead bool) bool {
	language := v.of(0).wording.language
	asked := analysis.Passage(v.question, language)
	for _, w := range analysis.Question(heading, language) {
		isThere := functionWords[language][w.Word] || slices.ContainsFunc(v.wordings(v.all()), func(p wording) bool { return holds(p.bag, w) })
		if !isThere && (!isTableHead || !headWords[w.Word] && !holds(asked, w)) {
			return false
		}
	}
	return true
}

// all lists the indices of the passages.
func (v *verifier) all() []int {
	all := make([]int, len(v.passages))
	for i := range all {
		all[i] = i
	}
	return all
}

// mostAskedWords is how many words of the question an answer may give in quotation marks: a name for something, and
// nothing that could be taken for a rule.
const mostAskedWords = 2

// isAsked reports whether a quotation is a term of the question.
func (v *verifier) isAsked(quotation string) bool {
	return len(wordsOnly.FindAllString(quotation, mostAskedWords+1)) <= mostAskedWords && newQuotable(v.question).holds(quotation)
}
