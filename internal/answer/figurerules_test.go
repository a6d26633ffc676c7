package answer

import (
	"testing"

	"clearwell/internal/retrieve"
)

// figureRule has statements that a passage holds, and others that it doesn't, each behind its first missing figure.
type figureRule struct {
	passage string
	held    []string
	missing map[string]string
}

func checkFigures(t *testing.T, rules ...figureRule) {
	t.Helper()
	for _, r := range rules {
		for _, claim := range r.held {
			if reason, missing := weighed(t, claim, r.passage, claim); reason != "" {
				t.Errorf("%q stands in %q, got %s %q", claim, r.passage, reason, missing)
			}
		}
		for missing, claim := range r.missing {
			if reason, got := weighed(t, claim, r.passage, claim); reason != FlagFigure || got != missing {
				t.Errorf("%q does not stand in %q: want %q missing, got %s %q", claim, r.passage, missing, reason, got)
			}
		}
	}
}

const vacation = "Full-time employees get 28 vacation days a year. Unused vacation days expire in March."

func TestEveryDigitCounts(t *testing.T) {
	t.Parallel()
	checkFigures(t,
		figureRule{vacation, []string{"You get ٢٨ vacation days a year.", "You get ２８ vacation days a year."}, map[string]string{
			"30": "You get ٣٠ vacation days a year.", "31": "You get ３１ vacation days a year.", "32": "You get ³² vacation days a year.", "33": "You get 𝟛𝟛 vacation days a year.",
			"34": "You get ㉞ vacation days a year.", "28.5": "You get 28½ vacation days a year.", "0.5": "You get ½ vacation days a year.", "0": "You get 28⁰ vacation days a year.",
			"280": "You get 28&#48; vacation days a year.", "29": "You get 2̶9̶ vacation days a year.", "7": "You get 28 vacation days a year [７].",
		}},
		figureRule{"يحصل الموظفون على ٢٨ يوما من الإجازة، و٢٫٥ أيام إضافية.", []string{"يحصل الموظفون على 28 يوما و 2.5 أيام إضافية"}, map[string]string{"30": "يحصل الموظفون على ٣٠ يوما"}},
		figureRule{"Each desk has a table of 2 m².", []string{"Each desk has a table of 2 m²."}, nil},
		figureRule{"Der Kurs dauert 1½ Stunden.", []string{"Der Kurs dauert 1,5 Stunden."}, map[string]string{"1": "Der Kurs dauert 1 Stunde."}},
	)
}

func TestOneIsAFigureWithItsUnit(t *testing.T) {
	t.Parallel()
	checkFigures(t,
		figureRule{"The notice period is three months for all employees.", []string{"The notice period for one of the employees is three months.", "One notice period of three months is for all employees."},
			map[string]string{"one": "The notice period is one month for all employees."}},
		figureRule{"The notice period is a month.", []string{"The notice period is one month.", "The notice period is 1 month."}, nil},
		figureRule{"Es gilt eine Frist von einem Monat.", []string{"Es gilt eine Frist von 1 Monat."}, nil},
		figureRule{"Backups are kept for 12 months.", []string{"Backups are kept for one year.", "Backups are kept for a year."}, map[string]string{"one": "Backups are kept for one month."}},
	)
}

func TestUnitsOfAllLanguagesMustAgree(t *testing.T) {
	t.Parallel()
	const russian = "Сотрудники получают 28 дней отпуска в год. Отпуск сгорает 31 марта. Бюджет на обучение составляет 500 евро в год."
	const chinese = "全职员工每年有28天带薪年假。未使用的年假于2026年3月31日过期。培训预算为每年500欧元。"
	checkFigures(t,
		figureRule{russian, []string{"Отпуск сгорает 31 марта.", "Сотрудники получают двадцать восемь дней отпуска в год."}, map[string]string{
			"28": "Сотрудники получают 28 недель отпуска в год.", "тридцать": "Сотрудники получают тридцать дней отпуска в год.", "500": "Бюджет на обучение составляет 500 рублей в год.",
			"500 тысяч": "Бюджет на обучение составляет 500 тысяч евро в год.", "31 мая": "Отпуск сгорает 31 мая.", "августе": "Отпуск сгорает в августе."}},
		figureRule{chinese, []string{"全职员工每年有二十八天带薪年假。", "年假于3月31日过期。", "全职员工每年有28天带薪年假，培训预算为500欧元。"}, map[string]string{
			"30": "全职员工每年有三十天带薪年假。", "28": "全职员工每年有28周带薪年假。", "500": "培训预算为每年500美元。", "500 万": "培训预算为每年500万欧元。", "5 月 31 日": "未使用的年假于五月三十一日过期。"}},
		figureRule{"정규직 직원은 연간 28일의 유급 휴가를 받습니다.", []string{"정규직 직원의 유급 휴가는 28일입니다."}, map[string]string{"28": "정규직 직원의 유급 휴가는 28주입니다."}},
		figureRule{"ميزانية التدريب 500 يورو في السنة. تنتهي الإجازة في 31 مارس.", nil, map[string]string{"500": "ميزانية التدريب 500 دولار في السنة.", "31 مايو": "تنتهي الإجازة في 31 مايو."}},
		figureRule{"The session timeout is 30 min. The server room is at 25 °C.", []string{"The session timeout is 30 minutes.", "The session timeout is half an hour."},
			map[string]string{"30": "The session timeout is 30 seconds.", "25": "The server room is at 25 °F."}},
		figureRule{"The mailbox limit is 50 GB.", nil, map[string]string{"50": "The mailbox limit is 50 TB."}},
		figureRule{"Interest rises by 5 percentage points.", nil, map[string]string{"5": "Interest rises by 5 percent."}},
		figureRule{"The freezer is kept at -18 °C.", []string{"The freezer is kept at –18 °C."}, map[string]string{"18": "The freezer is kept at 18 °C."}},
	)
}

