package imprint_test

import (
	"strings"
	"testing"

	"clearwell/internal/imprint"
)

func TestStatementsOfValidityAreRead(t *testing.T) {
	t.Parallel()
	var cases []dateCase
	add := func(from, until string, sentences ...string) {
		for _, s := range sentences {
			cases = append(cases, dateCase{inHead(s), from, until})
		}
	}
	add("2026-01-01", "",
		"Effective 1 January 2026", "Effective January 1, 2026.", "Effective date: 1 January 2026", "Effective Date - January 1, 2026", "**Effective date:** January 1, 2026",
		"Effective: 2026-01-01", "Effective as of 1 January 2026", "Effective from 1 January 2026", "Version Effective Date: January 1, 2026", "Policy effective date: 1 January 2026",
		"Date of entry into force: 1 January 2026", "Valid from 1 January 2026", "In force from 1 January 2026.", "In force since 1 January 2026", "Comes into force on 1 January 2026",
		"Applies from 1 January 2026.", "Takes effect on 1 January 2026.", "With effect from 1 January 2026", "- Effective date: 1 January 2026",
		"This policy takes effect on 1 January 2026.", "This policy is effective January 1, 2026.", "This Policy shall come into force on 1 January 2026 and shall apply to all staff.",
		"This policy, effective 1 January 2026, sets out who may travel.", "This policy is effective as of January 1, 2026 (the “Effective Date”).",
		"This travel policy (the “Policy”) is effective as of 1 January 2026.", "This policy has been approved by the board and takes effect on 1 January 2026.",
		"These Terms of Service are effective as of January 1, 2026.", "This edition of the handbook is valid from 1 January 2026.", "The policy is in force since 1 January 2026.",
		"The Travel Policy is effective 1 January 2026.", "From 1 January 2026 this policy applies to all employees.", "Effective January 1, 2026, this policy replaces the policy of 2 May 2021.",
		"As of 1 January 2026, this policy supersedes the Travel Policy of 1 May 2020.", "The effective date of this policy is 1 January 2026.",
		"Version 3.2, effective 1 January 2026", "Version 3.2 – effective 1 January 2026", "Travel policy | Effective 1 January 2026 | Page 1 of 3",
		"Owner: Human Resources Effective date: 1 January 2026 Version: 3.2", "This policy applies to all employees from 1 January 2026.", "This policy becomes effective on 1 January 2026.",
		"The policy takes effect on 1 January 2026.", "Effective Date January 1, 2026", "Date effective 1 January 2026", "Version 3.2 vom 01.02.2025, gültig ab 01.01.2026", "Travel Policy, Rev. 4, effective January 1, 2026",
		"Last updated: May 17, 2025. Effective: January 1, 2026.", "This version of the Terms is effective from 1 January 2026.", "The effective date of this amendment shall be 1 January 2026.", "These Terms are effective 1 January 2026. The previous Terms, effective 1 June 2022, are archived.",
		"Diese Betriebsvereinbarung tritt am 01.01.2026 in Kraft.", "La présente politique est entrée en vigueur le 1er janvier 2026 et remplace celle du 1er mars 2020.", "Esta política entró en vigor el 1 de enero de 2026.", "This policy sets out who may travel. It takes effect on 1 January 2026.", "Please note that this policy is effective 1 January 2026.", "Effective Date:\n1 January 2026", "Effective on: 1 January 2026",
		"This Employee Handbook is effective as of January 1, 2026, and supersedes all prior handbooks.", "This procedure shall be effective from 1 January 2026.", "Effective date: January 1, 2026 Last updated: May 3, 2025",
		"Last updated: May 3, 2025 Effective date: January 1, 2026", "Approved by: Board, 3 May 2025. Effective date: 1 January 2026.", "This policy on business travel takes effect on 1 January 2026.", "This Travel and Expense Policy will take effect January 1, 2026.",
		"Effective 1 January 2026; replaces the policy of 3 March 2024.", "Our privacy notice is effective from 1 January 2026.",
	)
	add("2026-01-01", "",
		"Gültig ab 1. Januar 2026", "Gültig ab: 01.01.2026", "Gültig ab dem 1. Januar 2026.", "Gilt ab 01.01.2026", "Gültig seit 1.1.2026", "Inkrafttreten: 1. Januar 2026", "In Kraft seit 01.01.2026",
		"Diese Richtlinie tritt am 1. Januar 2026 in Kraft.", "Diese Reisekostenrichtlinie gilt ab dem 1. Januar 2026.", "Die vorliegende Regelung gilt ab 01.01.2026.",
		"Diese Betriebsvereinbarung tritt mit Wirkung vom 1. Januar 2026 in Kraft und ersetzt die Vereinbarung vom 3. März 2020.", "Diese Fassung ist ab dem 1. Januar 2026 gültig.",
		"Ab dem 1. Januar 2026 gilt diese Richtlinie.", "Am 1. Januar 2026 tritt diese Richtlinie in Kraft.", "Diese Ordnung wird zum 1. Januar 2026 wirksam.", "Stand: 01.12.2025, gültig ab 01.01.2026",
		"Datum des Inkrafttretens: 1. Januar 2026", "Tritt am 1. Januar 2026 in Kraft.", "Geltungsbeginn: 01.01.2026", "Diese Dienstanweisung ist am 1. Januar 2026 in Kraft getreten.",
		"Diese Richtlinie gilt mit Wirkung vom 1. Januar 2026.",
	)
	add("2026-01-01", "",
		"En vigueur à compter du 1er janvier 2026", "Entre en vigueur le 1er janvier 2026.", "Date d’entrée en vigueur : 1er janvier 2026", "Applicable à partir du 1er janvier 2026",
		"La présente politique entre en vigueur le 1er janvier 2026.", "Cette politique de voyage prend effet le 1er janvier 2026.", "La présente charte est applicable à compter du 1er janvier 2026.",
		"Le présent règlement s'applique à partir du 1er janvier 2026.", "Valable dès le 1er janvier 2026", "Date d'effet : 01/01/2026", "Les présentes conditions générales sont valables à partir du 1er janvier 2026.",
		"À compter du 1er janvier 2026, la présente politique remplace celle du 3 mars 2020.",
	)
	add("2026-01-01", "",
		"En vigor desde el 1 de enero de 2026", "Vigente desde el 1 de enero de 2026.", "Fecha de entrada en vigor: 1 de enero de 2026", "Vigente a partir del 1 de enero de 2026", "Fecha de vigencia: 01/01/2026",
		"Esta política entra en vigor el 1 de enero de 2026.", "La presente política de viajes entrará en vigor el 1 de enero de 2026.", "Este reglamento está vigente desde el 1 de enero de 2026.",
		"Válido desde el 1 de enero de 2026", "Esta norma se aplica a partir del 1 de enero de 2026.", "Este convenio surte efectos desde el 1 de enero de 2026.",
	)
	add("2026-01-01", "2027-01-01",
		"Policy period: January 1, 2026 – December 31, 2026", "Valid from 1 January 2026 until 31 December 2026", "Valid from 1 January to 31 December 2026", "Effective from 01.01.2026 to 31.12.2026.",
		"Validity: 2026-01-01 to 2026-12-31", "This agreement commences on 1 January 2026 and ends on 31 December 2026.", "This policy takes effect on 1 January 2026 and expires on 31 December 2026.",
		"Effective from 1 January 2026 and valid until 31 December 2026.", "Gültig vom 01.01.2026 bis 31.12.2026", "Gültig vom 1. Januar bis zum 31. Dezember 2026.", "Gültig vom 1.1. bis 31.12.2026",
		"Geltungsdauer: 01.01.2026 bis 31.12.2026", "Diese Vereinbarung gilt vom 1. Januar 2026 bis zum 31. Dezember 2026.", "Diese Richtlinie tritt am 1. Januar 2026 in Kraft und am 31. Dezember 2026 außer Kraft.",
		"Valable du 1er janvier 2026 au 31 décembre 2026", "Valable du 1er janvier au 31 décembre 2026.", "Válido desde el 1 de enero de 2026 hasta el 31 de diciembre de 2026", "Vigencia: del 1 de enero al 31 de diciembre de 2026",
		"Effective January 1 – December 31, 2026",
	)
	add("", "2027-01-01",
		"Valid until 31 December 2026", "Expires on 31 December 2026.", "Expiry date: 31 December 2026", "This policy expires on 31 December 2026.", "This policy remains in force until 31 December 2026.",
		"Gültig bis 31.12.2026", "Gültig bis zum 31. Dezember 2026.", "Diese Regelung ist bis zum 31. Dezember 2026 befristet.", "Diese Richtlinie tritt mit Ablauf des 31. Dezember 2026 außer Kraft.",
		"Valable jusqu’au 31 décembre 2026", "La présente politique expire le 31 décembre 2026.", "Válido hasta el 31 de diciembre de 2026", "Vigente hasta: 31/12/2026", "Esta política vence el 31 de diciembre de 2026.",
	)
	checkDates(t, cases)
}

