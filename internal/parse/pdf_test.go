package parse_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
)

const helloPage = "BT /F1 12 Tf 72 700 Td (Twenty days of leave.) Tj ET"

// buildPDF makes a file with one page for each content stream; F1 is Helvetica, F2 its bold.
func buildPDF(contents ...string) []byte {
	var kids strings.Builder
	objects := []string{"", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
		"<</Title(Leave policy)/CreationDate(D:20260102030405+01'00')/Producer(x)>>"}
	for _, content := range contents {
		page := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", page)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>", page+1),
			fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
	}
	objects[0] = "<</Type/Catalog/Pages 2 0 R>>"
	objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(contents), kids.String())
	return writePDF(objects, "/Root 1 0 R/Info 5 0 R")
}

// writePDF numbers the objects from 1 and adds the cross-reference table.
func writePDF(objects []string, trailer string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	places := make([]int, len(objects))
	for i, object := range objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	at := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, at)
	return out.Bytes()
}

// packedPDF has its pages in an object stream. A looping one takes its own length from inside itself.
func packedPDF(isLooping bool) []byte {
	inner := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>", "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>", "9999"}
	var head, body strings.Builder
	for i, object := range inner {
		id := i + 1
		if id == 5 {
			id = 7
		}
		fmt.Fprintf(&head, "%d %d ", id, body.Len())
		body.WriteString(object + "\n")
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	fmt.Fprint(w, head.String(), body.String())
	w.Close()
	length := fmt.Sprint(packed.Len())
	if isLooping {
		length = "7 0 R"
	}
	return []byte(fmt.Sprintf("%%PDF-1.5\n5 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(helloPage), helloPage) +
		fmt.Sprintf("6 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %s>>\nstream\n%s\nendstream\nendobj\n",
			len(inner), head.Len(), length, packed.String()) + "startxref\n0\n%%EOF\n")
}

// line draws text at a place.
func line(font string, size, x, y float64, text string) string {
	return fmt.Sprintf("BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", font, size, x, y, text)
}

// columnsPage has a title across two columns of running text, whose lines are not at the same heights.
func columnsPage() string {
	content := line("F2", 18, 72, 740, "Annual report of the committee on leave and overtime")
	for i := range 12 {
		content += line("F1", 10, 72, 700-12*float64(i), fmt.Sprintf("left %d has words that fill the column to its end", i))
		content += line("F1", 10, 310, 697-12*float64(i), fmt.Sprintf("right %d has words that fill its column to the end", i))
	}
	return content
}

func TestPDFIsPartedIntoBlocks(t *testing.T) {
	t.Parallel()
	page := line("F2", 18, 72, 740, "Leave policy") +
		line("F1", 11, 72, 710, "Every employee takes 25 days of paid leave in each calendar year, and may carry over unused") +
		line("F1", 11, 72, 697, "days to the following year when the manager agrees in writing before the end of Decem-") +
		line("F1", 11, 72, 684, "ber.") +
		line("F2", 13, 72, 655, "1. Steps") +
		line("F1", 11, 72, 635, "1. Ask the manager for a date that suits the team, at least two weeks ahead of the first day of") +
		line("F1", 11, 84, 622, "leave.") + line("F1", 11, 72, 609, "2. Enter it.") + line("F1", 11, 90, 596, "\\225 online") +
		line("F1", 11, 72, 560, "Years") + line("F1", 11, 200, 560, "Days") + line("F1", 11, 300, 560, "Notice") +
		line("F1", 11, 72, 545, "0-4") + line("F1", 11, 300, 545, "2 weeks") +
		line("F1", 11, 72, 530, "5+") + line("F1", 11, 200, 530, "27") + line("F1", 11, 300, 530, "4 weeks") +
		"BT /F1 8 Tf 0 1 -1 0 20 300 Tm (turned note) Tj ET"
	doc, err := parseBytes(t, "a.pdf", buildPDF(page, helloPage))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"h1 Leave policy",
		"p Every employee takes 25 days of paid leave in each calendar year, and may carry over unused days to the following year when the manager agrees in writing before the end of Decem-\nber.",
		"h2 1. Steps",
		"l1 1. Ask the manager for a date that suits the team, at least two weeks ahead of the first day of leave.",
		"l1 2. Enter it.", "l2 - online",
		"t Years | Days | Notice\n0-4 |  | 2 weeks\n5+ | 27 | 4 weeks",
		"p Twenty days of leave.",
	}
	got := sketch(doc)
	for i := range got { // empty cells may stand with one or two spaces
		got[i] = strings.ReplaceAll(got[i], "| |", "|  |")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if doc.Pages != 2 || doc.Blocks[0].Page != 1 || doc.Blocks[7].Page != 2 {
		t.Errorf("%d pages, blocks %+v", doc.Pages, doc.Blocks)
	}
	properties := map[string]string{"title": "Leave policy", "creation_date": "2026-01-02T03:04:05+01:00"}
	if diff := cmp.Diff(properties, doc.Properties); diff != "" || doc.Title != "Leave policy" {
		t.Errorf("title %q, properties (-want +got):\n%s", doc.Title, diff)
	}
}

func TestPDFColumnsAreReadOneAfterTheOther(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.pdf", buildPDF(columnsPage()))
	if err != nil {
		t.Fatal(err)
	}
	text := doc.Text()
	for _, order := range [][2]string{{"Annual report", "left 0"}, {"left 0", "left 11"}, {"left 11", "right 0"}, {"right 0", "right 11"}} {
		first, second := strings.Index(text, order[0]), strings.Index(text, order[1])
		if first < 0 || second < first {
			t.Errorf("%q at %d does not come before %q at %d", order[0], first, order[1], second)
		}
	}
}

func TestPDFGlyphsBecomeWords(t *testing.T) {
	t.Parallel()
	unicode := "/CIDInit begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0001> <00660069> endbfchar " +
		"2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<00DF> <4F11>] endbfrange endcmap"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R/F3 8 0 R>>/XObject<</X 9 0 R>>>>>>",
		"",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/fi/endash/uni20AC 65/Adieresis]>>>>",
		"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[<</DW 500/W[1[600]16 18 500]>>]>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(unicode), unicode),
		"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>",
		fmt.Sprintf("<</Type/XObject/Subtype/Form/Matrix[1 0 0 1 0 -300]/Length %d>>\nstream\n%s\nendstream", len(helloPage), helloPage),
	}
	for _, tt := range []struct{ what, content, want string }{
		{"spaces by position", "BT /F1 12 Tf 72 700 Td [(twen)10(ty)-300(days)] TJ ET", "twenty days"},
		{"words placed apart", line("F1", 12, 72, 700, "twenty") + line("F1", 12, 120, 700, "days"), "twenty days"},
		{"drawn twice", line("F1", 12, 72, 700, "bold") + line("F1", 12, 72.3, 700, "bold"), "bold"},
		{"differences", "BT /F1 12 Tf 72 700 Td (\\001ne \\002 \\003 Abend) Tj ET", "fine – € Äbend"},
		{"two-byte codes", "BT /F2 12 Tf 72 700 Td <00010010001100120020> Tj ET", "fiabcß"},
		{"array in a range", "BT /F2 12 Tf 72 700 Td <0021> Tj ET", "休"},
		{"greek", "BT /F3 12 Tf 72 700 Td (abg) Tj ET", "αβγ"},
		{"next line operators", "BT /F1 12 Tf 14 TL 72 700 Td (one) Tj (two) ' T* (three) Tj ET", "one\ntwo\nthree"},
		{"form", "q /X Do Q", "Twenty days of leave."},
		{"actual text", "BT /F1 12 Tf 72 700 Td /Span<</ActualText(office)>>BDC (o\\001x) Tj EMC ET", "office"},
		{"superscript", line("F1", 12, 72, 700, "days") + line("F1", 7, 98, 704, "2"), "days2"},
		{"turned page", "BT /F1 12 Tf 0 1 -1 0 300 100 Tm (landscape text) Tj ET", "landscape text"},
		{"inline image", "BI /W 1 /H 1 ID \x00(\xff EI BT /F1 12 Tf 72 700 Td (after) Tj ET", "after"},
	} {
		objects[3] = fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(tt.content), tt.content)
		doc, err := parseBytes(t, "a.pdf", writePDF(objects, "/Root 1 0 R"))
		if err != nil || doc.Text() != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.what, doc.Text(), err, tt.want)
		}
	}
}

