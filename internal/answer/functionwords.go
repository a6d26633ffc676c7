package answer

import (
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

// functionWords hold a sentence together and claim nothing by themselves.
var functionWords = map[analysis.Language]map[string]bool{
	"en": wordSet(`a an the this that these those and or but nor so as if then than also both either neither not no yes
		i you he she it we they me him her us them my your his its our their who whom whose which what when where why how
		is are was were be been being am do does did done has have had having will would shall should can could may might must
		to of in on at by for from with without about into onto over under between through during before after above below
		up down out off again further there here all any each few more most other some such only own same too very just
		please however therefore thus while because until since per`),
	"de": wordSet(`der die das den dem des ein eine einen einem einer eines und oder aber denn sondern als wie wenn ob dass daß so
		auch sowohl weder noch nicht kein keine keinen keinem keiner ja nein ich du er sie es wir ihr mich dich ihn uns euch ihnen
		mein dein sein ihre ihren ihrem ihrer unser unsere unseren unserem unserer wer wen wem was welche welcher welches wann wo
		warum ist sind war waren bin bist sein gewesen hat haben hatte hatten habe wird werden wurde wurden worden kann können
		konnte darf dürfen soll sollen muss müssen müsste mag möchte zu zum zur in im an am auf aus bei beim mit nach von vom vor
		für über unter zwischen durch während bis ab seit um gegen ohne pro je hier dort da alle alles jede jeder jedes jeden
		jedem mehr sehr nur schon dann daher jedoch bitte man sich dies diese dieser dieses diesen diesem`),
	"fr": wordSet(`le la les l un une des du de d et ou mais ni car donc or que qu qui quoi dont où quand comment pourquoi si comme
		ce cet cette ces c cela ça il elle ils elles on nous vous je tu me te se s lui leur leurs mon ton son ma ta sa mes tes ses
		notre nos votre vos ne n pas non oui aucun aucune est sont était étaient être été a ont avait avoir eu ai as avez avons
		sera seront peut peuvent pouvez doit doivent devez faut fait font à au aux en dans sur sous par pour avec sans entre vers
		chez avant après pendant depuis jusque jusqu ici là tout tous toute toutes chaque plus moins très aussi même y`),
	"es": wordSet(`el la los las lo un una unos unas y e o u pero ni que si como cuando donde dónde cómo cuándo por porqué qué cuál
		cuáles quien quién este esta estos estas ese esa eso esto aquel yo tú él ella ellos ellas usted ustedes nosotros me te se le
		les nos mi tu su sus mis tus nuestro nuestra nuestros no sí ningún ninguna es son era eran ser sido está están estar ha han
		había haber he hemos hay será serán puede pueden puedes debe deben tiene tienen a al de del en con sin sobre entre para
		hasta desde durante antes después aquí ahí todo todos toda todas cada más menos muy también`),
}

// sourceWords speak about sources and answers, and so claim nothing of what the sources are about.
var sourceWords = map[analysis.Language]map[string]bool{
	"en": wordSet(`policy policies document documents passage passages source sources library rule rules text section following
		follow follows says say said states state stated according accordingly provided given based answer answers summary short
		points steps list details question found find sure certainly of course example note`),
	"de": wordSet(`richtlinie richtlinien dokument dokumente dokumenten abschnitt abschnitte quelle quellen bibliothek regel regeln
		regelung regelungen text folgende folgendes folgenden folgt sagt sagen steht laut gemäß zufolge antwort zusammenfassung
		kurz punkte schritte liste einzelnen frage gilt gelten gerne natürlich beispiel hinweis`),
	"fr": wordSet(`politique politiques document documents passage passages source sources bibliothèque règle règles texte section
		suivant suivante suivants suivantes voici dit disent indique indiquent précise selon réponse résumé bref points étapes
		liste détails question applique appliquent bien sûr exemple note`),
	"es": wordSet(`política políticas documento documentos pasaje pasajes fuente fuentes biblioteca regla reglas norma normas texto
		sección siguiente siguientes dice dicen indica indican según respuesta resumen breve puntos pasos lista detalles pregunta
		aplica aplican claro ejemplo nota`),
}

// languageOf is the language that most function words of a short text belong to, where one stands out; else the
// fallback. A question of six words is too short for its trigrams to tell.
func languageOf(text string, fallback analysis.Language) analysis.Language {
	best, most, second := fallback, 0, 0
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) })
	for _, language := range []analysis.Language{"en", "de", "fr", "es"} {
		count := 0
		for _, word := range words {
			if functionWords[language][word] {
				count++
			}
		}
		switch {
		case count > most:
			best, most, second = language, count, most
		case count > second:
			second = count
		}
	}
	if most == second {
		return fallback
	}
	return best
}

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
