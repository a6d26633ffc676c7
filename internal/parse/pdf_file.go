package parse

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ledongthuc/pdf"
)

// pdfFile is a PDF in memory with a directory of its objects that we made ourselves by looking through the file.
//
// The directory that a file brings (its xref) can be missing, wrong or hostile: offsets beyond the end, sizes of
// billions, object streams that contain themselves, on which the library would recurse until the process dies. So the
// library never sees it. It gets our own, appended to the bytes; that also repairs damaged files.
type pdfFile struct {
	data    []byte
	added   []byte // objects from object streams, as if they stood behind data
	objects map[int]pdfObject
	streams []int             // ids of object streams
	pages   []int             // ids of page objects, in file order, for files without a page tree
	trailer map[string]string // Root, Info, Encrypt, ID as written in the file

	lastEndstream int // -1 until it is looked for
}

// pdfObject is where an object is: in the file, or within an object stream.
type pdfObject struct {
	offset     int
	generation int
	stream     int // id of the object stream, 0 if none
	index      int // in the stream
	body       pdfBody
}

// pdfBody is the extent of an object in the file.
type pdfBody struct {
	header     []byte // what comes before the stream, or all of it
	start, end int    // of the stream; 0 if there is none
	next       int    // where to look for the next object
	isBroken   bool   // it has no end of its own
	isUnsure   bool   // the end was searched for, as its stated length could not be used when it was found
}

// maxPDFObjects bounds object numbers; the library keeps a table of that length.
const maxPDFObjects = 1 << 20

// openPDF reads the file and opens it. Objects in object streams are unpacked into the file, at most 64 MiB of them.
func openPDF(ctx context.Context, src Source) (*pdf.Reader, error) {
	f := &pdfFile{data: make([]byte, src.Size), objects: map[int]pdfObject{}, trailer: map[string]string{}, lastEndstream: -1}
	if _, err := io.ReadFull(io.NewSectionReader(src.Body, 0, src.Size), f.data); err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if err := f.scan(ctx); err != nil {
		return nil, err
	}
	places := map[int]int{} // where in the file an object's latest definition stands
	for id, o := range f.objects {
		places[id] = o.offset
	}
	f.mend()
	reader, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	if len(f.streams) > 0 {
		if err := f.unpack(reader, places); err != nil {
			return nil, err
		}
	}
	if f.trailer["Root"] == "" {
		return nil, damaged(fmt.Errorf("no catalog among %d objects", len(f.objects)))
	}
	return f.open(ctx)
}

var (
	pdfTypePage   = regexp.MustCompile(`/Type\s*/Page\b`)
	pdfCatalog    = regexp.MustCompile(`/Type\s*/Catalog\b`)
	pdfObjStm     = regexp.MustCompile(`/Type\s*/ObjStm\b`)
	pdfXRefStream = regexp.MustCompile(`/Type\s*/XRef\b`)
)

// scan finds the objects: "12 0 obj". Of several with one number the last in the file counts, as updates are appended.
func (f *pdfFile) scan(ctx context.Context) error {
	for pos, count := 0, 0; ; count++ {
		if count%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		i := bytes.Index(f.data[pos:], []byte("obj"))
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + 3
		id, generation, offset, ok := objectHeader(f.data, at)
		if !ok || id <= 0 || id > maxPDFObjects {
			continue
		}
		body := f.body(pos)
		pos = body.next
		header := body.header
		f.objects[id] = pdfObject{offset: offset, generation: generation, body: body}
		ref := fmt.Sprintf("%d %d R", id, generation)
		switch {
		case pdfObjStm.Match(header):
			if !slices.Contains(f.streams, id) {
				f.streams = append(f.streams, id)
			}
		case pdfXRefStream.Match(header):
			f.takeTrailer(header)
		case pdfTypePage.Match(header):
			f.pages = append(f.pages, id)
		case pdfCatalog.Match(header) && f.trailer["Root"] == "":
			f.trailer["Root"] = ref
		}
	}
	for pos := 0; ; {
		i := bytes.Index(f.data[pos:], []byte("trailer"))
		if i < 0 {
			return nil
		}
		pos += i + len("trailer")
		f.takeTrailer(f.data[pos:min(len(f.data), pos+1<<16)])
	}
}

