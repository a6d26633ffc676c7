package imprint

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"clearwell/internal/parse"
)

// Properties that say when a document applies, most explicit first. Other dates there are about writing:
// date, published, modified, last_updated.
var (
	fromKeys = strings.Fields(`effective_from effective_date date_effective effective effective_as_of effective_since
		valid_from validity_from validity_start valid_since in_force_from in_force_since start_of_validity
		gültig_ab gueltig_ab gültig_seit gueltig_seit gültig_von gueltig_von in_kraft_ab in_kraft_seit inkrafttreten datum_inkrafttreten
		entrée_en_vigueur entree_en_vigueur date_entrée_en_vigueur date_entree_en_vigueur date_d_entrée_en_vigueur
		date_d_entree_en_vigueur date_d_effet date_effet en_vigueur_depuis en_vigueur_le valable_du valable_à_partir_du
		vigente_desde en_vigor_desde entrada_en_vigor fecha_de_entrada_en_vigor fecha_entrada_en_vigor fecha_de_vigencia
		válido_desde valido_desde válida_desde valida_desde vigencia_desde`)
	untilKeys = strings.Fields(`effective_until effective_to valid_until valid_to valid_through validity_until validity_to validity_end
		in_force_until expires expires_on expiry expiry_date expiration expiration_date date_expires end_of_validity
		gültig_bis gueltig_bis in_kraft_bis außer_kraft_ab ausser_kraft_ab ablaufdatum
		valable_jusqu valable_jusqu_au valable_jusquau en_vigueur_jusqu_au date_d_expiration date_expiration
		vigente_hasta válido_hasta valido_hasta válida_hasta valida_hasta vigencia_hasta en_vigor_hasta
		fecha_de_vencimiento fecha_de_caducidad fecha_de_expiración`)
	versionKeys = strings.Fields(`version document_version doc_version policy_version revision rev document_revision
		versión version_du_document versión_del_documento fassung dokumentversion dokumentenversion`)
	idKeys = strings.Fields(`document_id doc_id policy_id document_number doc_number document_no doc_no document_nr policy_number policy_no
		dokument_id dokumenten_id dokument_nr dokumenten_nr dokumentnummer dokumentennummer richtlinien_nr richtliniennummer
		numéro_de_document numero_de_document numéro_du_document id_document identifiant_du_document
		número_de_documento numero_de_documento id_documento código_de_documento codigo_de_documento
		identifier dc_identifier dcterms_identifier`)
	supersedesKeys = strings.Fields("supersedes supersedes_document replaces replaces_document ersetzt remplace sustituye reemplaza")
	amendsKeys     = strings.Fields("amends amendment_of amendment_to amended_document ändert aendert änderung_von aenderung_von modifie amende modifica enmienda")
)

// keyPrefixes group fields in nested front matter: "metadata: {effective_date: …}".
var keyPrefixes = []string{"", "metadata_", "meta_", "document_", "doc_", "policy_"}

// property returns the first of the keys that has a value, and that value.
func property(properties map[string]string, keys []string) (key, value string) {
	for _, key := range keys {
		for _, prefix := range keyPrefixes {
			if value := strings.TrimSpace(properties[prefix+key]); value != "" {
				return prefix + key, value
			}
		}
	}
	return "", ""
}

// dated reads a field of front matter. A date alone means its first moment, in effective_until too:
// there it is the first moment at which the document no longer applies, as in the API.
func (r *reader) dated(field string, keys []string) (*Date, *Unclear) {
	properties := r.doc.Properties
	if r.doc.MediaType == "text/html" { // there it steers caches
		keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key == "expires" })
	}
	key, value := property(properties, keys)
	if value == "" || !strings.ContainsAny(value, "0123456789") || duration.MatchString(value) {
		return nil, nil
	}
	found, quote := r.wholeDate(value), shorten(key+": "+value)
	readings := found.starts
	if found.isMonth && field == untilField && len(readings) > 0 {
		found.isCertain = false // until the month begins, or until it ends?
		readings = append(slices.Clone(readings), found.ends...)
	}
	if !found.isCertain {
		return nil, &Unclear{Field: field, Quote: quote, Readings: readings}
	}
	return &Date{At: readings[0], Source: FrontMatter, Quote: quote}, nil
}

var (
	duration = regexp.MustCompile(`(?i)^\d{1,4}\s*(?:d|h|m|s|y|min\w*|sec\w*|hours?|days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|jours?|mois|ans?|días?|meses|mes|años?)\.?$`)
	compact  = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	bareYear = regexp.MustCompile(`^\d{4}$`)
)

// wholeDate reads a value that is a date and nothing else; anything else is a date that makes no sense.
func (r *reader) wholeDate(value string) when {
	value = weekday.ReplaceAllString(strings.TrimSpace(value), "")
	if m := compact.FindStringSubmatch(value); m != nil {
		return day(number(m[1]), number(m[2]), number(m[3]))
	}
	if bareYear.MatchString(value) {
		found := wholeYear(number(value))
		found.isCertain = false // of the calendar, of the books, of the school?
		return found
	}
	found, ok := r.calendar.read(value)
	if !ok || strings.Trim(value[found.length:], " .,;") != "" {
		return when{}
	}
	return found
}