func TestStatementsCountWhereTheySpeakOfTheDocument(t *testing.T) {
	t.Parallel()
	checkDates(t, []dateCase{
		{"# Travel policy (effective 1 January 2026)\n\n" + body, "2026-01-01", ""},
		{"# Travel policy – gültig ab 01.01.2026\n\n" + body, "2026-01-01", ""},
		{"---\ntitle: Price list, valid from 1 January 2026\n---\n" + body, "2026-01-01", ""},
		{inBody("This policy takes effect on 1 January 2026."), "2026-01-01", ""},
		{"# Terms and conditions\n\nThe terms and conditions are valid from 1 January 2026.", "2026-01-01", ""},
		{"# Reiserichtlinie\n\nDie Richtlinie gilt ab 1. Januar 2026.", "2026-01-01", ""},
		{inBody("Diese Richtlinie regelt Reisen. Sie tritt am 1. Januar 2026 in Kraft."), "2026-01-01", ""},
		{inBody("Diese Richtlinie tritt am 1. Januar 2026 in Kraft."), "2026-01-01", ""},
		{inBody("### Effective date\n\n1 January 2026"), "2026-01-01", ""},
		{inBody("## 7. Inkrafttreten\n\nDie Richtlinie tritt am 1. Januar 2026 in Kraft."), "2026-01-01", ""},
		{inBody("## § 12 Schlussbestimmungen\n\nDie Satzung wurde am 3. Mai 2025 beschlossen. Sie tritt am 1. Januar 2026 in Kraft."), "2026-01-01", ""},
		{inBody("## Article 9 – Entrée en vigueur\n\nElle entre en vigueur le 1er janvier 2026."), "2026-01-01", ""},
		{inBody("## Vigencia\n\nVigente desde el 1 de enero de 2026."), "2026-01-01", ""},
		{inBody(body) + "\n\nValid from 01.01.2026", "2026-01-01", ""},
		{inBody(body) + "\n\nTravel policy | Effective 1 January 2026 | Page 3", "2026-01-01", ""},
		{inBody("## Document control\n\nEffective date: 1 January 2026"), "2026-01-01", ""},
		{inHead("Effective 1 January 2026") + "\n\nThis policy takes effect on 1 January 2026.", "2026-01-01", ""},
	})
}

