package httpapi

import (
	"mime"
	"strconv"
	"strings"
)

// prefersEvents reports whether a caller would rather have events than one JSON document, by its Accept headers:
// events have the higher quality, or the same and are named first. They must be named; a wildcard stands for JSON.
func prefersEvents(accept []string) bool {
	const events, whole = "text/event-stream", "application/json"
	quality := map[string]float64{}
	isFirst := false
	for kind := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, parameters, _ := mime.ParseMediaType(kind) // what can't be read has no name that is asked for below
		if _, isJSONNamed := quality[whole]; name == events && !isJSONNamed {
			isFirst = true
		}
		quality[name] = 1
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			quality[name] = q
		}
	}
	for _, kind := range []string{whole, "application/*", "*/*"} {
		if q, isNamed := quality[kind]; isNamed {
			return quality[events] > q || quality[events] == q && q > 0 && isFirst
		}
	}
	return quality[events] > 0
}