// objectHeader reads back from the word obj at the position: id, generation and where the object starts.
func objectHeader(data []byte, at int) (id, generation, offset int, ok bool) {
	back := func(i int) (int, int) { // the number that ends before i, and where it starts
		for i > 0 && isPDFSpace(data[i-1]) {
			i--
		}
		end := i
		for i > 0 && data[i-1] >= '0' && data[i-1] <= '9' && end-i < 10 {
			i--
		}
		n, err := strconv.Atoi(string(data[i:end]))
		if err != nil {
			return -1, i
		}
		return n, i
	}
	generation, i := back(at)
	if generation < 0 || generation > 65535 || i == 0 || !isPDFSpace(data[i-1]) {
		return 0, 0, 0, false
	}
	id, i = back(i)
	return id, generation, i, id > 0
}

// body finds the extent of the object whose content begins at pos.
func (f *pdfFile) body(pos int) pdfBody {
	end := bytes.Index(f.data[pos:], []byte("endobj"))
	isUnended := end < 0
	if isUnended {
		end = len(f.data) - pos
	}
	stream := bytes.Index(f.data[pos:pos+end], []byte("stream"))
	plain := f.data[pos : pos+end]
	if stream >= 0 {
		plain = plain[:stream]
	}
	if i := bytes.Index(plain, []byte(" obj")); i >= 0 { // the next object begins before this one has ended
		if _, _, at, ok := objectHeader(f.data, pos+i+1); ok && at > pos {
			return pdfBody{header: f.data[pos:at], next: at, isBroken: true}
		}
	}
	if stream < 0 {
		return pdfBody{header: plain[:min(len(plain), 1<<16)], next: pos + end, isBroken: isUnended}
	}
	start := pos + stream + len("stream")
	start += len(f.data[start:min(len(f.data), start+2)]) - len(bytes.TrimLeft(f.data[start:min(len(f.data), start+2)], "\r\n"))
	body := pdfBody{header: plain[:min(len(plain), 1<<16)], start: start}
	if n := f.streamLength(body); n >= 0 {
		body.end, body.next = start+n, start+n
		return body
	}
	body.isUnsure = true
	if f.lastEndstream < 0 {
		f.lastEndstream = bytes.LastIndex(f.data, []byte("endstream"))
	}
	body.end = len(f.data)
	if start <= f.lastEndstream {
		body.end = start + max(0, bytes.Index(f.data[start:], []byte("endstream")))
	}
	body.next = body.end
	return body
}

// streamLength is the length that the stream's dictionary states, by itself or by reference to an object known by
// now; -1 if it states none or the stream does not end there.
func (f *pdfFile) streamLength(body pdfBody) int {
	entries, err := (&pdfLexer{data: body.header}).entrySpans()
	if err != nil {
		return -1
	}
	value := strings.TrimSpace(entries["Length"])
	n := number(value, -1)
	if m := pdfReference.FindStringSubmatch(value); m != nil {
		if o, ok := f.objects[number(m[1], 0)]; ok {
			n = number(strings.TrimSpace(string(o.body.header[:min(len(o.body.header), 20)])), -1)
		}
	}
	at := body.start + n
	if n < 0 || at > len(f.data) || at < 0 || !bytes.Contains(f.data[at:min(len(f.data), at+12)], []byte("endstream")) {
		return -1
	}
	return n
}

// mend writes anew the objects that the library would refuse or misread: those without an end, and streams whose
// length is missing or wrong.
func (f *pdfFile) mend() {
	var added bytes.Buffer
	for id, o := range f.objects {
		body := o.body
		isWrong := body.isUnsure && f.streamLength(body) < 0
		if !body.isBroken && !isWrong {
			continue
		}
		at := len(f.data) + added.Len()
		fmt.Fprintf(&added, "%d %d obj\n", id, o.generation)
		if body.start == 0 {
			added.Write(body.header)
		} else {
			entries, err := (&pdfLexer{data: body.header}).entrySpans()
			if err != nil {
				continue
			}
			content := bytes.TrimRight(f.data[body.start:max(body.start, body.end)], "\r\n")
			entries["Length"] = strconv.Itoa(len(content))
			added.WriteString("<<")
			for key, value := range entries {
				fmt.Fprintf(&added, "/%s %s", key, value)
			}
			added.WriteString(">>\nstream\n")
			added.Write(content)
			added.WriteString("\nendstream")
		}
		added.WriteString("\nendobj\n")
		o.offset = at
		f.objects[id] = o
	}
	f.added = added.Bytes()
}

