package imprint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/imprint"
	"clearwell/internal/parse"
)

const (
	markdown = "text/markdown"
	pdf      = "application/pdf"
	docx     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// file is a document with these properties and a text without dates.
func file(mediaType string, properties map[string]string, text string) parse.Document {
	return parse.Document{MediaType: mediaType, Properties: properties, Blocks: []parse.Block{
		{Kind: parse.Heading, Level: 1, Text: "Travel policy"}, {Kind: parse.Paragraph, Text: text}}}
}

func TestPropertiesDateADocument(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, value, from, until string }{
		{"effective_from", "2026-01-01", "2026-01-01", ""}, {"effective_date", "1 January 2026", "2026-01-01", ""}, {"effective", "January 1, 2026", "2026-01-01", ""},
		{"valid_from", "2026-01-01T08:00:00+01:00", "2026-01-01T07:00:00Z", ""}, {"effective_from", "20260101", "2026-01-01", ""}, {"effective_from", "January 2026", "2026-01-01", ""},
		{"gültig_ab", "01.03.2026", "2026-03-01", ""}, {"gueltig_ab", "1. März 2026", "2026-03-01", ""}, {"in_force_from", "2026-01-01 00:00:00", "2026-01-01", ""},
		{"date_effective", "2026-01-01", "2026-01-01", ""}, {"entree_en_vigueur", "1er janvier 2026", "2026-01-01", ""}, {"vigente_desde", "1 de enero de 2026", "2026-01-01", ""},
		{"metadata_effective_date", "2026-01-01", "2026-01-01", ""}, {"effective_date", "Monday, 2 March 2026", "2026-03-02", ""},
		// an end is the moment named
		{"effective_until", "2026-03-31", "", "2026-03-31"}, {"valid_until", "31 March 2026", "", "2026-03-31"}, {"expires", "2026-03-31T12:00:00Z", "", "2026-03-31T12:00:00Z"},
		{"gueltig_bis", "31.03.2026", "", "2026-03-31"}, {"expiry_date", "2026-03-31", "", "2026-03-31"}, {"vigente_hasta", "2026-03-31", "", "2026-03-31"}, {"valable_jusqu_au", "31 mars 2026", "", "2026-03-31"},
		// unclear
		{"effective_from", "03/04/2026", "? 2026-03-04 2026-04-03", ""}, {"effective_from", "0226-01-01", "?", ""}, {"effective_from", "2026-02-31", "?", ""}, {"effective_from", "2026-01-01 or later", "?", ""},
		{"effective_from", "2026", "? 2026-01-01", ""}, {"effective_until", "January 2026", "", "? 2026-01-01 2026-02-01"}, {"effective_from", "1/2/26", "? 2026-01-02 2026-02-01", ""},
		// nothing said
		{"effective_from", "immediately", "", ""}, {"effective_from", "TBD", "", ""}, {"expires", "never", "", ""}, {"expires", "90 days", "", ""}, {"effective", "true", "", ""},
		// dates of writing
		{"date", "2026-01-01", "", ""}, {"published", "2026-01-01", "", ""}, {"last_updated", "2026-01-01", "", ""}, {"modified", "2026-01-01", "", ""}, {"created", "2026-01-01", "", ""},
		{"date_approved", "2026-01-01", "", ""}, {"review_date", "2026-01-01", "", ""}, {"next_review", "2026-01-01", "", ""},
	} {
		facts := imprint.Read(file(markdown, map[string]string{c.key: c.value}, body), english, "")
		if from, until := dates(facts); from != c.from || until != c.until {
			t.Errorf("%s: %s: from %q until %q, want %q and %q", c.key, c.value, from, until, c.from, c.until)
		}
	}
}

