package answer

import (
	"regexp"

	"clearwell/internal/analysis"
)

// leaning is how questions of one language lean on what was said before them. Words are in lower case.
type leaning struct {
	openings   []string        // a question that begins so goes on with the one before
	pointers   map[string]bool // always mean something said before
	personal   map[string]bool // mean a noun said before, which may stand in the question itself
	owners     map[string]bool // the same, as possessives
	showing    map[string]bool // the same with a noun behind them ("this rule"), unless the noun is of the present
	present    map[string]bool // nouns that anyone can show on: "this year"
	clauses    map[string]bool // begin a clause, in which a pronoun may mean a noun of the clause before
	general    map[string]bool // people in general: what they own is no one's that was named
	subjects   map[string]bool // what follows them is a verb
	determiner map[string]bool // what follows them is a noun
	places     map[string]bool // prepositions that a fragment begins with: "For contractors?"
	asking     map[string]bool // question words
	verbs      map[string]bool // auxiliaries and verbs that any question may have
	vague      map[string]bool // nouns that need another one to name a topic: "the limit"
	empty      map[string]bool // the other words that name no topic
	idle       *regexp.Regexp  // where a pronoun means nothing: "is it possible to"
	backward   *regexp.Regexp  // where a word that often means nothing points back: "is that …"
	defines    *regexp.Regexp  // asks what one word is
}

// leaningIn returns the lists of a language; English where there are none.
func leaningIn(language analysis.Language) *leaning {
	switch language {
	case "de":
		return &germanLeaning
	case "fr":
		return &frenchLeaning
	case "es":
		return &spanishLeaning
	}
	return &englishLeaning
}

var englishLeaning = leaning{
	openings: []string{"and", "but", "or", "so", "what about", "how about", "what if", "and what", "same for", "then"},
	pointers: wordSet(`same instead latter former`),
	personal: wordSet(`it they them he him she`),
	owners:   wordSet(`its their theirs`),
	showing:  wordSet(`this these those`),
	present: wordSet(`year month week quarter day morning afternoon evening time season company firm organisation organization
		office building site`),
	clauses: wordSet(`if when while because unless until till once before after since although though how where why who
		which that and but or so than whether`),
	general:    wordSet(`one everyone everybody anyone`),
	subjects:   wordSet(`i we you to who not can could may must should will would do does did`),
	determiner: wordSet(`the a an my your our their its each every any no`),
	places: wordSet(`for in at with without during after before since until from by on about as under outside inside within
		between above below abroad only also except`),
	asking: wordSet(`who whom whose what which when where why how`),
	verbs: wordSet(`is are was were be been being am do does did done have has had having can could may might must shall
		should will would need needs needed get gets got getting go goes give given gives take takes make makes made mean
		means apply applies happen happens work works say says tell know want let use used count counts last lasts isn
		aren doesn don didn won can't find`),
	vague: wordSet(`deadline limit maximum minimum max min amount rate rule rules exception exceptions procedure process form forms
		reason reasons condition conditions requirement requirements difference example examples detail details case
		cases way thing things kind kinds type types date`),
	empty: wordSet(`a an the this that these those my your our his her its their me i you we us he she it they them one ones some
		any all each every no not other another same both few more most less least much many such in on at by for from
		to of off with without within into onto about above below under over after before between during until till
		since through per via as than like against and or but if so then else otherwise instead because while unless
		also too even only just still yet already now again always never ever often usually exactly really actually
		please there here long far soon early late high low big person people someone anyone everyone everybody yes ok
		thanks s t d m ll re ve`),
	idle:     regexp.MustCompile(`\b(?:is|was|be|isn['’]t)\s+it\s+(?:\S+\s+){1,2}(?:to|that|if|when)\b|\bit\s+(?:takes?|costs?|helps?)\s+(?:\S+\s+){0,2}to\b`),
	backward: regexp.MustCompile(`\bthat\s*$|(?:^|\b(?:is|was|does|did|do|will|would|can|could|should|has|about|of|for|with|after|before|than|like|why|how|and)\s+)that\b|(?:^|\s)(?:do|go|stay|park|work|live|from|to|over|up|in|get|store|eat|smoke)\s+there\b`),
	defines:  regexp.MustCompile(`^(?:what|who)(?:['’]s| is| are) (?:an? )?\S+$|^what does \S+ mean$`),
}

