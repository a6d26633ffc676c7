package imprint

import "regexp"

// A cue is the words before a date that make it the beginning or the end of validity.
type cue struct {
	expr  *regexp.Regexp
	field string
	// isVerb: the cue is its sentence's predicate ("takes effect on"); others need one ("is valid from").
	isVerb bool
	// isNoun: the cue counts only as a label or with "is": "Effective date: …".
	isNoun bool
	// around is what must follow the date: "tritt am … in Kraft".
	around *regexp.Regexp
	// dayItself: the end is the beginning of the day named: "no longer valid as of 1 April".
	dayItself bool
}

const (
	fromField  = "effective_from"
	untilField = "effective_until"
)

// Parts of cues, English | German | French | Spanish.
const (
	enStart = `(?:\s+(?:as\s+(?:of|from)|from|on|since|beginning|starting|commencing|with\s+effect\s+from)(?:\s+and\s+including)?)`
	deStart = `(?:ab|seit|vom|von|mit\s+wirkung\s+(?:vom|zum|ab|von))`
	frStart = `(?:(?:à|a)\s+(?:compter|partir)\s+d[ue]|depuis|dès)`
	esStart = `(?:a\s+(?:partir|contar)\s+del?|desde)`
	enEnd   = `\s+(?:until|till|through|thru|up\s+to)(?:\s+and\s+including)?`
	deEnd   = `(?:\s+(?:längstens|zunächst|vorerst|vorläufig))?\s+bis(?:\s+(?:zum|einschlie(?:ß|ss)lich|einschl\.|inkl\.|inklusive|mindestens))*`
	frEnd   = `\s+jusqu['’](?:au|à|en)`
	esEnd   = `\s+hasta`
)