func TestStatementsThatDisagreeAreUnclear(t *testing.T) {
	t.Parallel()
	checkDates(t, []dateCase{
		{inHead("Effective date: 1 January 2026") + "\n\nThis policy takes effect on 1 March 2026.", "? 2026-01-01 2026-03-01", ""},
		{inHead("Valid until 31 March 2026") + "\n\nValid until 30 June 2026", "", "? 2026-04-01 2026-07-01"},
		{inHead("Effective date: 03/04/2026"), "? 2026-03-04 2026-04-03", ""},
		{inHead("Valid until 03/04/2026"), "", "? 2026-03-05 2026-04-04"},
		{inHead("Effective date: 31 February 2026"), "?", ""},
		{inHead("Effective date: 1 March"), "?", ""},
		{inHead("Effective date: 1 March 2024 for full-time and 1 May 2024 for part-time staff"), "? 2024-03-01 2024-05-01", ""},
		{inHead("This policy takes effect on 1 March 2024 for office staff and on 1 May 2024 for drivers."), "? 2024-03-01 2024-05-01", ""},
		{inHead("Diese Richtlinie gilt ab 1. März 2024 für das Büro und ab 1. Mai 2024 für den Fahrdienst."), "? 2024-03-01 2024-05-01", ""},
	})
}

