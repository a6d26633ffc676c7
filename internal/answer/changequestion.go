package answer

import (
	"regexp"
	"strings"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// changeQuestion is a way to ask what changed; its one group is what is asked about.
type changeQuestion struct {
	language analysis.Language
	pattern  *regexp.Regexp
}

func asking(language analysis.Language, pattern string) changeQuestion {
	return changeQuestion{language, regexp.MustCompile(`(?i)^[\s¿¡]*` + pattern + `[\s?!.]*$`)}
}

// Prepositions, with the articles that follow them.
const (
	inEnglish = `(?:in|about|to|with|on|of) (?:the |our |my )?`
	inGerman  = `(?:an|am|bei|beim|in|im|mit|zu|zum|zur)(?: (?:der|den|dem|die|das|unserer|unserem|unseren))? `
	inFrench  = `(?:(?:dans|à|pour|concernant|sur|de) (?:la |les? |l['’]|notre |nos )?|aux? |des |du |d['’])`
	inSpanish = `(?:(?:en|de|sobre|con|a) (?:la |el |los |las |nuestr[ao] )?|del |al )`
)

var changeQuestions = []changeQuestion{
	asking("en", `(?:(?:can|could) you )?(?:please )?(?:tell me )?what(?:['’]s| is| has| have| was)? (?:been )?(?:recently |lately )?(?:changed?|new|updated)(?: recently| lately)? `+inEnglish+`(.+?)`),
	asking("en", `(?:what (?:are|were)|list|show(?: me)?|summari[sz]e|the)(?: the)? (?:latest |recent |last |newest )?changes `+inEnglish+`(.+?)`),
	asking("en", `(?:(?:latest|recent|last|newest) changes (?:in|to)(?: the| our)?|changes (?:in|to) the) (.+?)`),
	asking("en", `what changes (?:were|have been|are) (?:made )?`+inEnglish+`(.+?)`),
	asking("en", `how (?:has|have|did) (?:the |our )?(.+?) changed?`),
	asking("de", `was (?:hat|haben) sich (?:denn |zuletzt |kürzlich )?`+inGerman+`(.+?) (?:zuletzt |kürzlich )?(?:ge|ver)ändert`),
	asking("de", `was (?:ist|gibt es|gibt's) (?:denn )?neu(?:es)? `+inGerman+`(.+?)`),
	asking("de", `was wurde `+inGerman+`(.+?) geändert`),
	asking("de", `(?:(?:welche|was sind die|die)(?: letzten| neuesten)?|letzte|neueste) änderungen (?:gibt es |gab es |wurden )?`+inGerman+`(.+?)(?: vorgenommen)?`),
	asking("fr", `qu['’]est[- ]ce qui (?:a|est) (?:récemment )?(?:été )?(?:changé|modifié|nouveau)(?: récemment)? `+inFrench+`(.+?)`),
	asking("fr", `(?:quoi de|qu['’]y a-t-il de) (?:neuf|nouveau) `+inFrench+`(.+?)`),
	asking("fr", `(?:quel(?:le)?s (?:sont )?(?:les )?(?:derni(?:ers|ères) )?|(?:les )?derni(?:ers|ères) |les )(?:changements|modifications|nouveautés) (?:y a-t-il )?`+inFrench+`(.+?)`),
	asking("es", `qué (?:ha cambiado|cambió|se ha cambiado|se cambió|cambios (?:hay|hubo|ha habido)|hay de nuevo|novedades hay) (?:recientemente )?`+inSpanish+`(.+?)`),
	asking("es", `(?:cuáles son )?(?:(?:las |los )?(?:últim[ao]s )?novedades|(?:las |los )(?:últim[ao]s )?cambios) `+inSpanish+`(.+?)`),
}

// tail is a time that the topic ends with: the answer names the day of the change itself.
var tail = regexp.MustCompile(`(?i)[\s,]+(?:(?:since|seit|depuis|desde)\s.+|recently|lately|zuletzt|kürzlich|récemment|recientemente|últimamente)$`)

// changeTopic returns what a question asks the changes of, and the question's language.
func changeTopic(question string) (topic string, language analysis.Language, ok bool) {
	for _, q := range changeQuestions {
		if found := q.pattern.FindStringSubmatch(question); found != nil {
			return strings.TrimSpace(tail.ReplaceAllString(found[1], "")), q.language, true
		}
	}
	return "", "", false
}

// Shares of words that make a title the one that was meant: of the topic's in the title, or of the title's in
// the topic.
const (
	topicInTitle = 0.5
	titleInTopic = 0.99
)

// titled returns the best passage of the document whose title fits the topic best.
func titled(topic string, found retrieve.Result) (retrieve.Passage, bool) {
	best, isFound := retrieve.Passage{}, false
	mostOfTopic, mostOfTitle := 0.0, 0.0
	for _, p := range found.Passages { // best score first, so that it decides between equals
		language := analysis.Detect(p.Title + "\n" + p.Text)
		ofTopic := newWeigher(topic, language, found.Words).share(analysis.Passage(p.Title, language))
		ofTitle := newWeigher(p.Title, language, nil).share(analysis.Passage(topic, language))
		if ofTopic < topicInTitle && ofTitle < titleInTopic {
			continue
		}
		if !isFound || ofTopic > mostOfTopic || ofTopic == mostOfTopic && ofTitle > mostOfTitle {
			best, isFound, mostOfTopic, mostOfTitle = p, true, ofTopic, ofTitle
		}
	}
	return best, isFound
}
