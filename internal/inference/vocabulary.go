package inference

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/unix"
)

// vocabulary is a prepared tokenizer, mapped from vocabulary.bin into memory: it loads in no time and costs only the pages in use.
//
// The file is little-endian, written by setup/model/convert.py: the magic "CWVOCAB\0"; nine uint32 (format, ids of <s>, </s>, <pad>
// and <unk>, number of pieces, of trie nodes, of normalised characters, of bytes of their replacements); then
// scores [pieces] float32, first [nodes+1] uint32, piece [nodes] int32, points [characters] uint32, offsets [characters+1] uint32,
// label [nodes] bytes, replacements as UTF-8.
type vocabulary struct {
	mapped    []byte
	bos, eos  int64
	tokenizer *unigram
}

const (
	vocabularyMagic  = "CWVOCAB\x00"
	vocabularyFormat = 1
)

// openVocabulary maps the file at path. The caller closes it when no tokenizer of it is in use any more.
func openVocabulary(path string) (*vocabulary, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open vocabulary: %w", err)
	}
	defer file.Close() // a mapping outlives its file
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("size of vocabulary: %w", err)
	}
	if info.Size() < int64(len(vocabularyMagic)) {
		return nil, errors.New("the vocabulary is empty")
	}
	mapped, err := unix.Mmap(int(file.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map vocabulary into memory: %w", err)
	}
	v := &vocabulary{mapped: mapped}
	if err := v.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("read vocabulary: %w", err), v.close())
	}
	return v, nil
}

func (v *vocabulary) close() error { return unix.Munmap(v.mapped) }

func (v *vocabulary) read() error {
	s := sections{rest: v.mapped}
	if magic := s.take(len(vocabularyMagic)); string(magic) != vocabularyMagic {
		return errors.New("it is not a vocabulary")
	}
	header := section[uint32](&s, 9)
	if s.short {
		return errors.New("its header is cut off")
	}
	if header[0] != vocabularyFormat {
		return fmt.Errorf("it has format %d, this program reads %d", header[0], vocabularyFormat)
	}
	pieces, nodes, characters, replacements := int(header[5]), int(header[6]), int(header[7]), int(header[8])
	scores := section[float32](&s, pieces)
	t := trie{first: section[uint32](&s, nodes+1), piece: section[int32](&s, nodes)}
	normal := charmap{points: section[uint32](&s, characters), offsets: section[uint32](&s, characters+1)}
	t.label, normal.text = s.take(nodes), s.take(replacements)
	if s.short || len(s.rest) > 0 {
		return errors.New("its size is not what its header says")
	}
	if slices.Max(header[1:5]) >= header[5] {
		return errors.New("a special token has no piece")
	}
	if err := errors.Join(t.check(pieces), normal.check()); err != nil {
		return err
	}
	normal.keepsASCII = normal.printableASCIIIsKept()
	v.bos, v.eos = int64(header[1]), int64(header[2])
	v.tokenizer = newUnigram(scores, t, normal, int64(header[4]))
	return nil
}

// sections cuts a file into its parts; short is set once there is not enough left.
type sections struct {
	rest  []byte
	short bool
}

func (s *sections) take(size int) []byte {
	if s.short || size < 0 || size > len(s.rest) {
		s.short = true
		return nil
	}
	taken := s.rest[:size]
	s.rest = s.rest[size:]
	return taken
}

// section reads the next count numbers in place. All sections of numbers begin at a multiple of four bytes, and both
// architectures that ONNX Runtime is fetched for are little-endian.
func section[T uint32 | int32 | float32](s *sections, count int) []T {
	data := s.take(count * 4)
	if len(data) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&data[0])), count)
}

// charmap replaces characters one by one, such as "ﬁ" by "fi" or a tab by a space.
type charmap struct {
	points  []uint32 // the characters that are replaced, ascending
	offsets []uint32 // where in text the replacement of a character begins; one longer than points
	text    []byte

	keepsASCII bool // no printable ASCII is replaced: those need no search
}

// newCharmap makes a charmap of replacements by character.
func newCharmap(replacements map[rune]string) charmap {
	c := charmap{offsets: []uint32{0}}
	for point := range replacements {
		c.points = append(c.points, uint32(point))
	}
	slices.Sort(c.points)
	for _, point := range c.points {
		c.text = append(c.text, replacements[rune(point)]...)
		c.offsets = append(c.offsets, uint32(len(c.text)))
	}
	c.keepsASCII = c.printableASCIIIsKept()
	return c
}

func (c charmap) printableASCIIIsKept() bool {
	at, found := slices.BinarySearch(c.points, ' ')
	return !found && (at == len(c.points) || c.points[at] > '~')
}

func (c charmap) check() error {
	if len(c.offsets) != len(c.points)+1 || !slices.IsSorted(c.points) || !slices.IsSorted(c.offsets) {
		return errors.New("the replaced characters are out of order")
	}
	if int(c.offsets[len(c.points)]) > len(c.text) {
		return errors.New("a replacement lies beyond the end")
	}
	return nil
}

func (c charmap) normalize(dst []byte, text string) []byte {
	for _, r := range text {
		if c.keepsASCII && r >= ' ' && r <= '~' {
			dst = append(dst, byte(r))
			continue
		}
		at, found := slices.BinarySearch(c.points, uint32(r))
		if !found {
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, c.text[c.offsets[at]:c.offsets[at+1]]...)
	}
	return dst
}