// A date that isn't about this document's validity must not date it.
func TestOtherDatesAreLeftAlone(t *testing.T) {
	t.Parallel()
	for text := range strings.SplitSeq(strings.TrimSpace(traps), "\n") {
		for name, place := range map[string]func(string) string{"head": inHead, "body": inBody} {
			facts := imprint.Read(page(t, place(text)), "", "")
			if from, until := dates(facts); from != "" || until != "" {
				t.Errorf("%s in the %s: from %q until %q", text, name, from, until)
			}
		}
	}
}

const traps = `
Signed 3 May 2024
Berlin, den 3. Mai 2024
Fait à Paris, le 3 mai 2024
En Madrid, a 3 de mayo de 2024
Approved by the board on 3 May 2024.
Date: 3 May 2024
Published: 2024-05-03
Last updated: 3 May 2024
Last updated on May 3, 2024.
Last reviewed 3 May 2024
Next review due 1 January 2027
Review date: 1 January 2027
Stand: 01.03.2024
Stand 1. März 2024
Mis à jour le 3 mai 2024
Última actualización: 3 de mayo de 2024
Printed on 3 May 2024
The company has been in business since 1998.
Founded on 1 January 1998.
Christmas Day is on 25 December 2024 and New Year's Day on 1 January 2025.
Employees hired after 1 January 2020 get 25 days.
Employees hired on or after 1 January 2020 are covered by this policy.
Contracts signed from 1 March 2024 on have a notice period of three months.
This policy applies to contracts signed from 1 March 2024.
Parental leave applies to children born from 1 April 2024.
This policy applies to children born from 1 April 2024.
This policy is effective immediately.
The effective tax rate in 2024 was 21 percent.
The new law effective 1 July 2024 requires a written notice.
The new mileage rate takes effect on 1 July 2024.
Effective 1 July 2024, the mileage rate is 70 cents a kilometre.
Effective 1 July 2024 all employees record their hours.
This policy describes the tax rates effective 1 July 2024.
This policy reflects the law that came into force on 1 July 2024.
This policy explains which rules apply from 1 July 2024.
This policy replaces the policy effective 1 March 2023.
This policy supersedes the version in force since 1 March 2020.
Replaces the policy of 1 March 2023.
Supersedes: Travel policy valid from 1 March 2020
Ersetzt die Richtlinie vom 1. März 2020.
Ersetzt die ab 1. März 2020 gültige Fassung.
Annule et remplace la politique du 1er mars 2020.
Sustituye a la política de 1 de marzo de 2020.
This section takes effect on 1 July 2024.
This section of the policy takes effect on 1 July 2024.
Section 4 takes effect on 1 July 2024.
This offer is valid until 31 March 2024.
The voucher is valid until 31 March 2024.
Your badge expires on 31 December 2024.
Passwords expire after 90 days.
Unused leave expires on 31 March 2025.
The budget is valid until exhausted, at the latest on 31 March 2024.
Passports must be valid until 1 January 2027.
Coverage effective date: 1 January 2024
Original effective date: 1 January 2010
Initial Effective Date: January 1, 2010
For example, write: Effective date: 1 January 2024
Write "This policy is effective 1 January 2024" at the top.
If this policy takes effect on 1 January 2024, old claims stay valid.
This policy does not take effect on 1 January 2024.
This policy was adopted on 3 May 2024.
This policy was last reviewed on 3 May 2024.
This agreement was signed on 3 May 2024.
This policy was published on 3 May 2024 and reviewed on 4 June 2024.
The agreement with the union that entered into force on 1 May 2019 remains binding.
Das neue Gesetz tritt am 1. Juli 2024 in Kraft.
Der Mindestlohn gilt ab 1. Juli 2024.
Der neue Tarif ist ab dem 1. Juli 2024 gültig.
Für Eintritte ab dem 1. Januar 2024 gilt eine Probezeit von sechs Monaten.
Ab dem 1. Juli 2024 gilt ein neuer Kilometersatz.
Diese Richtlinie gilt für Verträge, die ab dem 1. März 2024 geschlossen werden.
Resturlaub verfällt am 31. März 2025.
Ihr Ausweis ist bis 31. Dezember 2024 gültig.
Diese Richtlinie wurde am 3. Mai 2024 beschlossen.
Nächste Überprüfung: 1. Januar 2027
La nouvelle loi entre en vigueur le 1er juillet 2024.
Cette politique décrit la loi qui entre en vigueur le 1er juillet 2024.
Les contrats signés à partir du 1er mars 2024 sont concernés.
Le badge est valable jusqu'au 31 décembre 2024.
La nueva ley entra en vigor el 1 de julio de 2024.
Los contratos firmados desde el 1 de marzo de 2024 quedan incluidos.
La tarjeta vence el 31 de diciembre de 2024.
Esta política describe la ley que entra en vigor el 1 de julio de 2024.
Claims are due by 31 March 2024.
Room 2026-01-01 is booked.
The plan of 1 January 2024 is archived.
The office issued a policy effective February 28, 2017, implementing the law.
Effective July 6, 2020 for contractors:
Effective March 2020, remote work is allowed.
The rates below are effective 1 March 2024.
These rates are effective from 1 March 2024.
New rates valid from 1 March 2024
The insurance is effective two weeks after 1 March 2024.
Benefits become effective on 1 March 2024.
Your coverage starts on 1 March 2024.
The probation period ends on 30 June 2024.
The fiscal year ends on 30 September 2024.
The contract with the supplier expires on 30 June 2024.
The lease is valid until 30 June 2024 and may be renewed.
This policy covers trips that start on 1 March 2024 or later.
This policy covers employees whose contract takes effect on 1 March 2024.
This policy was written before the merger that took effect on 1 March 2024.
This policy follows the collective agreement valid from 1 March 2024.
This policy refers to the price list valid from 1 March 2024.
This guide helps with the tax return for 2024, due on 31 July 2025.
This document describes the process in force until 31 December 2023.
This policy is based on the decree of 1 March 2024.
In accordance with the act in force since 1 March 2024, this policy grants leave.
From 1 March 2024 the canteen opens at 8.
As of 1 March 2024, 300 people work here.
Starting on 1 March 2024 receipts are scanned.
On 1 March 2024 this policy was discussed by the works council.
Seit dem 1. März 2024 arbeiten 300 Menschen hier.
Die Zulage wird ab dem 1. März 2024 gezahlt.
Die Preise gelten ab dem 1. März 2024.
Das Angebot gilt bis 31. März 2024.
Die Verordnung (EU) 2016/679 gilt seit dem 25. Mai 2018.
Die Probezeit endet am 30. Juni 2024.
Der Vertrag mit dem Lieferanten läuft am 30. Juni 2024 aus.
Diese Richtlinie beschreibt die ab 1. März 2024 gültigen Sätze.
Diese Richtlinie regelt Reisen, die ab dem 1. März 2024 beginnen.
Diese Richtlinie gilt für alle, die seit dem 1. März 2020 bei uns arbeiten.
Diese Richtlinie folgt dem Gesetz, das am 1. März 2024 in Kraft trat.
Gemäß dem am 1. März 2024 in Kraft getretenen Gesetz besteht Anspruch.
Unterzeichnet am 3. Mai 2024
Erstellt am 3. Mai 2024 von der Personalabteilung
Gedruckt am 3. Mai 2024
Les tarifs sont valables jusqu'au 31 mars 2024.
Les nouveaux barèmes s'appliquent à partir du 1er mars 2024.
La période d'essai prend fin le 30 juin 2024.
Depuis le 1er mars 2024, 300 personnes travaillent ici.
À compter du 1er mars 2024, les reçus sont numérisés.
Le RGPD est applicable depuis le 25 mai 2018.
Los precios son válidos hasta el 31 de marzo de 2024.
Las nuevas tarifas se aplican a partir del 1 de marzo de 2024.
El periodo de prueba finaliza el 30 de junio de 2024.
Desde el 1 de marzo de 2024 trabajan aquí 300 personas.
El RGPD es aplicable desde el 25 de mayo de 2018.
Version 2.1 of the app, released 1 March 2024, is required.
The certificate (valid until 31 March 2024) hangs in the hall.
ISO 27001 certificate: valid until 31 March 2026
Visa: valid until 31 March 2026
Bob's contract effective date: 1 March 2024
Effective hourly rate: 2024-03
Term deposit: 1 January 2026 – 31 December 2026
Summer term: 1 June 2026 – 31 August 2026
Offer expires: 1 March 2026
The effective date of coverage is 1 June 2024.
The effective date of the merger is 1 June 2024.
This policy will be reviewed on 1 January 2027.
This policy is effective as of the date of signature, 3 May 2024.
We updated this policy on 1 May 2024. The changes take effect on 1 June 2024.
Valid until further notice. Signed 3 May 2024.
This policy was withdrawn on 31 May 2024.
Our offices are closed from 24 December 2024 to 1 January 2025.
Diese Vereinbarung kann erstmals zum 31.12.2026 gekündigt werden.
The contract ends on 30 June 2024.
Der Vertrag gilt ab 1. Juli 2024.
It takes effect on 1 July 2024.
Sie tritt am 1. Juli 2024 in Kraft.
The new plan takes effect on 1 July 2024.
La convention entre en vigueur le 1er juillet 2024.
El acuerdo entra en vigor el 1 de julio de 2024.
The Corporate Terms of Service were deprecated effective 30 November 2021.
`

