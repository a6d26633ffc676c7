package likeness_test

import (
	"testing"

	"clearwell/internal/likeness"
)

func TestNameLosesWhatChangesBetweenStates(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Policy_FINAL v2 (1).docx":               "policy",
		"policy.pdf":                             "policy",
		"Vacation Policy 2026.pdf":               "vacation policy",
		"vacation-policy-2025-03-01.md":          "vacation policy",
		"vacation_policy_20250301.md":            "vacation policy",
		"Travel Policy - Copy (2).docx":          "travel policy",
		"Copy of Travel Policy.docx":             "travel policy",
		"Kopie von Reiserichtlinie.docx":         "reiserichtlinie",
		"Reiserichtlinie Version 3.1 Entwurf.md": "reiserichtlinie",
		"Travel Policy (March 2024).pdf":         "travel policy",
		"Travel Policy Q1 2024 signed.pdf":       "travel policy",
		"Richtlinie 1. März 2024.pdf":            "richtlinie",
		"Politique de congés 1er mars 2024.pdf":  "politique de congés",
		"Handbook FY24.html":                     "handbook",
		"policy.docx.pdf":                        "policy",
		"New hire policy.md":                     "new hire policy",
		"Policy 1.md":                            "policy 1",
		"ISO 27001 controls.md":                  "iso 27001 controls",
		"2024.pdf":                               "",
	}
	for name, want := range tests {
		if got := likeness.Name(name); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestDifferentDocumentsKeepDifferentTitles(t *testing.T) {
	t.Parallel()
	pairs := [][2]string{
		{"Policy 1", "Policy 2"}, {"Travel policy Berlin", "Travel policy Munich"}, {"Hire policy", "New hire policy"},
		{"Maternity leave", "Paternity leave"}, {"Section A", "Section B"}, {"Form 12", "Form 13"},
	}
	for _, p := range pairs {
		if likeness.Title(p[0]) == likeness.Title(p[1]) {
			t.Errorf("%q and %q are different documents, both read as %q", p[0], p[1], likeness.Title(p[0]))
		}
	}
}

func TestLabelsTellTheOrderOnlyWhenTheyAgree(t *testing.T) {
	t.Parallel()
	tests := []struct {
		earlier, later string
		want           int
	}{
		{"policy_v1.docx", "policy_v2.docx", -1},
		{"policy v2.9.docx", "policy v2.10.docx", -1},
		{"policy_2025.pdf", "policy_2026.pdf", -1},
		{"policy-2025-03.pdf", "policy-2025-11.pdf", -1},
		{"Richtlinie Fassung 3.md", "Richtlinie Fassung 4.md", -1},
		{"policy.pdf", "policy_FINAL.pdf", 0},
		{"policy_v1_2026.pdf", "policy_v2_2025.pdf", 0},
		{"policy_2025.pdf", "policy_2025-03.pdf", 0},
		{"policy 2024-2025.pdf", "policy 2025-2026.pdf", -1},
		{"policy_v2.pdf", "policy_v2 (1).pdf", 0},
	}
	for _, test := range tests {
		a, b := likeness.LabelOf(test.earlier), likeness.LabelOf(test.later)
		if got := a.Compare(b); got != test.want {
			t.Errorf("%q against %q: got %d, want %d", test.earlier, test.later, got, test.want)
		}
		if got := b.Compare(a); got != -test.want {
			t.Errorf("%q against %q: got %d, want %d", test.later, test.earlier, got, -test.want)
		}
	}
	if got := likeness.VersionLabel("Version 3.2").Compare(likeness.VersionLabel("3.10")); got != -1 {
		t.Errorf("3.2 comes before 3.10, got %d", got)
	}
}

func TestGenericTitlesTellNothing(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"", "faq", "readme", "untitled", "policy", "a"} {
		if !likeness.IsGeneric(likeness.Title(title)) {
			t.Errorf("%q tells nothing", title)
		}
	}
	if likeness.IsGeneric("vacation policy") {
		t.Error("a vacation policy is one document")
	}
}