var germanLeaning = leaning{
	openings: []string{"und", "aber", "oder", "was ist mit", "wie ist es mit", "wie ist das mit", "wie sieht es mit", "wie sieht es bei",
		"wie sieht das", "wie steht es mit", "wie steht's mit", "und was", "was wenn", "was, wenn", "dann"},
	pointers: wordSet(`dafür davon daran darin darüber dazu dabei darauf dagegen dadurch danach davor daraus darunter hierfür
		hiervon hierzu dort dasselbe dieselbe derselbe dieselben stattdessen letztere letzterer letzteres`),
	personal: wordSet(`er sie ihn ihm ihnen`),
	owners:   wordSet(`seine seinen seinem seiner ihre ihren ihrem ihrer`),
	showing:  wordSet(`dies diese dieser dieses diesen diesem jene jener jenes solche solcher solches`),
	present:  wordSet(`jahr jahres monat monats woche quartal tag tage zeit saison firma unternehmen büro gebäude haus standort`),
	clauses: wordSet(`wenn falls weil bevor nachdem während bis sobald ob dass damit seit obwohl wo wie warum die der das den dem
		und oder aber als`),
	general:    wordSet(`man jeder jede`),
	subjects:   wordSet(`ich wir man zu nicht wer was kann darf muss soll`),
	determiner: wordSet(`der die das den dem des ein eine einen einem einer eines mein meine meinen meiner unser unsere unseren unserem im am zum zur beim vom`),
	places: wordSet(`für bei beim mit ohne in im an am auf aus nach vor seit bis ab während wegen trotz von vom zu zum zur unter
		über außerhalb innerhalb zwischen als auch nur außer`),
	asking: wordSet(`wer wen wem wessen was welche welcher welches welchen welchem wann wo woher wohin warum wieso weshalb wie wieviel
		wieviele wofür womit wodurch worauf`),
	verbs: wordSet(`ist sind war waren sein bin wird werden wurde wurden hat habe haben hatte kann können könnte darf dürfen muss müssen
		soll sollen sollte will wollen möchte mag gibt geben gilt gelten bekomme bekommt bekommen erhalte erhält erhalten
		brauche braucht brauchen mache macht machen tun tut gehe geht gehen komme kommt kommen finde findet finden stehe steht
		heißt bedeutet passiert funktioniert lasse lassen nehme nehmen nimmt sieht dauert dauern muß`),
	vague: wordSet(`frist grenze maximum minimum betrag regel regeln ausnahme ausnahmen verfahren ablauf vorgang formular grund
		gründe bedingung bedingungen voraussetzung voraussetzungen unterschied beispiel beispiele fall fälle datum höhe`),
	empty: wordSet(`der die das den dem des ein eine einen einem einer eines kein keine keinen mein meine meinen meinem meiner unser
		unsere unseren unserem unserer dein sein ihr ihre ihren ich du er sie es wir man mir mich uns dir dich euch ihm
		ihn ihnen sich jeder jede jedes jeden alle allen aller andere anderen anderer gleiche gleichen viel viele vielen
		mehr weniger in im an am auf aus bei beim bis ab durch für gegen mit nach ohne seit über um unter von vom vor
		während wegen zu zum zur zwischen als und oder aber wenn falls weil dass ob auch noch nur schon sehr so dann
		denn doch eigentlich genau immer nie oft jetzt hier da bitte nicht lange lang hoch früh spät weit groß person
		personen leute jemand alles etwas ja nein danke`),
	idle:     regexp.MustCompile(`\bdafür,? (?:dass|um)\b`),
	backward: regexp.MustCompile(`\bdas\s*$|\bdas\s+(?:auch|so|für|in|bei|immer|noch|nur|denn|eigentlich|jetzt|von|mit|als|wenn|im|am|und|oder|nicht|möglich|erlaubt|alles|genau|dann|ebenfalls|überhaupt|schon|anders|genehmigen|bezahlt|gemacht|beantragen)\b|[^,]\s+damit\s*$`),
	defines:  regexp.MustCompile(`^(?:was|wer) (?:ist|sind)(?: eine?)? \S+$|^was (?:bedeutet|heißt) \S+$`),
}

var frenchLeaning = leaning{
	openings: []string{"et", "mais", "ou", "qu en est il", "qu'en est-il", "qu’en est-il", "dans ce cas", "alors", "donc", "même chose", "idem"},
	pointers: wordSet(`cela ça ceci idem`),
	personal: wordSet(`ils elles elle il`),
	owners:   wordSet(`leur leurs son sa ses`),
	showing:  wordSet(`cette cet ces ce`),
	present:  wordSet(`année an mois semaine trimestre jour matin soir entreprise société bureau bâtiment site que qui qu sont`),
	clauses: wordSet(`si quand lorsque lorsqu parce avant après pendant où comment pourquoi qui que qu dont et ou mais dès tant
		puisque`),
	general:    wordSet(`on chacun chaque`),
	subjects:   wordSet(`je j tu nous vous on qui ne n pas à peut doit faut pouvons puis`),
	determiner: wordSet(`le la les l un une des du au aux mon ma mes notre nos votre vos chaque`),
	places: wordSet(`pour dans en à au aux avec sans pendant après avant depuis jusqu chez par sur sous hors entre comme aussi
		seulement uniquement sauf`),
	asking: wordSet(`qui que qu quoi quel quelle quels quelles quand où pourquoi comment combien`),
	verbs: wordSet(`est sont était étaient être suis sera seront a ai as ont avons avez avoir peut peux peuvent puis pouvons doit dois
		doivent faut fait font faire va vont aller reçoit reçois recevoir obtient obtenir besoin signifie dire dit passe marche
		fonctionne vaut trouve trouver prend prendre utilise s applique appliquent dure`),
	vague: wordSet(`délai limite maximum minimum montant taux règle règles exception exceptions procédure processus formulaire
		raison raisons condition conditions exigence différence exemple exemples cas façon manière chose type date`),
	empty: wordSet(`le la les l un une des du de d au aux mon ma mes notre nos votre vos ton ta tes son sa ses leur leurs ce cet
		cette ces je j tu il elle on nous vous ils elles me m te t se s lui y en ne n pas plus moins très tout tous
		toute toutes autre autres même mêmes chaque chacun dans à avec sans pour par sur sous chez entre vers pendant
		après avant depuis jusqu jusque dès et ou mais donc si car comme aussi encore déjà toujours jamais souvent
		exactement vraiment maintenant ici là ci c longtemps haut tôt tard loin personne personnes gens quelqu oui non
		merci beaucoup peu`),
	idle:     regexp.MustCompile(`y a[- ]t[- ]il|il y a|(?:faut|s['’]agit|existe-t|suffit|convient)[- ]il|il (?:faut|est|existe)|\best-il \S+ (?:de|d['’]|que|qu['’])`),
	backward: regexp.MustCompile(`\b(?:celui|celle|ceux|celles)-(?:ci|là)|\b(?:celui|celle|ceux|celles)\s*$|\blà-(?:dessus|dedans|bas)|\bc['’]est\s+\S+\s*$|\best-ce\s+\S+\s*$|(?:^|\s)est-ce (?:aussi|encore|vraiment|toujours|le cas|la même|payé|possible|obligatoire|autorisé)\b`),
	defines:  regexp.MustCompile(`^(?:qu['’]est[- ]ce qu(?:e|['’]) ?(?:une? |l[ea] |l['’])?|c['’]est quoi (?:une? |l[ea] |l['’])?|qui est )\S+$`),
}

