package parse_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
)

func TestHTMLIsPartedIntoBlocks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what, content string
		want          []string
	}{
		{"text", "<h1>Leave</h1><p>Take <b>25</b>\n days.<br>Or more.<div>Loose</div> tail", []string{"h1 Leave", "p Take 25 days.\nOr more.", "p Loose", "p tail"}},
		{"chrome", "<header>Site</header><nav><a>Home</a></nav><p>Text.</p><script>x()</script><style>p{}</style><aside>Ad</aside><form><button>Go</button><p>In a form.</p></form><footer>© us</footer>",
			[]string{"p Text.", "p In a form."}},
		{"hidden", `<p hidden>a</p><p style="color:red; display : none">b</p><span aria-hidden="true">c</span><p>Text.</p>`, []string{"p Text."}},
		{"main part", "<p>Related: other things</p><main><header><h1>Leave</h1></header><p>The policy, which is most of the page.</p></main>",
			[]string{"h1 Leave", "p The policy, which is most of the page."}},
		{"small main", "<main>x</main><p>Nearly everything stands outside of the main part here.</p>",
			[]string{"p x", "p Nearly everything stands outside of the main part here."}},
		{"lists", `<ol start=3><li>three<ul><li>deep</ul><li value=7><p>seven</p><p>more</p></ol><ol type=a><li>x<li>y</ol><ol type=I><li>r</ol>`,
			[]string{"l1 3. three", "l2 - deep", "l1 7. seven\nmore", "l1 a. x", "l1 b. y", "l1 I. r"}},
		{"definitions", "<dl><dt>Days<dd>25<dt>Notice:<dd>2 weeks</dl>", []string{"l1 - Days: 25", "l1 - Notice: 2 weeks"}},
		{"table", "<table><caption>Days</caption><thead><tr><th>Years<th>Days</thead><tr><td rowspan=2>0–4<td>25<tr><td>26<tr><td colspan=2>all<tr><td></table>",
			[]string{"p Days", "t Years | Days\n0–4 | 25\n0–4 | 26\nall"}},
		{"layout table", "<table role=presentation><tr><td><h2>Head</h2><td><p>Text.</p></table>", []string{"h2 Head", "p Text."}},
		{"code", "<pre><code>a\n  b</code></pre>", []string{"c a\n  b"}},
		{"image", `<p>See <img src=x alt="the plan">.</p>`, []string{"p See the plan."}},
	} {
		doc, err := parseBytes(t, "a.html", []byte("<html><body>"+tt.content))
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
		}
		if diff := cmp.Diff(tt.want, sketch(doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.what, diff)
		}
	}
}

func TestHTMLHeadBecomesProperties(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.html", []byte(`<html lang="en"><head><title>Leave &amp; more</title><meta name="description" content="All about it">
		<meta property="article:modified_time" content="2026-01-01"><meta name="viewport" content="width=1"></head><body><h1>H</h1></body></html>`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"language": "en", "description": "All about it", "article_modified_time": "2026-01-01"}
	if diff := cmp.Diff(want, doc.Properties); diff != "" || doc.Title != "Leave & more" {
		t.Errorf("title %q, properties (-want +got):\n%s", doc.Title, diff)
	}
}

func TestHTMLIsReadInTheEncodingItDeclares(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.html", []byte("<html><head><meta charset=windows-1251></head><body>\xEE\xF2\xEF\xF3\xF1\xEA</body></html>"))
	if err != nil || doc.Text() != "отпуск" {
		t.Errorf("%q, %v", doc.Text(), err)
	}
}

func TestHostileHTMLEnds(t *testing.T) {
	t.Parallel()
	var fonts strings.Builder
	for range 400 {
		fonts.WriteString("<font color=" + strings.Repeat("x", fonts.Len()%7+1) + "><b><i>")
	}
	for _, tt := range []struct{ content, code string }{
		{strings.Repeat("<div>", 20_000) + "x", "damaged_file"},
		{"<p>" + fonts.String() + "</p>" + strings.Repeat("<p>x", 50_000), "internal"},
		{"<table>" + strings.Repeat("<td rowspan=65534 colspan=1000>x", 1000), "internal"},
		{strings.Repeat("<i>", 1_100_000), "too_much_text"},
	} {
		_, err := parseBytes(t, "a.html", []byte(tt.content))
		if err != nil && fault.CodeOf(err) == "internal" || err == nil && tt.code != "internal" {
			t.Errorf("%.20s…: %v, want code %s", tt.content, err, tt.code)
		}
	}
}