func TestDamagedPDFIsMended(t *testing.T) {
	t.Parallel()
	whole := string(buildPDF(helloPage))
	for what, content := range map[string]string{
		"wrong startxref":    strings.Replace(whole, "startxref\n", "startxref\n9", 1),
		"no trailer":         whole[:strings.Index(whole, "xref")],
		"no end":             whole[:strings.Index(whole, "xref")-10],
		"wrong length":       strings.Replace(whole, fmt.Sprintf("/Length %d", len(helloPage)), "/Length 3", 1),
		"no length":          strings.Replace(whole, fmt.Sprintf("/Length %d", len(helloPage)), "", 1),
		"missing endobj":     strings.Replace(whole, "endobj", "", 1),
		"PDF 2.0":            strings.Replace(whole, "%PDF-1.7", "%PDF-2.0", 1),
		"huge Size":          strings.Replace(whole, "/Size 8", "/Size 999999999999", 1),
		"no page tree":       strings.Replace(whole, "/Type/Pages", "/Type/Other/Kids 1/X", 1),
		"object streams":     string(packedPDF(false)),
		"circular object":    string(packedPDF(true)),
		"object updated":     whole + fmt.Sprintf("7 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(helloPage), helloPage),
		"junk in front":      "junk\n" + whole,
		"circular page tree": strings.Replace(whole, "/Kids[", "/Kids[2 0 R ", 1),
		"page tree in a row": strings.Replace(whole, "/Kids[6 0 R ", "/Kids[6 0 R 2 0 R ", 1),
	} {
		doc, err := parseBytes(t, "a.pdf", []byte(content))
		if err != nil || doc.Text() != "Twenty days of leave." {
			t.Errorf("%s: %q, %v", what, doc.Text(), err)
		}
	}
}

func TestPDFWithoutTextNeedsOCR(t *testing.T) {
	t.Parallel()
	for what, raw := range map[string][]byte{
		"empty page":  buildPDF(""),
		"only shapes": buildPDF("0 0 100 100 re f"),
	} {
		if _, err := parseBytes(t, "a.pdf", raw); fault.CodeOf(err) != "needs_ocr" {
			t.Errorf("%s: %v, want needs_ocr", what, err)
		}
	}
}

func TestHostilePDFEnds(t *testing.T) {
	t.Parallel()
	wide := strings.Replace(string(buildPDF(helloPage)), "/Contents 7", "/Contents 8", 1) +
		"8 0 obj\n<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 99999999999>>/Length 10>>\nstream\n\x78\x9c12345678\nendstream\nendobj\n"
	for what, raw := range map[string][]byte{
		"brackets":         buildPDF(strings.Repeat(")", 1<<24)),
		"nested arrays":    buildPDF(strings.Repeat("[", 1<<20) + "] TJ"),
		"form in itself":   []byte(strings.Replace(string(buildPDF("/X Do /X Do /X Do")), "/Font<<", "/XObject<</X 7 0 R>>/Subtype/Form/Font<<", 1)),
		"states":           buildPDF(strings.Repeat("q ", 1<<20)),
		"wide rows":        []byte(wide),
		"high object":      append(buildPDF(helloPage), "1048576 0 obj\n1\nendobj\n"...),
		"objects in a row": append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("1 0 obj stream "), 1<<14)...),
	} {
		doc, err := parseBytes(t, "a.pdf", raw)
		if err == nil {
			checkBlocks(t, what, doc)
		} else if fault.CodeOf(err) == "internal" {
			t.Errorf("%s: error without a code: %v", what, err)
		}
	}
}

func TestPDFThatIsNoneIsDamaged(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"%PDF-1.7\n", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "%PDF-1.4 " + strings.Repeat("1 0 obj ", 1000)} {
		if _, err := parseBytes(t, "a.pdf", []byte(content)); fault.CodeOf(err) != "damaged_file" {
			t.Errorf("%.30q: %v, want damaged_file", content, err)
		}
	}
}