var cues = []cue{
	{field: fromField, expr: words(
		`effective\s+date|date\s+effective|effective`+enStart+`?`,
		`(?:valid|applicable|binding|in\s+(?:force|effect|operation))`+enStart,
		`with\s+effect\s+(?:as\s+of|from|on)`,
		`(?:gültig|wirksam|anwendbar|anzuwenden|verbindlich|in\s+kraft)\s+`+deStart, `wirksam\s+(?:zum|am)`,
		`in\s+kraft\s+getreten\s+am`, `mit\s+wirkung\s+(?:vom|zum|ab)`,
		`(?:en\s+vigueur|applicables?|valables?|valides?)\s+(?:`+frStart+`|(?:à|a)\s+dater\s+du|du|le)`, `avec\s+effet\s+(?:au|`+frStart+`)`,
		`(?:en\s+vigor|vigentes?|válid[oa]s?|aplicables?|efectiv[oa]s?|vigencia)\s+(?:`+esStart+`|del)`, `con\s+efectos?\s+(?:`+esStart+`|de|del)`)},
	{field: fromField, isVerb: true, expr: words(
		`(?:comes?|came|coming|enters?|entered|enter|goes|went|go|put)\s+into\s+(?:force|effect|operation)`+enStart+`?`,
		`(?:takes?|took|taking|has|have)\s+effect`+enStart+`?`,
		`becomes?\s+(?:effective|applicable|binding|valid)`+enStart+`?`, `(?:applies|apply|has\s+applied)\s+(?:as\s+(?:of|from)|from|since|beginning|starting|with\s+effect\s+from)`,
		`(?:applies|apply)\s+to\s+(?:all\s+|every\s+|the\s+entire\s+)?(?:employees|staff|personnel|workforce|team\s+members|sites|locations|offices)`+enStart,
		`(?:commences?|begins?|starts?)\s+on`, `(?:commencing|beginning|starting)\s+(?:on|from)`,
		`(?:gilt|gelten|galt|gelte)\s+`+deStart, `gilt\s+für\s+alle\s+(?:beschäftigten|mitarbeitenden|mitarbeiter|standorte)\s+`+deStart, `beginnt\s+am`,
		`entr(?:e|ent|era|eront|ée?s?|ant)\s+en\s+vigueur(?:\s+(?:le|au|en|`+frStart+`))?`,
		`pren(?:d|nent|dra|dront)\s+effet(?:\s+(?:le|au|`+frStart+`))?`,
		`s['’]applique(?:nt|ra|ront)?\s+`+frStart, `est\s+appliquée?\s+`+frStart,
		`entr(?:a|an|ará|arán|ando|ó|aron)\s+en\s+vigor(?:\s+(?:el|`+esStart+`))?`, `entrará\s+en\s+vigencia(?:\s+el)?`,
		`se\s+aplica(?:n|rán?)?\s+`+esStart, `(?:rige|regirá|surte|surtirá)n?(?:\s+efectos?)?(?:\s+(?:el|`+esStart+`))`)},
	{field: fromField, isNoun: true, expr: words(
		`(?:date\s+of\s+)?(?:entry\s+into\s+(?:force|effect)|effectiveness|coming\s+into\s+force)`, `effective\s+date`, `date\s+effective`, `effective`,
		`(?:in\s+(?:force|effect)|start\s+of\s+validity|validity\s+(?:start|begins?)|valid|validity|validity\s+period|period\s+of\s+validity|policy\s+period|term|contract\s+(?:term|period))(?:\s+(?:from|since))?`,
		`(?:datum\s+(?:des\s+)?)?inkrafttretens?`, `in\s+kraft`, `gültig(?:keit)?`, `(?:geltung|gültigkeit|geltungsbeginn|gültigkeitsbeginn|wirksam|wirksamkeit)(?:\s+(?:ab|seit))?`,
		`(?:geltungs|gültigkeits|vertrags)(?:dauer|zeitraum)|laufzeit`, `gültig(?:keit)?\s+(?:ab|seit|von|vom)`,
		`(?:date\s+d['’])?entrée\s+en\s+vigueur`, `date\s+d['’](?:effet|application)`, `(?:période|durée)\s+de\s+validité`, `validité`, `en\s+vigueur`, `prise\s+d['’]effet`,
		`(?:fecha\s+de\s+)?(?:entrada\s+en\s+vigor|efectividad|vigencia)`, `(?:período|periodo|plazo)\s+de\s+(?:vigencia|validez)`, `validez`, `vigente(?:\s+desde)?`, `vigencia(?:\s+desde)?`, `válid[oa]\s+desde`)},
	{field: untilField, expr: words(
		`(?:effective|valid|applicable|binding|in\s+(?:force|effect|operation))`+enEnd,
		`(?:gültig|wirksam|anwendbar|anzuwenden|verbindlich|in\s+kraft|befristet)`+deEnd,
		`(?:en\s+vigueur|applicables?|valables?|valides?)`+frEnd,
		`(?:en\s+vigor|vigentes?|válid[oa]s?|aplicables?|vigencia)`+esEnd)},
	{field: untilField, isVerb: true, expr: words(
		`(?:applies|apply)`+enEnd, `(?:expires?|ends?|terminates?|lapses?)(?:\s+(?:on|at\s+the\s+end\s+of))`, `expires?`, `(?:remains?|continues?)\s+in\s+(?:force|effect)`+enEnd,
		`cease[sd]?\s+to\s+(?:apply|have\s+effect|be\s+(?:valid|effective|in\s+force))(?:\s+(?:on|after))`,
		`no\s+longer\s+(?:applies|apply|valid|in\s+force|effective)\s+after`,
		`(?:gilt|gelten)`+deEnd, `endet\s+(?:am|zum|mit\s+ablauf\s+des)`, `verliert\s+ihre\s+gültigkeit\s+am`,
		`expire(?:nt|ra|ront)?(?:\s+le)?`, `pren(?:d|dra|nent)\s+fin\s+le`, `cesse(?:ra|nt)?\s+d['’](?:être\s+en\s+vigueur|avoir\s+effet|être\s+applicable)\s+le`, `s['’]applique(?:nt|ra|ront)?`+frEnd,
		`(?:vence|vencerá|expira|expirará|caduca|caducará|finaliza|finalizará)n?(?:\s+el)?`, `se\s+aplica(?:n|rán?)?`+esEnd)},
	{field: untilField, isVerb: true, dayItself: true, expr: words(
		`no\s+longer\s+(?:applies|apply|valid|in\s+force|effective)\s+(?:from|as\s+of)`)},
	{field: untilField, isNoun: true, expr: words(
		`(?:valid|effective|in\s+force)\s+(?:until|till|to|through)`, `valid\s+thru`, `(?:expiry|expiration)(?:\s+date)?`, `date\s+of\s+expiry`, `expires?(?:\s+on)?`, `end\s+of\s+validity`, `validity\s+end(?:s)?`,
		`(?:gültig(?:keit)?|geltung|in\s+kraft)\s+bis`, `ablaufdatum`, `(?:gültigkeits|geltungs|vertrags)ende`,
		`(?:valable|valide|en\s+vigueur)\s+jusqu['’]au`, `date\s+(?:d['’]expiration|de\s+fin\s+de\s+validité)`, `fin\s+de\s+validité`,
		`(?:vigente|válid[oa]|vigencia)\s+hasta`, `fecha\s+de\s+(?:vencimiento|caducidad|expiración)`, `fin\s+de\s+(?:la\s+)?(?:vigencia|validez)`)},
	{field: fromField, isVerb: true, expr: words(`(?:tritt|treten|trat|traten)(?:\s+(?:somit|damit|rückwirkend|erstmals|erst))?\s+(?:am|zum|ab|mit\s+wirkung\s+(?:vom|zum))`),
		around: regexp.MustCompile(`(?i)^\s*(?:,\s*)?in\s+kraft`)},
	{field: untilField, isVerb: true, expr: words(`(?:tritt|treten)(?:\s+automatisch)?\s+(?:am|zum|mit\s+ablauf\s+des)`, `wird\s+(?:am|zum)`, `am`),
		around: regexp.MustCompile(`(?i)^\s*(?:automatisch\s+)?(?:außer|ausser)\s+kraft`)},
	{field: fromField, isVerb: true, expr: words(`(?:ist|sind|wird|werden)\s+(?:ab|seit|vom|zum|am|mit\s+wirkung\s+(?:vom|zum))`),
		around: regexp.MustCompile(`(?i)^[^.;]{0,40}?\s(?:gültig|wirksam|verbindlich|anzuwenden|in\s+kraft(?:\s+getreten)?)(?:\s*[,.;]|\s+und\s|\s*$)`)},
	{field: untilField, isVerb: true, expr: words(`(?:ist|sind|bleibt|bleiben)`+deEnd, `läuft\s+(?:am|zum)`),
		around: regexp.MustCompile(`(?i)^\s+(?:gültig|wirksam|verbindlich|anzuwenden|in\s+kraft|befristet|aus)(?:\s*[,.;]|\s+und\s|\s*$)`)},
}