func TestDatesInExamplesAndCodeAreLeftAlone(t *testing.T) {
	t.Parallel()
	checkDates(t, []dateCase{
		{inHead("```\nEffective date: 1 January 2024\n```"), "", ""},
		{inBody("## Example\n\nThis policy takes effect on 1 January 2024.\n\n### Footer\n\nThis policy takes effect on 1 January 2024."), "", ""},
		{inBody("## Muster\n\nDiese Richtlinie tritt am 1. Januar 2024 in Kraft."), "", ""},
		{inBody("## Dental plan\n\nEffective date: 1 January 2024\n\n## Vision plan\n\nEffective date: 1 March 2024"), "", ""},
		{inBody("### Effective date\n\n1 January 2024\n\n## Other\n\n" + body + "\n\n### Effective date\n\n1 March 2024"), "", ""},
	})
}

func TestReplacesQuotesTheSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"This policy takes effect on 1 March 2026 and replaces the policy of 1 March 2023.":          "This policy takes effect on 1 March 2026 and replaces the policy of 1 March 2023.",
		"Supersedes: Travel policy of 1 March 2023":                                                  "Supersedes: Travel policy of 1 March 2023",
		"Diese Richtlinie ersetzt die Fassung vom 1. März 2023.":                                     "Diese Richtlinie ersetzt die Fassung vom 1. März 2023.",
		"La présente politique annule et remplace la politique du 1er mars 2023.":                    "La présente politique annule et remplace la politique du 1er mars 2023.",
		"Esta política sustituye a la política de 1 de marzo de 2023.":                               "Esta política sustituye a la política de 1 de marzo de 2023.",
		"This policy supersedes all previous versions.":                                              "This policy supersedes all previous versions.",
		"This agreement supersedes all prior understandings and communications between the parties.": "",
		"The new train line replaces the bus from 2026.":                                             "",
		"Staff who replace a laptop follow the guide.":                                               "",
	} {
		if got := imprint.Read(page(t, inHead(text)), english, "").Replaces; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
