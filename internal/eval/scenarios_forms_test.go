package eval

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"time"

	"clearwell/internal/parse"
)

// form is a text with places to fill in: "{unit}" is the name of whom it is for, "{20}" a figure that grows with the
// states. A line "2+ …" stands from the second state on, "2- …" before it.
type form struct {
	language, title, body string
}

var forms = []form{
	{"en", "Travel policy", `
This policy says how people of {unit} plan, book and account for business travel. It applies to all employees of {unit} and to contractors whose contract says so.
## Approval
The line manager approves a trip in writing before anything is booked. Trips that cost more than {900} euros also need the approval of the head of {unit}.
- Journeys of less than {60} kilometres need no approval.
- Journeys abroad are announced to the security desk {5} days before.
2+ - Journeys by night train count as a working day when they begin after 20:00.
## Booking
Tickets are bought through the travel portal. Whoever books elsewhere explains why in the expense report.
Rail is the first choice for distances below {500} kilometres. Flights are booked in economy class; business class is possible for flights of more than {8} hours.
2- Hotels are booked by the travellers themselves and may cost what is usual at the place.
2+ Hotels are booked from the list of partner hotels. Where there is none, a night may cost up to {140} euros including breakfast.
## Expenses
Meals are paid by receipt, up to the daily limits in this table.
Place | Daily limit
Within the country | {42} EUR
Neighbouring countries | {55} EUR
Elsewhere | {68} EUR
Expense reports are handed in within {30} days after the trip. Finance pays them within {10} working days.
3+ Tips are paid back up to {10} percent of the bill, and only where they are customary.
## Accidents
In an emergency call the assistance line, which is open at all hours. {unit} has insured all business travel against accident and illness abroad.`},
	{"en", "Remote work policy", `
{unit} lets its people work from elsewhere where the task allows it. This policy says for whom, how often and with what equipment.
## Who may work remotely
Everybody whose trial period is over may work remotely for up to {2} days a week. The team decides which days it spends together.
2+ Parents of children below the age of {12} may ask for one day more.
## Availability
People are reachable between 10:00 and 15:00. Whoever is not says so in the team calendar by {9} in the morning.
- Cameras are a matter of choice.
- Meetings of more than {8} people are recorded only when all agree.
2- - The office telephone is forwarded to a private number.
3+ - Every {6} weeks the team of {unit} meets in person for a day.
## Equipment
{unit} lends a notebook, a screen and a headset. A one-time payment of {250} euros covers table, chair and light. The equipment stays the property of the company and is returned within {14} days after the end of the contract.
## Working from abroad
Working from another country is possible for up to {20} days a year after the tax desk has said yes. The request names the address and the days.
2+ The request is handed in at least {15} days before the journey, since social insurance has to be settled.
## Data protection
Papers with personal data stay in the office. Screens are locked whenever nobody sits in front of them, and calls about customers are made where nobody listens.`},
	{"en", "Procurement rules", `
These rules say how {unit} buys goods and services, from pencils to software. They protect the buyers as much as the budget.
## Thresholds
Value of the order | What is needed
Up to {500} EUR | Receipt
Up to {5000} EUR | Three offers by mail
Above | Call for tenders by the purchasing office
The value is that of the whole term, options included. Orders may not be split so as to stay below a threshold.
## Roles
Whoever needs something writes down what it has to do. A second person of {unit} checks the offers. The purchasing office signs.
- The requester keeps the offers for {6} years.
- The second person has no dealings with any of the bidders.
2+ - Gifts of bidders worth more than {25} euros are handed to the compliance desk of {unit}.
## Software
2- New software is installed after the requester has tested it for {10} days.
2+ New software is installed after the security desk has looked at it, which takes up to {15} working days. It asks where data are kept and who can see them.
Subscriptions end by themselves after {12} months unless somebody says that they are still needed.
3+ Software that {unit} no longer uses is reported, so that its licences can be given to others within {30} days.
## Urgent purchases
When a delay would do harm, the head of {unit} may order at once and explains it within {3} days. Such purchases are listed in the quarterly report.`},
	{"en", "On-call duty", `
This page describes how {unit} looks after its services outside of working hours, who is called, and how that is paid.
## Rota
A rota of {6} people covers nights and weekends, a week each. It is published {4} weeks ahead. Swaps are agreed among colleagues and entered in the rota.
## Response
The person on call answers within {15} minutes and begins to work on the fault within {45} minutes. Whoever can't be reached is followed by the deputy.
1. Confirm the alarm.
2. Look at the dashboard of the service and at what was changed last.
3. Write to the incident channel every {30} minutes.
2+ 4. Hand over to the day team in writing by {9} in the morning.
## Pay
Each week on call is paid with {300} euros. Calls at night are paid by the hour in addition, and are followed by {11} hours of rest.
2- Public holidays are paid like Sundays.
2+ Public holidays count double, and earn {1} day of leave in addition.
## After the incident
Within {5} days {unit} holds a review without blame. Its findings are filed with an owner and a date each.
3+ Faults that came back within {90} days are reviewed by another team than {unit}.`},
	{"de", "Urlaubsrichtlinie", `
Diese Richtlinie regelt den Erholungsurlaub und den Sonderurlaub der Beschäftigten von {unit}. Sie gilt für alle Standorte.
## Anspruch
Vollzeitbeschäftigte haben Anspruch auf {28} Tage Urlaub im Kalenderjahr. Bei Teilzeit wird der Anspruch nach der Zahl der Wochentage berechnet.
2+ Ab dem zehnten Jahr der Betriebszugehörigkeit kommen {2} Tage hinzu.
## Antrag
Der Urlaub wird mindestens {14} Tage vor dem ersten Urlaubstag beantragt. Die Führungskraft entscheidet innerhalb von {5} Arbeitstagen.
- Wünsche von Eltern schulpflichtiger Kinder haben in den Ferien Vorrang.
- Zwischen den Jahren bleibt der Betrieb geschlossen; dafür werden {3} Tage angerechnet.
## Übertragung
2- Nicht genommener Urlaub verfällt mit dem Ende des Jahres, sofern keine dringenden Gründe vorliegen.
2+ Nicht genommener Urlaub kann in das Folgejahr übertragen werden und muss dann in den ersten {3} Monaten genommen werden.
## Sonderurlaub
Anlass | Tage
Eigene Hochzeit | {2}
Geburt eines Kindes | {2}
Umzug aus dienstlichem Grund | {1}
3+ Für die Pflege naher Angehöriger werden bis zu {10} Tage im Jahr gewährt, wenn eine Bescheinigung vorliegt.
## Krankheit im Urlaub
Wer im Urlaub erkrankt, legt ein Attest vor. Die Tage werden dann nicht auf den Urlaub angerechnet.`},
	{"de", "Datenschutzhinweise für Besucher", `
{unit} verarbeitet Daten von Besucherinnen und Besuchern seiner Gebäude. Hier steht, welche Daten das sind und wie lange sie aufbewahrt werden.
## Welche Daten
Am Empfang werden Name, Firma und die besuchte Person erfasst. Der Ausweis wird angesehen, aber nicht kopiert.
2+ Kennzeichen von Fahrzeugen werden nur gespeichert, wenn ein Stellplatz belegt wird.
## Videoüberwachung
Die Eingänge werden mit {12} Kameras überwacht. Die Aufnahmen werden nach {72} Stunden überschrieben.
- In Pausenräumen gibt es keine Kameras.
- Die Aufnahmen sieht nur der Wachdienst ein, und nur nach einem Vorfall.
## Aufbewahrung
Die Besucherliste wird nach {30} Tagen vernichtet. Besucherausweise werden am selben Tag zurückgegeben.
2- Auskünfte erteilt die Pforte.
2+ Auskünfte erteilt die Datenschutzstelle von {unit} innerhalb von {20} Tagen nach Eingang der Anfrage.
## Rechte
Besucher können Auskunft, Berichtigung und Löschung verlangen und sich bei der Aufsichtsbehörde beschweren.
3+ Ein Widerspruch gegen die Videoüberwachung wird innerhalb von {15} Tagen beantwortet.`},
	{"fr", "Règlement du télétravail", `
Le présent règlement fixe les conditions dans lesquelles le personnel de {unit} peut travailler à distance.
## Bénéficiaires
Tout salarié dont la période d'essai est terminée peut travailler à domicile jusqu'à {2} jours par semaine, avec l'accord de son responsable.
2+ Les parents d'enfants de moins de {12} ans peuvent demander un jour supplémentaire.
## Horaires
Le salarié est joignable de dix heures à seize heures. Il indique ses absences dans l'agenda de l'équipe avant {9} heures.
- Les réunions de plus de {8} personnes ne sont enregistrées qu'avec l'accord de tous.
- La caméra reste facultative.
## Matériel
{unit} prête un ordinateur, un écran et un casque. Une indemnité unique de {200} euros couvre le mobilier.
2- Les frais de connexion restent à la charge du salarié.
2+ Les frais de connexion sont remboursés à hauteur de {15} euros par mois sur présentation d'une facture.
## Séjour à l'étranger
Le travail depuis un autre pays est limité à {15} jours par an et soumis à l'accord du service juridique de {unit}.
3+ La demande est déposée au moins {20} jours avant le départ.`},
	{"es", "Política de gastos de viaje", `
Esta política establece cómo el personal de {unit} planifica, reserva y justifica los viajes de trabajo.
## Autorización
La persona responsable autoriza el viaje por escrito antes de la reserva. Los viajes de más de {900} euros requieren además la firma de la dirección de {unit}.
- Los trayectos de menos de {60} kilómetros no necesitan autorización.
- Los viajes al extranjero se comunican {5} días antes.
## Reservas
El tren es la primera opción para distancias inferiores a {500} kilómetros. Los vuelos se reservan en clase turista.
2- El alojamiento lo elige cada persona según los precios habituales del lugar.
2+ El alojamiento se reserva en los hoteles concertados; donde no los haya, la noche puede costar hasta {120} euros.
## Dietas
Lugar | Límite diario
Dentro del país | {38} EUR
Países vecinos | {50} EUR
Resto del mundo | {65} EUR
Los gastos se presentan en los {30} días siguientes al viaje y se pagan en {10} días hábiles.
3+ Las propinas se reembolsan hasta el {5} por ciento de la cuenta.
## Accidentes
{unit} tiene asegurados todos los viajes de trabajo contra accidente y enfermedad en el extranjero.`},
}