// words compiles alternatives that begin at a word.
func words(alternatives ...string) *regexp.Regexp {
	expr := `(?i)(?:^|[^\pL\pN])(`
	for i, alternative := range alternatives {
		if i > 0 {
			expr += "|"
		}
		expr += "(?:" + alternative + ")"
	}
	return regexp.MustCompile(expr + `)(?:[^\pL\pN]|$)`)
}

// What may stand between a cue and its date, or between two dates.
var (
	weekday = regexp.MustCompile(`(?i)^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo),?\s+(?:den\s+|dem\s+|der\s+)?`)
	filler  = regexp.MustCompile(`(?i)^\s*(?:(?:on|from|as\s+of|the|zum|am|den|dem|der|ab|vom|du|au|le|la|l['’]|el|del|desde|à\s+compter\s+du|a\s+partir\s+del)\s+){0,2}`)
	endOf   = regexp.MustCompile(`(?i)^(?:the\s+end\s+of|end\s+of|close\s+of|ende|ablauf\s+des|(?:la\s+)?fin(?:\s+(?:de|du))?|(?:el\s+)?(?:fin|final|finales)\s+de)\s+`)
	isWords = regexp.MustCompile(`(?i)^(?:\s+(?:(?:of|der|de|del?)\s+)?([\pL\s]{2,50}?))?\s+(?:is|shall\s+be|will\s+be|ist|est|es)\s`)
	colon   = regexp.MustCompile(`^\s*(?:[:：=]\s*|[–—-]\s+)`)
	through = regexp.MustCompile(`(?i)^\s*,?\s*(?:(?:and\s+|und\s+|et\s+|y\s+)?(?:(?:is\s+|remains\s+|shall\s+remain\s+)?(?:valid|effective|in\s+(?:force|effect))\s+|(?:expires?|ends?|terminates?)\s+on|(?:gilt|gültig|endet)\s+|valable\s+|válid[oa]\s+|vigente\s+)?(?:until|till|through|thru|to|up\s+to|bis|jusqu['’](?:au|à|en)|au|hasta|al|a)?(?:\s+(?:and\s+including|zum|einschlie(?:ß|ss)lich|am|el))*\s+|\s*[–—-]\s*)`)
)
