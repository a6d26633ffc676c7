package answer

// disagreeing is a question with passages of documents of their own, and whether they give different values.
type disagreeing struct {
	question string
	passages [][2]string // title, text
	isShown  bool
}

func disagreeingCases() []disagreeing {
	return append(append(englishDisagreements(), germanDisagreements()...), append(frenchDisagreements(), spanishDisagreements()...)...)
}

func englishDisagreements() []disagreeing {
	return []disagreeing{
		{"How many vacation days do employees get?", [][2]string{
			{"Leave policy", "All employees are entitled to 30 days of vacation per calendar year."},
			{"Welcome booklet", "Welcome on board! Employees get 25 vacation days each year. Ask your manager for the form."}}, true},
		{"How long is the notice period?", [][2]string{
			{"Employment terms", "The notice period is three months."}, {"Handbook", "The notice period is 4 weeks. Notice is given in writing."}}, true},
		{"When was the Harbour Street warehouse opened?", [][2]string{
			{"Sites", "The Harbour Street warehouse was opened in May 2019 and holds 4,000 pallets."},
			{"History", "We grew quickly in those years. The Harbour Street warehouse opened in 2021."}}, true},
		{"Who is the author of \"Building on Sand\"?", [][2]string{
			{"Reading list", "\"Building on Sand\" is a report by Margaret Oduya on ground works."},
			{"Archive", "The report \"Building on Sand\" was written by Peter Lindqvist in 2014."}}, true},
		{"What is the population of Westerfold?", [][2]string{
			{"Westerfold", "Westerfold is a town on the river Arle. The population was 12,480 at the last census."},
			{"Market study", "Westerfold has 15,200 inhabitants and three supermarkets."}}, true},
		{"When was Ada Kessler born?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12 March 1911 – 4 May 1987) was a Swiss engineer."},
			{"Founders", "Our first engineer, Ada Kessler, was born on 12 March 1914 in Basel."}}, true},
		{"What kind of building is Larkham Hall?", [][2]string{
			{"Listed buildings", "Larkham Hall is a former brewery in the north of the town."},
			{"Tour", "Larkham Hall was a monastery until it burned down."}}, true},

		{"How many vacation days do employees get?", [][2]string{
			{"Leave policy", "Employees get 30 vacation days a year."}, {"Handbook", "Every employee receives thirty days of vacation."}}, false},
		{"How many vacation days do employees get?", [][2]string{
			{"Leave policy", "Employees get 30 vacation days a year."}, {"Leave policy for interns", "Interns get 15 vacation days a year."}}, false},
		{"How many vacation days do employees get?", [][2]string{
			{"Leave policy", "Employees get 30 vacation days a year. Part-time employees get 18 vacation days a year."},
			{"Handbook", "You can carry over 5 vacation days into the next year."}}, false},
		{"How long is the warranty?", [][2]string{
			{"Pump A12", "The warranty is 24 months."}, {"Warranty terms", "The warranty is two years, that is 24 months from delivery."}}, false},
		{"How long is the warranty?", [][2]string{
			{"Pump A12", "The warranty is 24 months from the day on which the pump was delivered."},
			{"Pump A14", "The warranty is 36 months from the day on which the pump was delivered."}}, false},
		{"How many days a week may I work from home?", [][2]string{
			{"Leave 2024", "This policy is for all offices. Full-time employees receive 20 days of paid leave per calendar year. Ask for leave two weeks before. Leave lapses in March of the next year."},
			{"Leave 2025", "This policy is for all offices. Full-time employees receive 25 days of paid leave per calendar year. Ask for leave two weeks before. Leave lapses in March of the next year."}}, false},
		{"How many days a week may I work from home?", [][2]string{
			{"Leave 2024", "Someone who works three days a week receives 12 days."}, {"Leave 2025", "Someone who works three days a week receives 15 days."}}, false},
		{"Within how many days must updates be installed?", [][2]string{
			{"IT security", "Install updates within seven days."}, {"Leave 2024", "Your manager answers within 5 working days and says why."},
			{"Leave 2025", "Your manager answers within 3 working days and says why."}}, false},
		{"How high is the fine for late returns?", [][2]string{
			{"Library rules", "The fine for late returns is at least 2 euros."}, {"Fees", "The fine for late returns is at most 20 euros."}}, false},
		{"What kind of building is Larkham Hall?", [][2]string{
			{"Listed buildings", "Larkham Hall is a brewery."}, {"Tour", "Larkham Hall is a former brewery."}, {"Press", "Larkham Hall is the oldest house in town."}}, false},
		{"When was the Harbour Street warehouse opened?", [][2]string{
			{"Sites", "The Harbour Street warehouse was opened in May 2019."}, {"History", "The Harbour Street warehouse opened on 14 May 2019."}}, false},
		{"When was the Harbour Street warehouse opened?", [][2]string{
			{"Sites", "The Harbour Street warehouse was opened in 2019."}, {"Sites", "The Mill Lane warehouse was opened in 2021."}}, false},
		{"Who is the author of \"Building on Sand\"?", [][2]string{
			{"Reading list", "\"Building on Sand\" is a report by Margaret Oduya."}, {"Archive", "\"Building on Sand\", written by M. Oduya, was printed by Coleman Press."}}, false},
		{"What is the hotel limit per night?", [][2]string{
			{"Travel policy", "In Germany the hotel limit is 120 EUR per night."}, {"Travel policy", "In Switzerland the hotel limit is 180 EUR per night."}}, false},
	}
}

