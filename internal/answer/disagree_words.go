package answer

// Words by which rules are told apart, in the languages of the interface.
var (
	// everyone are people at large: whoever a rule is for when it doesn't single anybody out.
	everyone = wordSet(`employee employees staff member members worker workers colleague colleagues person persons people everyone everybody all team company
		firm organisation organization mitarbeiter mitarbeitende mitarbeitenden mitarbeiterin mitarbeiterinnen mitarbeitern beschäftigte beschäftigten
		arbeitnehmer arbeitnehmerinnen angestellte angestellten personal belegschaft kollegen firma unternehmen salarié salariés salariée salariées employé
		employés personnel collaborateur collaborateurs personne personnes entreprise société chacun empleado empleados empleada empleadas trabajador
		trabajadores persona personas plantilla empresa compañía`)
	// ruleVerbs are what every rule says.
	ruleVerbs = wordSet(`get gets receive receives have has entitled entitlement granted grant grants given give gives get allowed allow allows eligible need needs
		must required requires require apply applies applicable amount amounts total totals is are set sets stay stays last lasts expect expected take takes
		erhalten erhält bekommen bekommt haben hat anspruch steht stehen zustehen gewährt gilt gelten beträgt betragen muss müssen brauchen dauert
		reçoivent reçoit bénéficient bénéficie bénéficier ont droit droits dispose disposent doivent doit accordé accordés faut dure
		reciben recibe tienen tiene tenemos derecho disponen dispone deben debe corresponden corresponde dura durar reciben recibimos`)
	// everyRule are other words that limit nothing.
	everyRule = wordSet(`year years annual annually yearly calendar month monthly full paid each every new policy rule rules currently now total normally generally usually
		always exactly always jahr jahre jährlich kalenderjahr pro bezahlt bezahlten bezahlte derzeit grundsätzlich insgesamt regel an annuel annuels annuelle par
		chaque civil payé payés actuellement total anual anuales natural cada pagados actualmente año años mes`)
	// groups single out some of the people, places or times.
	groups = wordSet(`intern interns trainee trainees apprentice apprentices contractor contractors freelancer freelancers consultant consultants manager managers executive
		executives director directors supervisor supervisors part-time parttime full-time fulltime temporary permanent student students senior junior remote probation
		probationary retired disabled pregnant parents mothers fathers night shift weekend holiday international domestic foreign abroad local regional national
		visitor visitors guest guests customer customers supplier suppliers vendor vendors premium basic enterprise starter free
		praktikant praktikanten praktikantin praktikantinnen auszubildende auszubildenden azubi azubis werkstudent werkstudenten werkstudierende freie führungskräfte
		führungskraft leitende leitenden teilzeit teilzeitkräfte vollzeit aushilfen befristete befristeten probezeit schwerbehinderte schwerbehinderten eltern mütter väter
		nachtschicht ausland inland ausländische besucher gäste kunden lieferanten minderjährige jugendliche
		stagiaire stagiaires apprenti apprentis alternant alternants cadre cadres dirigeants intérimaire intérimaires temporaire temporaires partiel plein étudiants parents mères
		pères visiteurs clients fournisseurs étranger étrangers nuit essai
		becario becarios becaria becarias aprendiz aprendices autónomo autónomos directivo directivos gerente gerentes parcial completa temporal temporales estudiantes padres
		madres visitantes clientes proveedores extranjero nocturno prueba`)
	// conditions open what limits a rule; up to four words behind one belong to it.
	conditions = wordSet(`if when unless during under over after before except for in at with without until while where from outside within who whose
		wenn falls sofern für bei beim nach vor während ohne mit in im ab unter über außer seit die der
		si pour lors après avant pendant sans avec dans en chez sous sauf dès
		para cuando tras después antes durante sin con en bajo salvo desde`)
	// kindsOfDocument are words of titles that say what a document is, not what it is about.
	kindsOfDocument = wordSet(`policy policies handbook guide guideline guidelines manual rules regulation regulations agreement terms faq overview page document notice
		richtlinie richtlinien handbuch leitfaden ordnung regelung regelungen betriebsvereinbarung vereinbarung merkblatt hinweise übersicht
		politique guide manuel règlement accord charte note manuel convención política manual guía reglamento norma acuerdo convenio`)
	// asksItself are words of a question that say that it asks.
	asksItself = wordSet(`many much long often percentage percent share number amount date time deadline year day days month maximum minimum limit longest shortest latest
		viele lange lang hoch oft prozent anteil anzahl betrag datum frist tage combien temps pourcentage nombre montant délai date jours jour
		cuántos cuántas cuánto cuánta tiempo porcentaje número importe plazo fecha días`)
	// works are what has a maker.
	works = wordSet(`album albums song songs single film movie book novel play poem game series show work painting opera symphony report article essay term buch roman
		lied film werk bericht stück gemälde livre roman chanson œuvre rapport pièce tableau libro novela canción película obra informe cuadro`)
	// situated say that something is somewhere, or ask where.
	situated = wordSet(`located situated lies lie stands based found published held headquartered city town village state country county province region district place
		location liegt befindet steht ansässig gelegen stadt ort land region situé située trouve basé basée ville pays région lieu situado situada encuentra ubicado
		ubicada ciudad país región lugar`)
	// addedGenerally are words that a question may add to any other.
	addedGenerally = wordSet(`estimated total current currently approximate average official exact primary main common type kind sort form name full real original
		geschätzt gesamte aktuelle ungefähre offizielle genaue haupt art typ form name estimée totale actuelle officielle exacte principale principal type sorte nom
		estimada total actual oficial exacta principal tipo clase nombre`)
)