// fileDate is when the file was last changed by the account of its own properties. Only Office files and PDFs
// carry that; a "modified" in front matter or on a page was written by a person or a site.
func (r *reader) fileDate() *Date {
	if !isOfficeFile(r.doc.MediaType) {
		return nil
	}
	for _, key := range []string{"modified", "mod_date", "created", "creation_date"} {
		value := r.doc.Properties[key]
		if at, err := fileTime(value); err == nil && at.Year() >= 1990 && at.Year() <= 9999 {
			return &Date{At: at.UTC(), Source: FileProperties, Quote: shorten(key + ": " + value)}
		}
	}
	return nil
}

func fileTime(value string) (at time.Time, err error) {
	value = strings.ReplaceAll(strings.TrimSpace(value), "'", "")
	for _, layout := range []string{time.RFC3339, "D:20060102150405-0700", "D:20060102150405Z0700", "D:20060102150405",
		"D:20060102", "2006-01-02T15:04:05", time.DateOnly} {
		if at, err = time.Parse(layout, value); err == nil {
			return at, nil
		}
	}
	return at, err
}

func isOfficeFile(mediaType string) bool {
	return mediaType == "application/pdf" || mediaType == "application/msword" ||
		strings.HasPrefix(mediaType, "application/vnd.openxmlformats") || strings.HasPrefix(mediaType, "application/vnd.ms-") ||
		strings.HasPrefix(mediaType, "application/vnd.oasis.opendocument")
}

// propertyVersion is the version of front matter. In Word's own properties "revision" counts how often somebody saved.
func (r *reader) propertyVersion() string {
	keys := versionKeys
	if isOfficeFile(r.doc.MediaType) {
		keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key == "revision" })
	}
	_, value := property(r.doc.Properties, keys)
	value = versionWord.ReplaceAllString(value, "$1")
	if len(value) > 40 || isPlaceholder(value) {
		return ""
	}
	return value
}

var (
	versionWord = regexp.MustCompile(`(?i)^(?:version|versión|revision|révision|revisión|fassung|ausgabe|rev|ver|v)\s*[:.]?\s*(\d.*)$`)
	savedID     = regexp.MustCompile(`(?i)^(?:urn:)?(?:uuid:|xmp\.[di]id:)?\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$`)
)

// ids are the document's own. Programs mint a UUID at every save, so one in an Office file or a PDF says nothing.
func (r *reader) ids() []string {
	var ids []string
	for _, key := range idKeys {
		id := strings.TrimSpace(r.doc.Properties[key])
		isSaved := isOfficeFile(r.doc.MediaType) && savedID.MatchString(id)
		if len(id) > 200 || isPlaceholder(id) || isSaved || slices.Contains(ids, id) {
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// names reads a list of documents.
func (r *reader) names(keys []string) []string {
	var names []string
	for _, key := range keys {
		for name := range strings.FieldsFuncSeq(r.doc.Properties[key], func(c rune) bool { return c == ',' || c == ';' }) {
			if name = strings.TrimSpace(name); !isPlaceholder(name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

var placeholders = strings.Fields("- – — tbd tba n/a na none null nil nothing new keine keins kein entfällt néant aucun aucune ninguno ninguna xxx todo ? ~ true false 0")

// isPlaceholder: a form was filled in with nothing.
func isPlaceholder(value string) bool {
	return value == "" || slices.Contains(placeholders, strings.ToLower(value))
}

// scopeFields are the fields of Facts.Scope, and what they are called in the four languages.
var scopeFields = map[string][]string{
	"department": strings.Fields("department dept abteilung département departement service departamento"),
	"team":       strings.Fields("team equipe équipe equipo"),
	"division":   strings.Fields("division bereich geschäftsbereich sparte división direction"),
	"unit":       strings.Fields("unit business_unit org_unit organisational_unit einheit organisationseinheit unité unidad"),
	"location":   strings.Fields("location site office plant standort werk lieu emplacement ubicación sede sitio"),
	"country":    strings.Fields("country land pays país"),
	"region":     strings.Fields("region région región"),
	"entity":     strings.Fields("entity legal_entity gesellschaft entité entidad"),
	"company":    strings.Fields("company unternehmen firma société entreprise empresa"),
	"audience":   strings.Fields("audience target_group zielgruppe public_cible público destinatarios"),
	"applies_to": strings.Fields("applies_to applicable_to gilt_für gilt_fuer s_applique_à applicable_à se_aplica_a aplica_a"),
	"scope":      strings.Fields("scope geltungsbereich champ_d_application portée alcance ámbito ámbito_de_aplicación"),
}

// scope is for whom the properties say that the document applies.
func scope(doc parse.Document) map[string]string {
	found := map[string]string{}
	for field, keys := range scopeFields {
		if _, value := property(doc.Properties, keys); !isPlaceholder(value) && len(value) <= 200 {
			found[field] = strings.ToLower(value)
		}
	}
	return found
}