func germanDisagreements() []disagreeing {
	return []disagreeing{
		{"Wie viele Urlaubstage haben Mitarbeiter?", [][2]string{
			{"Urlaubsrichtlinie", "Alle Mitarbeiter erhalten 30 Urlaubstage im Kalenderjahr."},
			{"Willkommensmappe", "Herzlich willkommen! Mitarbeitende haben Anspruch auf 28 Urlaubstage pro Jahr."}}, true},
		{"Wie lang ist die Kündigungsfrist?", [][2]string{
			{"Arbeitsordnung", "Die Kündigungsfrist beträgt drei Monate."}, {"Handbuch", "Die Kündigungsfrist beträgt vier Wochen."}}, true},
		{"Wann wurde Ada Kessler geboren?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12. März 1911 – 4. Mai 1987) war eine Schweizer Ingenieurin."},
			{"Gründer", "Ada Kessler wurde am 12. März 1914 in Basel geboren."}}, true},
		{"Wer ist der Autor von „Auf Sand gebaut“?", [][2]string{
			{"Leseliste", "„Auf Sand gebaut“ ist ein Bericht von Margarete Oduya."},
			{"Archiv", "„Auf Sand gebaut“ wurde geschrieben von Peter Lindqvist."}}, true},
		{"Wie hoch ist der Zuschuss zum Mittagessen?", [][2]string{
			{"Kantine", "Der Zuschuss zum Mittagessen beträgt 3,50 Euro."},
			{"Sozialleistungen", "Der Zuschuss zum Mittagessen beträgt 4,20 Euro."}}, true},

		{"Wie viele Urlaubstage haben Mitarbeiter?", [][2]string{
			{"Urlaubsrichtlinie", "Alle Mitarbeiter erhalten 30 Urlaubstage."}, {"Handbuch", "Es gibt dreißig Urlaubstage im Jahr."}}, false},
		{"Wie viele Urlaubstage haben Mitarbeiter?", [][2]string{
			{"Urlaubsrichtlinie", "Alle Mitarbeiter erhalten 30 Urlaubstage."}, {"Ausbildung", "Auszubildende erhalten 27 Urlaubstage."}}, false},
		{"Wie lang ist die Kündigungsfrist?", [][2]string{
			{"Arbeitsordnung", "Die Kündigungsfrist beträgt drei Monate."}, {"Arbeitsvertrag", "In der Probezeit beträgt die Kündigungsfrist zwei Wochen."}}, false},
		{"Wann wurde Ada Kessler geboren?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12. März 1911 – 4. Mai 1987) war Ingenieurin."}, {"Gründer", "Ada Kessler wurde 1911 in Basel geboren und starb 1987."}}, false},
		{"Wie hoch ist der Zuschuss zum Mittagessen?", [][2]string{
			{"Kantine", "Der Zuschuss zum Mittagessen beträgt 3,50 Euro."}, {"Kinderbetreuung", "Der Zuschuss zum Kindergarten beträgt 100 Euro."}}, false},
	}
}

