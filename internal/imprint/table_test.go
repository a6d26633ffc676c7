package imprint_test

import (
	"testing"

	"clearwell/internal/imprint"
)

func TestLabelTables(t *testing.T) {
	t.Parallel()
	checkDates(t, []dateCase{
		{inHead("| Field | Value |\n|---|---|\n| Effective date | 1 March 2024 |\n| Owner | HR |"), "2024-03-01", ""},
		{inHead("| Owner | HR |\n|---|---|\n| Effective date | 1 March 2024 |\n| Expiry date | 31 March 2025 |"), "2024-03-01", "2025-04-01"},
		{inHead("| Gültig ab | 01.03.2024 |\n|---|---|\n| Version | 3 |\n| Gültig bis | 31.03.2025 |"), "2024-03-01", "2025-04-01"},
		{inHead("| Owner | HR | Effective date | 1 March 2024 |\n|---|---|---|---|\n| Approved | Board | Version | 2 |"), "2024-03-01", ""},
		{inHead("| Version | Effective date | Owner |\n|---|---|---|\n| 3.2 | 1 March 2024 | HR |"), "2024-03-01", ""},
		{inHead("| Date d'entrée en vigueur | 1er mars 2024 |\n|---|---|\n| Version | 3 |\n| Auteur | RH |"), "2024-03-01", ""},
		{inHead("| Fecha de vigencia | 1 de marzo de 2024 |\n|---|---|\n| Versión | 3 |\n| Autor | RH |"), "2024-03-01", ""},
		{inHead("| Owner | HR |\n|---|---|\n| Effective date | 03/04/2024 |\n| Version | 2 |"), "? 2024-03-04 2024-04-03", ""},
		// other things' dates
		{inHead("| Owner | HR |\n|---|---|\n| Review date | 1 March 2024 |\n| Date | 2 March 2024 |"), "", ""},
		{inHead("| Plan | Effective date |\n|---|---|\n| Dental | 1 March 2024 |\n| Vision | 1 May 2024 |"), "", ""},
		{inHead("| Holiday | Date |\n|---|---|\n| New Year | 1 January 2024 |\n| Labour Day | 1 May 2024 |"), "", ""},
		{inBody("| Owner | HR |\n|---|---|\n| Effective date | 1 March 2024 |\n| Plan | Dental |"), "", ""},
		{inHead("| Owner | HR |\n|---|---|\n| Original effective date | 1 March 2014 |\n| Owner | IT |"), "", ""},
	})
}

func TestRevisionTablesGiveTheLatestRow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, from, version string }{
		{"newest last", "## Revision history\n\n| Version | Date | Change |\n|---|---|---|\n| 1.0 | 1 March 2022 | First |\n| 1.9 | 1 March 2023 | Meals |\n| 1.10 | 1 March 2024 | Trains |", "2024-03-01", "1.10"},
		{"newest first", "## Document history\n\n| Rev. | Date | Author |\n|---|---|---|\n| 3 | 2024-03-01 | Ana |\n| 2 | 2023-03-01 | Ana |", "2024-03-01", "3"},
		{"draft left out", "## Revision history\n\n| Version | Date | Status |\n|---|---|---|\n| 1.0 | 1 March 2022 | Approved |\n| 2.0 | 1 March 2024 | Draft |", "2022-03-01", "1.0"},
		{"german", "## Änderungshistorie\n\n| Version | Datum | Änderung |\n|---|---|---|\n| 1.0 | 01.03.2022 | Erste Fassung |\n| 2.0 | 01.03.2024 | Bahn |\n| 3.0 | 01.05.2024 | Entwurf |", "2024-03-01", "2.0"},
		{"french", "## Historique des versions\n\n| Version | Date | Modifications |\n|---|---|---|\n| 1 | 1er mars 2022 | Création |\n| 2 | 1er mars 2024 | Trains |", "2024-03-01", "2"},
		{"spanish", "## Control de cambios\n\n| Versión | Fecha | Descripción |\n|---|---|---|\n| 1 | 1 de marzo de 2022 | Inicial |\n| 2 | 1 de marzo de 2024 | Trenes |", "2024-03-01", "2"},
		{"effective column", "## Revision history\n\n| Version | Approved | Effective date |\n|---|---|---|\n| 1 | 1 Feb 2022 | 1 March 2022 |\n| 2 | 1 Feb 2024 | 1 March 2024 |", "2024-03-01", "2"},
		{"no versions", "## Change history\n\n| Date | Description |\n|---|---|\n| 1 March 2022 | First |\n| 1 March 2024 | Trains |", "2024-03-01", ""},
		{"unclear date", "## Revision history\n\n| Version | Date | Change |\n|---|---|---|\n| 1 | 03/04/2022 | First |\n| 2 | 03/04/2024 | Trains |", "? 2024-03-04 2024-04-03", "2"},
		{"software", "## Requirements\n\n| Version | Release date | End of life |\n|---|---|---|\n| 16 | 14 September 2023 | 2028 |\n| 17 | 26 September 2024 | 2029 |", "", ""},
		{"other versions", "## Supported databases\n\n| Version | Date |\n|---|---|\n| 16 | 14 September 2023 |\n| 17 | 26 September 2024 |", "", ""},
	} {
		facts := imprint.Read(page(t, inBody(c.text)), english, "")
		if from, _ := dates(facts); from != c.from || facts.Version != c.version {
			t.Errorf("%s: from %q version %q, want %q and %q", c.name, from, facts.Version, c.from, c.version)
		}
	}
}

func TestAStatementOutweighsTheRevisionTable(t *testing.T) {
	t.Parallel()
	table := "## Revision history\n\n| Version | Date | Change |\n|---|---|---|\n| 1 | 1 March 2022 | First |\n| 2 | 1 February 2024 | Trains |"
	checkDates(t, []dateCase{{inHead("Effective date: 1 March 2024") + "\n\n" + table, "2024-03-01", ""}})
}

func TestVersionLabels(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Version 3.2": "3.2", "Version: 2024-1": "2024-1", "Rev. 4": "4", "Revision 4": "4", "Fassung 2.1": "2.1", "Version v1.0.3": "1.0.3", "Versión 2": "2",
		"Document version: 3": "3", "Version 3.2, effective 1 March 2024": "3.2", "Owner: HR Version: 3.2 Status: approved": "3.2", "Travel policy | Version 7 | Page 2": "7",
		"| Version | 4.1 |\n|---|---|\n| Owner | HR |\n| Status | final |": "4.1",
		"Version 3 March 2024":                          "",
		"Version vom 1. März 2024":                      "",
		"Install version 3.2 of the app.":               "",
		"Version 3.2 of the app is needed for travel.":  "",
		"Replaces version 2.0.":                         "",
		"The revision of 2024 brought new daily rates.": "",
	} {
		if got := imprint.Read(page(t, inHead(text)), english, "").Version; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := imprint.Read(page(t, "# Travel policy v3.2\n\n"+body), english, "").Version; got != "3.2" {
		t.Errorf("title: %q", got)
	}
}
