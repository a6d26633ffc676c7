package parse_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdownIsPartedIntoBlocks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what, content string
		want          []string
	}{
		{"structure", "# Leave\n\nTake **25** [days](http://x.example/y).\n\n## How\n\n1. Ask\n2. Enter\n   - online\n\n     at once\n\n> quoted\n\n```\nif x {\n  y\n}\n```\n",
			[]string{"h1 Leave", "p Take 25 days.", "h2 How", "l1 1. Ask", "l1 2. Enter", "l2 - online\nat once", "p quoted", "c if x {\n  y\n}"}},
		{"table", "| Years | Days |\n|---|---|\n| 0–4 | 25 |\n| 5+ | 27 |\n", []string{"t Years | Days\n0–4 | 25\n5+ | 27"}},
		{"raw HTML", "Before\n\n<table>\n<tr><th>A</th>\n\n<th>B</th></tr>\n<tr><td>1</td><td>**x**</td></tr>\n</table>\n\n<ul><li>one</li></ul>\n",
			[]string{"p Before", "t A | B\n1 | **x**", "l1 - one"}},
		{"placeholders", "Write <your name> and <b>bold</b>.", []string{"p Write <your name> and bold."}},
		{"images and notes", "See ![the plan](p.png).[^1]\n\n[^1]: As of May.\n", []string{"p See the plan.", "l1 1. As of May."}},
		{"template tags", "{% alert %}\nMind {% raw %}this{% endraw %}.\n{% endalert %}\n\nAsk in {% channel \"travel\" %}, [here]({% page \"a/b\" %}).{: .note}\n{% comment %}gone{% endcomment %}\n{: .box}\n",
			[]string{"p Mind this.", "p Ask in travel, here."}},
	} {
		doc, err := parseBytes(t, "a.md", []byte(tt.content))
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
		}
		if diff := cmp.Diff(tt.want, sketch(doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.what, diff)
		}
	}
}

func TestFrontMatterBecomesProperties(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.md", []byte("---\ntitle: \"Leave: policy\"\nEffective Date: 2026-01-01\ndocumentId: HR-7\ntags: [a, b]\nowner:\n  name: Ann\ndraft: false\nx: &a [1]\ny: *a\n---\nText.\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"title": "Leave: policy", "effective_date": "2026-01-01", "document_id": "HR-7", "tags": "a, b",
		"owner_name": "Ann", "draft": "false", "x": "1",
	}
	if diff := cmp.Diff(want, doc.Properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if doc.Title != "Leave: policy" || doc.Text() != "Text." {
		t.Errorf("title %q, text %q", doc.Title, doc.Text())
	}
}

func TestFrontMatterThatIsNotYAMLGivesItsPlainLines(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.md", []byte("---\ntitle: Leave\nlayout: {% x %}: y\n---\nText.\n"))
	if err != nil || doc.Title != "Leave" || doc.Text() != "Text." {
		t.Errorf("%v: title %q, text %q", err, doc.Title, doc.Text())
	}
	doc, err = parseBytes(t, "a.md", []byte("---\nJust a paragraph between rulers\n---\nText.\n"))
	if err != nil || !strings.Contains(doc.Text(), "Just a paragraph") {
		t.Errorf("%v: text %q", err, doc.Text())
	}
}

func TestLongMarkdownLosesNothingAtItsCuts(t *testing.T) {
	t.Parallel()
	var content strings.Builder
	for i := range 4000 {
		if i%50 == 0 {
			content.WriteString("# Part\n\n")
		}
		content.WriteString("Each paragraph of this page holds the word findable and some more words to make it long.\n\n")
	}
	doc, err := parseBytes(t, "a.md", []byte(content.String()))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(doc.Text(), "findable"); got != 4000 || len(doc.Blocks) != 4080 {
		t.Errorf("%d paragraphs in %d blocks, want 4000 in 4080", got, len(doc.Blocks))
	}
}

// These took minutes or gigabytes in the libraries before the text was tamed.
func TestHostileMarkdownEnds(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		strings.Repeat("[", 1<<19), strings.Repeat("> ", 1<<19), strings.Repeat("- ", 1<<19), strings.Repeat("*a _b ", 1<<16),
		strings.Repeat("![a", 1<<16), strings.Repeat("[a](", 1<<17), strings.Repeat("<b 1><i 2><p>x", 1<<14), strings.Repeat("{% a ", 1<<16),
		"---\n" + strings.Repeat("[", 60_000) + "\n---\nx", "|a|\n|-|\n" + strings.Repeat("|a|\n", 1<<16),
	} {
		doc, err := parseBytes(t, "a.md", []byte(content))
		if err == nil {
			checkBlocks(t, content[:8], doc)
		}
	}
}