// takeTrailer keeps what leads to the document. Later ones win, but for those without a catalog.
func (f *pdfFile) takeTrailer(data []byte) {
	entries, err := (&pdfLexer{data: data}).entrySpans()
	if err != nil {
		return
	}
	for _, key := range []string{"Root", "Info", "Encrypt", "ID"} {
		if value := entries[key]; value != "" && (key == "ID" || key == "Encrypt" || strings.HasSuffix(strings.TrimSpace(value), "R")) {
			f.trailer[key] = value
		}
	}
}

// open gives the library the bytes with our directory behind them.
func (f *pdfFile) open(ctx context.Context) (*pdf.Reader, error) {
	copy(f.data, "%PDF-1.7\n") // the library asks for a header that many files don't have exactly so
	body := pieces{f.data, f.added, f.directory()}
	reader, err := pdf.NewReader(&stoppableBody{ctx, body, body.size()}, body.size())
	if err != nil {
		if f.trailer["Encrypt"] != "" {
			return nil, passwordProtected(err)
		}
		return nil, damaged(err)
	}
	return reader, nil
}

// pieces are byte slices read as one, to avoid copying a file of 100 MiB.
type pieces [][]byte

func (p pieces) size() int64 {
	total := 0
	for _, piece := range p {
		total += len(piece)
	}
	return int64(total)
}

// ReadAt fills buf as far as the pieces reach.
func (p pieces) ReadAt(buf []byte, off int64) (int, error) {
	n := 0
	for _, piece := range p {
		if off >= int64(len(piece)) {
			off -= int64(len(piece))
			continue
		}
		n += copy(buf[n:], piece[off:])
		off = 0
		if n == len(buf) {
			return n, nil
		}
	}
	return n, io.EOF
}

// directory writes the objects' places as a cross-reference stream (ISO 32000-1, 7.5.8) with the trailer in it.
func (f *pdfFile) directory() []byte {
	size := 1
	for id := range f.objects {
		size = max(size, id+1)
	}
	const width = 1 + 8 + 3
	table := make([]byte, (size+1)*width)
	for id, o := range f.objects {
		row := table[id*width:]
		row[0] = 1
		binary.BigEndian.PutUint64(row[1:], uint64(o.offset))
		row[10], row[11] = byte(o.generation>>8), byte(o.generation)
		if o.stream > 0 {
			row[0] = 2
			binary.BigEndian.PutUint64(row[1:], uint64(o.stream))
			row[9], row[10], row[11] = byte(o.index>>16), byte(o.index>>8), byte(o.index)
		}
	}
	var out bytes.Buffer
	out.WriteByte('\n')
	at := len(f.data) + len(f.added) + out.Len()
	fmt.Fprintf(&out, "%d 0 obj\n<</Type/XRef/Size %d/W[1 8 3]/Length %d", size, size+1, len(table))
	for key, value := range f.trailer {
		fmt.Fprintf(&out, "/%s %s", key, value)
	}
	f.writeRefs(&out, "OurStreams", f.streams)
	f.writeRefs(&out, "OurPages", f.pages)
	out.WriteString(">>\nstream\n")
	out.Write(table)
	fmt.Fprintf(&out, "\nendstream\nendobj\n%% %0100d\nstartxref\n%d\n%%%%EOF\n", 0, at)
	return out.Bytes()
}

func (f *pdfFile) writeRefs(out *bytes.Buffer, key string, ids []int) {
	fmt.Fprintf(out, "/%s[", key)
	for _, id := range ids {
		fmt.Fprintf(out, "%d %d R ", id, f.objects[id].generation)
	}
	out.WriteByte(']')
}
