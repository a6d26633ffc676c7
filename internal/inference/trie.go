package inference

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// trie finds pieces by their bytes. Nodes are numbered breadth first from the root, 0, so that the children of node n
// are the nodes from first[n] up to first[n+1], in the order of their labels.
type trie struct {
	first []uint32 // one longer than the nodes
	label []byte   // the byte that leads to a node
	piece []int32  // the id of the piece that ends at a node, -1 for none
}

// child is the node that byte leads to from node.
func (t trie) child(node uint32, label byte) (uint32, bool) {
	start := t.first[node]
	at := bytes.IndexByte(t.label[start:t.first[node+1]], label)
	return start + uint32(at), at >= 0
}

// check reports whether walking the trie stays inside it and ends at ids below pieces only.
func (t trie) check(pieces int) error {
	nodes := uint32(len(t.label))
	if nodes == 0 || len(t.first) != len(t.label)+1 || len(t.piece) != len(t.label) {
		return fmt.Errorf("a trie of %d nodes has %d children's bounds and %d pieces", nodes, len(t.first), len(t.piece))
	}
	for node := range nodes {
		if t.first[node] <= node || t.first[node] > t.first[node+1] || t.first[node+1] > nodes {
			return fmt.Errorf("trie node %d has children outside of the trie", node)
		}
		if t.piece[node] < -1 || int(t.piece[node]) >= pieces {
			return fmt.Errorf("trie node %d ends at unknown piece %d", node, t.piece[node])
		}
	}
	return nil
}

// vocabularyPiece is a piece and its id.
type vocabularyPiece struct {
	text string
	id   int32
}

// newTrie builds a trie over pieces, whose texts must differ. It sorts pieces.
func newTrie(pieces []vocabularyPiece) trie {
	slices.SortFunc(pieces, func(a, b vocabularyPiece) int { return cmp.Compare(a.text, b.text) })
	type span struct{ start, end, depth int } // pieces that share their first depth bytes
	t := trie{label: []byte{0}, piece: []int32{-1}}
	queue := []span{{0, len(pieces), 0}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		t.first = append(t.first, uint32(len(t.label)))
		for at.start < at.end && len(pieces[at.start].text) == at.depth {
			at.start++ // the piece that ends at this node itself
		}
		for at.start < at.end {
			label, begin := pieces[at.start].text[at.depth], at.start
			for at.start < at.end && pieces[at.start].text[at.depth] == label {
				at.start++
			}
			id := int32(-1)
			if len(pieces[begin].text) == at.depth+1 {
				id = pieces[begin].id
			}
			t.label, t.piece = append(t.label, label), append(t.piece, id)
			queue = append(queue, span{begin, at.start, at.depth + 1})
		}
	}
	t.first = append(t.first, uint32(len(t.label)))
	return t
}