func TestNumberIsHeldForItsOwnPeriod(t *testing.T) {
	t.Parallel()
	checkFigures(t,
		figureRule{"The training budget is 1,500 euros per year.", []string{"The training budget is €1,500 annually.", "The training budget is 1,500 euros."},
			map[string]string{"1,500": "The training budget is 1,500 euros per month."}},
		figureRule{"The training budget is 1,500 euros.", []string{"The training budget is 1,500 euros per year."}, nil},
	)
}

func TestNumbersAreOneInEachForm(t *testing.T) {
	t.Parallel()
	checkFigures(t,
		figureRule{"The training budget is 1,500 euros per year.", []string{"The training budget is 1.5k euros per year.", "The training budget is one thousand five hundred euros per year."}, nil},
		figureRule{"The budget is €1.5m.", []string{"The budget is 1.5 million euros."}, map[string]string{"1.5 billion": "The budget is 1.5 billion euros."}},
		figureRule{"The yearly fee of members is 12.000 euros.", []string{"The yearly fee of members is EUR 12k."}, nil},
		figureRule{"The interest rate of loans is 50 per cent.", []string{"The interest rate is 50%.", "The interest rate of loans is half."}, map[string]string{"half": "The interest rate of loans is half the year."}},
		figureRule{"Employees aged 55 and over get leave.", []string{"Employees of 55 years and over get leave."}, nil},
		figureRule{"She is a six-time winner of the prize.", []string{"She won the prize six times."}, map[string]string{"seven": "She won the prize seven times."}},
		figureRule{vacation, nil, map[string]string{"double": "You get double the vacation days.", "twice": "You get 28 vacation days twice a year."}},
	)
}

func TestDatesAreOneInEachForm(t *testing.T) {
	t.Parallel()
	checkFigures(t,
		figureRule{"Der Urlaub verfällt am 31.03. des Folgejahres.", []string{"Der Urlaub verfällt am 31. März des Folgejahres."}, map[string]string{"31. Mai": "Der Urlaub verfällt am 31. Mai des Folgejahres."}},
		figureRule{"Der Urlaub verfällt am 31. März.", []string{"Der Urlaub verfällt am 31.3. im Folgejahr.", "Der Urlaub verfällt am einunddreißigsten März."}, map[string]string{"3 März": "Der Urlaub verfällt am dritten März."}},
		figureRule{"Les jours expirent le 31 mars.", []string{"Les jours expirent le 31/03."}, nil},
		figureRule{"The rule applies from 5 January 2026.", []string{"The rule applies from the fifth of January 2026."}, map[string]string{"6 January": "The rule applies from the sixth of January."}},
		figureRule{"The rule applies from 3 April. In 2027 it is reviewed.", []string{"The rule applies from 3 April 2026."}, map[string]string{"3 April 2027": "The rule applies from 3 April 2027."}},
		figureRule{"Holidays of 2027\n\nThe office is closed on 3 April.", []string{"The office is closed on 3 April 2027."}, nil},
		figureRule{vacation, []string{"Unused vacation days may expire in March."}, map[string]string{"May": "Unused vacation days expire in May.", "noon": "Unused vacation days expire at noon in March."}},
		figureRule{"The days expire: May | all.", []string{"The days expire in May."}, nil},
		figureRule{"Das Büro ist von 9–17 Uhr geöffnet.", []string{"Das Büro ist von 9:00 bis 17:00 Uhr geöffnet."}, nil},
		figureRule{"The desk is open from 9 am to 5 pm.", []string{"The desk is open from 9 to 5 pm.", "The desk is open from 9:00 to 17:00."}, nil},
	)
}

func TestNumberOfAnItemIsItsPlaceInTheList(t *testing.T) {
	t.Parallel()
	for answer, isFlagged := range map[string]bool{
		"Employees get 28 vacation days a year [1].\n40. vacation days a year [1]":                                                             true,
		"- 99. vacation days a year for employees [1]":                                                                                         true,
		"1. Employees get 28 vacation days a year [1].\n2. Unused vacation days expire in March [1].":                                          false,
		"1) Employees get 28 vacation days a year [1].\n\nAnd:\n1) Unused vacation days expire in March [1].":                                  false,
		"1. Employees get 28 vacation days a year [1]:\n 1. a year [1]\n 2. vacation [1]\n 3. days [1]\n2. Vacation days expire in March [1].": false,
		"Employees need forty approvals for vacation days [1]:":                                                                                true,
		"Employees get three vacation days [1]:":                                                                                               true,
		"Three things about vacation days of employees [1]:":                                                                                   false,
		"Employees get 28 vacation days a year [1]. You have ½ of that.":                                                                       true,
		"| What | Days |\n|---|---|\n| vacation days | 28 [1] |":                                                                               false,
		"The vacation days that full-time employees get a year are these [1]:\n30. Unused vacation days expire in March":                       true,
	} {
		v := (&Service{}).newVerifier(t.Context(), "How many vacation days do I get?", []retrieve.Passage{{Title: "Handbook", Text: vacation}})
		got := ""
		for _, s := range split(answer) {
			if d := v.check("\n" + s.text); d.reason == FlagFigure || d.reason == FlagUnsupported && d.isClaim {
				got += s.text
			}
		}
		if (got != "") != isFlagged {
			t.Errorf("%q: want flagged %v, got %q", answer, isFlagged, got)
		}
	}
}