var units = []string{"Sales", "Support", "Legal", "Logistics", "Northwind", "Ridgeway Labs", "Marketing", "Field Service"}

var (
	place      = regexp.MustCompile(`\{(\d+)\}`)
	fromState  = regexp.MustCompile(`^(\d)([+-]) `)
	numberItem = regexp.MustCompile(`^\d+\. `)
)

// fill makes a lineage of n states for a unit.
func (f form) fill(rng *rand.Rand, unit string, n int) lineage {
	l := lineage{id: slug(f.title), title: f.title}
	date := time.Date(2020+rng.IntN(3), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC)
	for state := 1; state <= n; state++ {
		l.states = append(l.states, f.blocks(unit, state))
		l.dates = append(l.dates, date)
		date = date.AddDate(0, 0, 90+rng.IntN(260))
	}
	return l
}

func (f form) blocks(unit string, state int) []parse.Block {
	var blocks []parse.Block
	grown := 0
	for line := range strings.SplitSeq(strings.TrimSpace(f.body), "\n") {
		if m := fromState.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1]) // a digit, by the pattern
			if (m[2] == "+") != (state >= n) {
				continue
			}
			line = line[len(m[0]):]
		}
		line = strings.ReplaceAll(line, "{unit}", unit)
		line = place.ReplaceAllStringFunc(line, func(s string) string {
			n, _ := strconv.Atoi(strings.Trim(s, "{}")) // digits, by the pattern
			if grown++; (grown+state)%3 == 0 {          // a third of the figures change with each state
				n += state
			}
			return strconv.Itoa(n)
		})
		last := len(blocks) - 1
		switch {
		case strings.HasPrefix(line, "## "):
			blocks = append(blocks, parse.Block{Kind: parse.Heading, Level: 2, Text: line[3:]})
		case strings.HasPrefix(line, "- "), numberItem.MatchString(line):
			blocks = append(blocks, parse.Block{Kind: parse.ListItem, Level: 1, Text: line})
		case strings.Contains(line, " | ") && blocks[last].Kind == parse.Table:
			blocks[last].Text += "\n" + line
		case strings.Contains(line, " | "):
			blocks = append(blocks, parse.Block{Kind: parse.Table, Text: line})
		default:
			blocks = append(blocks, parse.Block{Kind: parse.Paragraph, Text: line})
		}
	}
	return blocks
}

