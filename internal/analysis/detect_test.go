package analysis

import "testing"

func TestDetectKnowsLanguages(t *testing.T) {
	t.Parallel()
	for want, text := range map[Language]string{
		"en": "Employees are entitled to twenty-five days of paid leave in each calendar year, and may carry over five of them.",
		"de": "Beschäftigte haben in jedem Kalenderjahr Anspruch auf fünfundzwanzig Tage bezahlten Urlaub und dürfen fünf davon übertragen.",
		"fr": "Les salariés ont droit à vingt-cinq jours de congés payés par année civile et peuvent en reporter cinq sur l'année suivante.",
		"es": "Los empleados tienen derecho a veinticinco días de vacaciones pagadas por año natural y pueden trasladar cinco al siguiente.",
		"ru": "Сотрудники имеют право на двадцать пять дней оплачиваемого отпуска в каждом календарном году и могут перенести пять из них.",
		"uk": "Працівники мають право на двадцять п'ять днів оплачуваної відпустки щороку і можуть перенести п'ять із них на наступний рік.",
		"ar": "يحق للموظفين الحصول على خمسة وعشرين يوما من الإجازة المدفوعة في كل سنة تقويمية ويمكنهم ترحيل خمسة منها.",
		"he": "העובדים זכאים לעשרים וחמישה ימי חופשה בתשלום בכל שנה",
		"zh": "员工每个日历年享有二十五天带薪年假",
		"ja": "従業員は毎年二十五日の年次有給休暇を取得することができます",
		"ko": "직원은 매년 이십오 일의 유급 휴가를 받을 수 있습니다",
		"th": "พนักงานมีสิทธิลาพักร้อนปีละยี่สิบห้าวัน",
		"el": "Οι εργαζόμενοι δικαιούνται είκοσι πέντε ημέρες άδειας",
	} {
		if got := Detect(text); got != want {
			t.Errorf("%s: detected %q", want, got)
		}
	}
}

func TestDetectFallsBackToTheFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		among []Language
		want  Language
	}{
		{"25", nil, ""},
		{"", []Language{"de", "en"}, "de"},
		{"SPARK-43242", []Language{"de", "en"}, "de"},
		{"Wie viele Tage Urlaub haben die Beschäftigten?", []Language{"en", "de"}, "de"},
		{"Wie viele Tage Urlaub haben die Beschäftigten?", []Language{"en"}, "en"},
		{"員工年假", []Language{"en", "zh"}, "zh"},
		{"員工年假", []Language{"en"}, "en"},
	} {
		if got := Detect(c.text, c.among...); got != c.want {
			t.Errorf("%q among %v: detected %q, want %q", c.text, c.among, got, c.want)
		}
	}
}
