package parse

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/ledongthuc/pdf"
)

// maxUnpackedObjects bounds what object streams hold; that of a 5,000-page file is some 20 MiB.
const maxUnpackedObjects = 64 << 20

// unpack reads the object streams through the library, which decrypts them, and enters their objects.
func (f *pdfFile) unpack(reader *pdf.Reader, places map[int]int) error {
	isEncrypted := f.trailer["Encrypt"] != ""
	plainIDs := f.neededByStreams(reader)
	left := int64(maxUnpackedObjects)
	appended := bytes.NewBuffer(f.added)
	streams := reader.Trailer().Key("OurStreams")
	for i, streamID := range f.streams {
		value := streams.Index(i)
		content := readStream(value, left)
		if left -= int64(len(content)); left <= 0 {
			return tooMuchText(maxUnpackedObjects)
		}
		place := places[streamID]
		for _, o := range splitObjects(content, value) {
			if o.id <= 0 || o.id > maxPDFObjects || plainIDs[o.id] || places[o.id] > place {
				continue
			}
			places[o.id] = place
			if pdfCatalog.Match(o.body) && f.trailer["Root"] == "" {
				f.trailer["Root"] = fmt.Sprintf("%d 0 R", o.id)
			}
			if pdfTypePage.Match(o.body) {
				f.pages = append(f.pages, o.id)
			}
			if isEncrypted { // strings in an object stream are not encrypted one by one, so they stay there
				f.objects[o.id] = pdfObject{stream: streamID, index: o.index}
				continue
			}
			f.objects[o.id] = pdfObject{offset: len(f.data) + appended.Len()}
			fmt.Fprintf(appended, "%d 0 obj\n%s\nendobj\n", o.id, o.body)
		}
	}
	f.added = appended.Bytes()
	if !isEncrypted {
		f.streams = nil
	}
	return nil
}

var pdfReference = regexp.MustCompile(`(\d+) \d+ R`)

// neededByStreams are the objects that the object streams refer to. They must not be looked for in object streams,
// or reading one would need itself.
func (f *pdfFile) neededByStreams(reader *pdf.Reader) map[int]bool {
	needed := map[int]bool{}
	streams := reader.Trailer().Key("OurStreams")
	for i := range f.streams {
		for _, m := range pdfReference.FindAllStringSubmatch(streams.Index(i).String(), 100) {
			needed[number(m[1], 0)] = true
		}
	}
	for _, m := range pdfReference.FindAllStringSubmatch(f.trailer["Encrypt"], 10) {
		needed[number(m[1], 0)] = true
	}
	return needed
}

type packedObject struct {
	id, index, start int
	body             []byte
}

// splitObjects parts an object stream: pairs of number and place, then the objects.
func splitObjects(content []byte, stream pdf.Value) []packedObject {
	first := int(stream.Key("First").Int64())
	count := int(stream.Key("N").Int64())
	if first <= 0 || first > len(content) {
		return nil
	}
	lexer := pdfLexer{data: content[:first]}
	var objects []packedObject
	for i := range min(count, first/3) {
		id, start := lexer.next(), lexer.next()
		if id.kind != pdfNumber || start.kind != pdfNumber || start.num < 0 || int(start.num) > len(content)-first {
			break
		}
		objects = append(objects, packedObject{id: int(id.num), index: i, start: first + int(start.num)})
	}
	slices.SortFunc(objects, func(a, b packedObject) int { return cmp.Compare(a.start, b.start) })
	for i := range objects {
		end := len(content)
		if i+1 < len(objects) {
			end = objects[i+1].start
		}
		objects[i].body = content[objects[i].start:end]
	}
	return objects
}

// readStream is up to limit bytes of a stream, as far as they can be read: the library panics on filters it
// does not know and on data that breaks off.
func readStream(stream pdf.Value, limit int64) (content []byte) {
	if stream.Kind() != pdf.Stream {
		return nil
	}
	var out bytes.Buffer
	defer func() {
		if recover() != nil {
			content = out.Bytes()
		}
	}()
	if parms := stream.Key("DecodeParms"); isWide(parms) || isWide(parms.Index(0)) || isWide(parms.Index(1)) {
		return nil
	}
	body := stream.Reader()
	defer body.Close()
	// An error means that the rest is damaged: what came before it is worth having.
	_, _ = io.Copy(&out, io.LimitReader(body, limit))
	return out.Bytes()
}

// isWide says that a filter's row is longer than any table or picture has: the library would make room for it at once.
func isWide(parms pdf.Value) bool { return parms.Key("Columns").Int64() > 1<<20 }
