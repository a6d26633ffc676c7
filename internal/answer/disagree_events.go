package answer

import "regexp"

// Events that questions ask the time of, as texts of the four languages name them.
var (
	birthEvent     = regexp.MustCompile(`(?i)\b(?:born|births?|birthday|birth[ -]?date|geboren|geburt\pL*|née?|naissance|naquit|nació|nacid[oa]|nacimiento)\b`)
	deathEvent     = regexp.MustCompile(`(?i)\b(?:die[sd]?|death|dead|gestorben|starb|verstarb|tod|mort[es]*|décès|décédée?|mourut|murió|muerte|falleció|fallecid[oa])\b`)
	beginningEvent = regexp.MustCompile(`(?i)\b(?:establish\pL*|found(?:ed|ing)|foundation|form(?:ed|ation)|creat(?:ed|ion)|incorporated|organi[sz]ed|launch(?:ed)?|start(?:s|ed)?|begin|began|begun|gegründet|gründung|gründete|entstand|fondée?|fondation|créée?|création|commenc\pL*|débuta?|fundad[oa]|fundó|fundación|cread[oa]|comenzó|empezó|inicio|début|beginn|begann|opened|eröffnet)\b`)
	buildingEvent  = regexp.MustCompile(`(?i)\b(?:buil[dt]|constructed|construction|erected|completed|gebaut|erbaut|errichtet|fertiggestellt|construite?|bâtie?|achevée?|construid[oa]|construyó|terminad[oa])\b`)
	openingEvent   = regexp.MustCompile(`(?i)\b(?:open(?:s|ed|ing)?|inaugurated|eröffnet|eröffnung|ouvrit|ouverte?|ouverture|inaugurée?|abrió|abiert[oa]|inaugurad[oa])\b`)
	releaseEvent   = regexp.MustCompile(`(?i)\b(?:releas\pL+|publish\pL+|issued|premiered|debut(?:s|ed)?|veröffentlicht|veröffentlichung|erschien|erschienen|publiée?|sortie?|parue?|publicad[oa]|publicó|lanzad[oa]|lanzamiento|estrenad[oa])\b`)
)

// eventOf is the event that a question asks the time of, nil if it is another one.
func eventOf(question string) *regexp.Regexp {
	for _, event := range []*regexp.Regexp{birthEvent, deathEvent, buildingEvent, openingEvent, releaseEvent, beginningEvent} {
		if event.MatchString(question) {
			return event
		}
	}
	return nil
}