// minutes are a report of one month: the headings are those of every month, the rest is not.
func minutes(rng *rand.Rand, month time.Month, year int) []parse.Block {
	what := []string{"the mail gateway", "the badge readers", "the payroll export", "a lost notebook", "the guest network", "the backup of the file server",
		"phishing mails to the front desk", "an expired certificate", "the new door at the loading bay", "the test of the sprinklers", "two returned laptops", "the audit of admin rights"}
	rng.Shuffle(len(what), func(i, j int) { what[i], what[j] = what[j], what[i] })
	para := func(format string, args ...any) parse.Block {
		return parse.Block{Kind: parse.Paragraph, Text: fmt.Sprintf(format, args...)}
	}
	head := func(text string) parse.Block { return parse.Block{Kind: parse.Heading, Level: 2, Text: text} }
	return []parse.Block{
		para("Report to the management board for %s %d.", month, year),
		head("Incidents"), para("In %s we looked into %s: it took %d hours, and %d people were affected.", month, what[0], 2+rng.IntN(30), 1+rng.IntN(40)),
		para("%s was reported on the %dth and closed %d days later.", strings.ToUpper(what[1][:1])+what[1][1:], 4+rng.IntN(16), 1+rng.IntN(9)),
		head("Work done"), para("We finished %s and began with %s. %d tickets were closed, %d are open.", what[2], what[3], 20+rng.IntN(80), rng.IntN(25)),
		para("The week of the %dth went into %s, which cost %d euros.", 4+rng.IntN(16), what[4], 100+rng.IntN(4000)),
		head("Outlook"), para("Next month is about %s. A decision on %s is needed before the %dth.", what[5], what[6], 4+rng.IntN(16)),
		para("The numbers in this report are preliminary and are corrected in the annual report."),
	}
}

var notSlug = regexp.MustCompile(`[^\pL\d]+`)

// slug is a title as a file's name.
func slug(title string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(title), "-"), "-")
}