var spanishLeaning = leaning{
	openings: []string{"y", "e", "pero", "o", "qué hay de", "que hay de", "qué hay del", "qué pasa con", "que pasa con", "qué tal", "entonces",
		"en ese caso", "lo mismo"},
	pointers:   wordSet(`eso esto aquello allí ahí ello`),
	personal:   wordSet(`ellos ellas ella él`),
	owners:     wordSet(``),
	showing:    wordSet(`este esta estos estas ese esa esos esas aquel aquella aquellos aquellas`),
	present:    wordSet(`año mes semana trimestre día mañana tarde temporada empresa compañía oficina edificio sede`),
	clauses:    wordSet(`si cuando mientras porque antes después hasta desde aunque donde dónde cómo quién que y o pero una`),
	general:    wordSet(`uno cada`),
	subjects:   wordSet(`yo nosotros no quién quien puedo puede podemos debo debe debemos se me nos a`),
	determiner: wordSet(`el la los las un una unos unas mi mis nuestro nuestra nuestros nuestras del al cada`),
	places: wordSet(`para en con sin durante después antes desde hasta por sobre según entre fuera dentro como también solo sólo
		salvo excepto`),
	asking: wordSet(`quién quien quiénes qué que cuál cual cuáles cuales cuándo cuando dónde donde cómo cuánto cuánta cuántos cuántas
		cuanto cuantos cuantas cuanta adónde`),
	verbs: wordSet(`es son era ser está están estar estoy soy fue ha he han hemos haber hay tengo tiene tienen tenemos tener puedo puede
		pueden podemos poder debo debe deben debemos deber hace hago hacer hacen va voy van ir recibo recibe reciben recibir
		necesito necesita necesitan significa pasa funciona vale encuentro encontrar toma tomar usa usar aplica aplican dura
		corresponde corresponden`),
	vague: wordSet(`plazo límite limite máximo mínimo importe cantidad tasa regla reglas excepción excepciones procedimiento proceso
		formulario motivo motivos razón razones condición condiciones requisito requisitos diferencia ejemplo ejemplos
		caso casos forma manera cosa tipo fecha`),
	empty: wordSet(`el la los las un una unos unas lo al del de mi mis tu tus su sus nuestro nuestra nuestros nuestras yo tú él ella
		ellos ellas nosotros usted ustedes me te se nos le les este esta estos estas ese esa esos esas en con sin por
		para sobre entre hasta desde durante según ante bajo contra hacia tras y e o u ni pero si sí no que porque como
		mientras también además solo sólo ya aún todavía siempre nunca muy más menos tan tanto mucho mucha muchos muchas
		poco todo todos toda todas otro otra otros otras mismo misma mismos mismas cada algún alguna alguien ahora aquí
		exactamente realmente antes después largo alto pronto tarde lejos persona personas gente gracias`),
	idle:     regexp.MustCompile(`\b(?:esta|este) \S+(?:ado|ido|ada|ida|ando|iendo)\b`),
	backward: regexp.MustCompile(`(?:^|\s)lo\s+(?:[^\sqmda]|a[^n]|debo|debe|d[^eu]|m[^íiáa])\S*|\b(?:pedir|solicitar|hacer|usar|cambiar|devolver|cancelar|aprobar|pagar|enviar|tomar|comprar)(?:lo|la|los|las)\b`),
	defines:  regexp.MustCompile(`^(?:qué|que|quién) (?:es|son) (?:el |la |los |las |una? )?\S+$|^qué significa \S+$`),
}