func TestSourcesDecideInOrder(t *testing.T) {
	t.Parallel()
	const stated, modified = "Effective date: 1 March 2024", "2020-05-05T10:00:00Z"
	for _, c := range []struct {
		name, mediaType, text, from, source string
		properties                          map[string]string
	}{
		{"front matter over text", markdown, stated, "2025-01-01", "front_matter", map[string]string{"effective_from": "2025-01-01"}},
		{"text over file", docx, stated, "2024-03-01", "text", map[string]string{"modified": modified}},
		{"file at last", docx, body, modified, "file_properties", map[string]string{"modified": modified, "created": "2019-01-01T00:00:00Z"}},
		{"created without modified", pdf, body, "2019-01-01", "file_properties", map[string]string{"creation_date": "2019-01-01T00:00:00Z"}},
		{"PDF's own form", pdf, body, modified, "file_properties", map[string]string{"mod_date": "D:20200505120000+02'00'"}},
		{"no file date of a page", "text/html", body, "", "", map[string]string{"modified": modified}},
		{"nonsense of a file", pdf, body, "", "", map[string]string{"mod_date": "1980-01-01T00:00:00Z"}},
		{"unclear front matter stops", markdown, stated, "? 2025-03-04 2025-04-03", "", map[string]string{"effective_from": "03/04/2025"}},
		{"unclear text stops", docx, "Effective date: 03/04/2025", "? 2025-03-04 2025-04-03", "", map[string]string{"modified": modified}},
		{"custom property", docx, stated, "2025-01-01", "front_matter", map[string]string{"effective_date": "2025-01-01T00:00:00Z", "modified": modified}},
		{"cache header of a page", "text/html", body, "", "", map[string]string{"expires": "Tue, 01 Jan 1980 1:00:00 GMT"}},
	} {
		facts := imprint.Read(file(c.mediaType, c.properties, c.text), english, "")
		from, _ := dates(facts)
		source := ""
		if facts.From != nil {
			source = string(facts.From.Source)
		}
		if from != c.from || source != c.source {
			t.Errorf("%s: %q by %q, want %q by %q", c.name, from, source, c.from, c.source)
		}
	}
}

func TestEndsOlderThanTheBeginningAreDropped(t *testing.T) {
	t.Parallel()
	front := imprint.Read(file(markdown, map[string]string{"effective_from": "2026-01-01"}, "Valid until 31 March 2025"), english, "")
	if from, until := dates(front); from != "2026-01-01" || until != "" {
		t.Errorf("front matter: %q, %q", from, until)
	}
	saved := imprint.Read(file(docx, map[string]string{"modified": "2026-01-01T00:00:00Z"}, "Valid until 31 March 2025"), english, "")
	if from, until := dates(saved); from != "" || until != "2025-04-01" {
		t.Errorf("saved later: %q, %q", from, until)
	}
}

func TestPropertiesNameDocuments(t *testing.T) {
	t.Parallel()
	uuid := "6f9619ff-8b86-d011-b42d-00c04fc964ff"
	for _, c := range []struct {
		name, mediaType string
		properties      map[string]string
		want            imprint.Facts
	}{
		{"ids", markdown, map[string]string{"document_id": "HR-12", "policy_number": "P 7", "id": "x", "identifier": "HR-12"}, imprint.Facts{IDs: []string{"HR-12", "P 7"}}},
		{"uuid in front matter", markdown, map[string]string{"doc_id": uuid}, imprint.Facts{IDs: []string{uuid}}},
		{"uuid in a file", pdf, map[string]string{"document_id": "uuid:" + uuid, "identifier": uuid}, imprint.Facts{}},
		{"placeholder", markdown, map[string]string{"document_id": "TBD", "version": "n/a", "supersedes": "none"}, imprint.Facts{}},
		{"lists", markdown, map[string]string{"supersedes": "HR-11, HR-10; HR-11", "amends": "travel", "aendert": "meals"},
			imprint.Facts{Supersedes: []string{"HR-11", "HR-10"}, Amends: []string{"travel", "meals"}}},
		{"other languages", markdown, map[string]string{"ersetzt": "a", "remplace": "b", "sustituye": "c", "modifie": "d", "modifica": "e"},
			imprint.Facts{Supersedes: []string{"a", "b", "c"}, Amends: []string{"d", "e"}}},
		{"version", markdown, map[string]string{"version": "v3.2"}, imprint.Facts{Version: "3.2"}},
		{"revision", markdown, map[string]string{"revision": "4"}, imprint.Facts{Version: "4"}},
		{"Word counts saves", docx, map[string]string{"revision": "17"}, imprint.Facts{}},
		{"scope", markdown, map[string]string{"department": "Sales", "standort": "Berlin", "pays": "France", "applies_to": "All staff"},
			imprint.Facts{Scope: map[string]string{"department": "sales", "location": "berlin", "country": "france", "applies_to": "all staff"}}},
	} {
		if c.want.Scope == nil {
			c.want.Scope = map[string]string{}
		}
		if diff := cmp.Diff(c.want, imprint.Read(file(c.mediaType, c.properties, body), english, "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
