package examples_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clearwell/internal/chunk"
	"clearwell/internal/clean"
	"clearwell/internal/parse"
)

// entry is a line of manifest.jsonl.
type entry struct {
	File, Key, Title, Collection string
	EffectiveFrom                string `json:"effective_from"`
}

func readManifest(t *testing.T) []entry {
	t.Helper()
	data, err := os.ReadFile("manifest.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for line := range strings.Lines(string(data)) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		entries = append(entries, e)
	}
	return entries
}

// read takes a file the way that ingestion does.
func read(t *testing.T, name string) parse.Document {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := parse.File(t.Context(), parse.Source{Name: name, Body: file, Size: info.Size()}, parse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return clean.Apply(doc)
}

func TestManifestNamesEveryFileOnce(t *testing.T) {
	t.Parallel()
	isNamed := map[string]bool{}
	for _, e := range readManifest(t) {
		if isNamed[e.File] {
			t.Errorf("%s stands in the manifest twice", e.File)
		}
		isNamed[e.File] = true
		if _, err := time.Parse(time.DateOnly, e.EffectiveFrom); err != nil || e.Key == "" || e.Title == "" || e.Collection == "" {
			t.Errorf("%+v lacks something (%v)", e, err)
		}
	}
	files, err := filepath.Glob("handbook/*")
	if err != nil || len(files) != len(isNamed) {
		t.Errorf("%d files, %d of them in the manifest (%v)", len(files), len(isNamed), err)
	}
	for _, file := range files {
		if !isNamed[file] {
			t.Errorf("%s does not stand in the manifest", file)
		}
	}
}

func TestVacationPolicyHasAnotherNumberInEachRevision(t *testing.T) {
	t.Parallel()
	want := map[string]string{"2024-01-01": "20", "2025-01-01": "25", "2026-01-01": "28", "2030-01-01": "32"}
	for _, e := range readManifest(t) {
		if e.Key != "hr/vacation-policy" {
			continue
		}
		sentence := "Full-time employees receive " + want[e.EffectiveFrom] + " days of paid vacation per calendar year."
		if text := read(t, e.File).Text(); !strings.Contains(text, sentence) {
			t.Errorf("%s does not say %q", e.File, sentence)
		}
		delete(want, e.EffectiveFrom)
	}
	if len(want) > 0 {
		t.Errorf("no revision of %v", want)
	}
}

// letters counts a token a letter; the limits then are those of texts.
type letters struct{}

func (letters) CountTokens(text string) int { return len(text) }

// TestHandbookReadsWell looks for what a reader would miss if a format were read badly: words, headings, rows.
func TestHandbookReadsWell(t *testing.T) {
	t.Parallel()
	tests := []struct{ file, heading, text string }{
		{"handbook/vacation-policy-2026.pdf", "Unused days", "Up to 8 unused days are carried over into the next year."},
		{"handbook/vacation-policy-2026.pdf", "Requesting vacation", "withdrawn only if the employee agrees; the company then pays the costs of cancelling."},
		{"handbook/vacation-policy-2025.docx", "Unused days", "Up to 5 unused days are carried over"},
		{"handbook/vacation-policy-2025.docx", "Entitlement", "10 or more | 2"},
		{"handbook/travel-expenses.docx", "Hotels and meals", "Norway | 195 | 80"},
		{"handbook/remote-work.html", "Equipment", "a subsidy of 350 euros"},
		{"handbook/parental-leave.pdf", "Paid leave", "Each parent receives 16 weeks of parental leave at full pay."},
		{"handbook/it-security.md", "Remote access", "VPN-4721 | The device certificate is missing"},
		{"handbook/onboarding.txt", "Probation", "The probation period is six months."},
		{"handbook/office-and-visitors.html", "Receiving visitors", "Register each visitor in the guest list by 16:00"},
		{"handbook/krankmeldung.txt", "Wann eine Bescheinigung nötig ist", "brauchen wir ab dem vierten Kalendertag."},
	}
	for _, test := range tests {
		t.Run(test.file+" "+test.heading, func(t *testing.T) {
			t.Parallel()
			for _, c := range chunk.Split(read(t, test.file), letters{}, chunk.Config{Target: 900, Max: 1800}) {
				if strings.Contains(c.Text, "Page 1 of") || strings.Contains(c.Text, "HR-POL") {
					t.Errorf("a footer is part of the text: %q", c.Text)
				}
				if strings.Contains(c.Text, test.text) {
					if len(c.Headings) == 0 || c.Headings[len(c.Headings)-1] != test.heading {
						t.Errorf("%q stands under %q, not %q", test.text, c.Headings, test.heading)
					}
					return
				}
			}
			t.Errorf("no chunk says %q:\n%s", test.text, read(t, test.file).Text())
		})
	}
}