func frenchDisagreements() []disagreeing {
	return []disagreeing{
		{"Combien de jours de congé ont les salariés ?", [][2]string{
			{"Politique de congés", "Tous les salariés ont droit à 30 jours de congé par an."},
			{"Livret d'accueil", "Bienvenue ! Les salariés bénéficient de 25 jours de congé par année civile."}}, true},
		{"Quel est le délai de préavis ?", [][2]string{
			{"Règlement", "Le délai de préavis est de trois mois."}, {"Manuel", "Le délai de préavis est de 4 semaines."}}, true},
		{"Quand Ada Kessler est-elle née ?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12 mars 1911 – 4 mai 1987) était une ingénieure suisse."},
			{"Fondateurs", "Ada Kessler est née le 12 mars 1914 à Bâle."}}, true},
		{"Quand l'usine Montclair a-t-elle été fondée ?", [][2]string{
			{"Sites", "L'usine Montclair a été fondée en 1962."}, {"Histoire", "Fondée en 1958, l'usine Montclair emploie 200 personnes."}}, true},
		{"Qui est l'auteur de « Bâti sur le sable » ?", [][2]string{
			{"Lectures", "« Bâti sur le sable » est un rapport écrit par Marguerite Oduya."},
			{"Archives", "« Bâti sur le sable » a été écrit par Pierre Lindqvist."}}, true},

		{"Combien de jours de congé ont les salariés ?", [][2]string{
			{"Politique de congés", "Les salariés ont droit à 30 jours de congé par an."}, {"Manuel", "Les salariés ont trente jours de congé."}}, false},
		{"Combien de jours de congé ont les salariés ?", [][2]string{
			{"Politique de congés", "Les salariés ont droit à 30 jours de congé par an."}, {"Stages", "Les stagiaires ont droit à 12 jours de congé par an."}}, false},
		{"Quel est le délai de préavis ?", [][2]string{
			{"Règlement", "Le délai de préavis est de trois mois."}, {"Contrats", "Pendant la période d'essai, le délai de préavis est de deux semaines."}}, false},
		{"Quand Ada Kessler est-elle née ?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12 mars 1911 – 4 mai 1987) était ingénieure."}, {"Fondateurs", "Ada Kessler, née en 1911, est morte en 1987."}}, false},
		{"Quand l'usine Montclair a-t-elle été fondée ?", [][2]string{
			{"Sites", "L'usine Montclair a été fondée en 1962."}, {"Sites", "L'usine Beaulieu a été fondée en 1958."}}, false},
	}
}

func spanishDisagreements() []disagreeing {
	return []disagreeing{
		{"¿Cuántos días de vacaciones tienen los empleados?", [][2]string{
			{"Política de vacaciones", "Todos los empleados tienen derecho a 30 días de vacaciones al año."},
			{"Guía de bienvenida", "¡Bienvenidos! Los empleados reciben 23 días de vacaciones por año natural."}}, true},
		{"¿Cuál es el plazo de preaviso?", [][2]string{
			{"Reglamento", "El plazo de preaviso es de tres meses."}, {"Manual", "El plazo de preaviso es de 4 semanas."}}, true},
		{"¿Cuándo nació Ada Kessler?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12 de marzo de 1911 – 4 de mayo de 1987) fue una ingeniera suiza."},
			{"Fundadores", "Ada Kessler nació el 12 de marzo de 1914 en Basilea."}}, true},
		{"¿Cuándo se fundó la planta Monteclaro?", [][2]string{
			{"Centros", "La planta Monteclaro se fundó en 1962."}, {"Historia", "La planta Monteclaro, fundada en 1958, emplea a 200 personas."}}, true},
		{"¿Quién es el autor de «Sobre arena»?", [][2]string{
			{"Lecturas", "«Sobre arena» es un informe escrito por Margarita Oduya."},
			{"Archivo", "«Sobre arena» fue escrito por Pedro Lindqvist."}}, true},

		{"¿Cuántos días de vacaciones tienen los empleados?", [][2]string{
			{"Política de vacaciones", "Los empleados tienen 30 días de vacaciones al año."}, {"Manual", "Los empleados reciben treinta días de vacaciones."}}, false},
		{"¿Cuántos días de vacaciones tienen los empleados?", [][2]string{
			{"Política de vacaciones", "Los empleados tienen 30 días de vacaciones al año."}, {"Prácticas", "Los becarios tienen 12 días de vacaciones al año."}}, false},
		{"¿Cuál es el plazo de preaviso?", [][2]string{
			{"Reglamento", "El plazo de preaviso es de tres meses."}, {"Contratos", "Durante el periodo de prueba, el plazo de preaviso es de dos semanas."}}, false},
		{"¿Cuándo nació Ada Kessler?", [][2]string{
			{"Ada Kessler", "Ada Kessler (12 de marzo de 1911 – 4 de mayo de 1987) fue ingeniera."}, {"Fundadores", "Ada Kessler nació en 1911 y murió en 1987."}}, false},
		{"¿Cuándo se fundó la planta Monteclaro?", [][2]string{
			{"Centros", "La planta Monteclaro se fundó en 1962."}, {"Centros", "La planta Buenavista se fundó en 1958."}}, false},
	}
}
