package analysis

// half is the size of each half of the term space: exact words take 1…half, stems half+1…2·half.
// pgvector's sparsevec has at most a billion dimensions, which is where the number comes from.
const half = 500_000_000

// exactTerm is the term of a word as it is written.
func exactTerm(word string) int32 { return int32(hash(word)%half) + 1 }

// stemTerm is the term of a stem. It never equals an exact term.
func stemTerm(stem string) int32 { return int32(hash(stem)%half) + 1 + half }

// hash is FNV-1a with 64 bits and the finalizer of MurmurHash3. It is stored with every passage: changing
// it means indexing everything again.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mixed(h)
}

// mixed is the finalizer of MurmurHash3.
func mixed(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
