package inference

// pair is how a model wants two texts put together: special tokens and the texts, in order. Nil where the tokenizer does
// not say.
type pair []pairPart

// pairPart is special tokens, or one of the texts.
type pairPart struct {
	ids  []int64 // of special tokens
	text string  // "A" for the first text, "B" for the second, empty for special tokens
	kind int64   // token_type_id of all its tokens
}

// specials is the number of tokens that join adds.
func (p pair) specials() int {
	total := 0
	for _, part := range p {
		total += len(part.ids)
	}
	return total
}

// join returns the ids of first and second together, and as many token types.
func (p pair) join(first, second []int64) (ids, kinds []int64) {
	for _, part := range p {
		content := part.ids
		switch part.text {
		case "A":
			content = first
		case "B":
			content = second
		}
		ids = append(ids, content...)
		for range content {
			kinds = append(kinds, part.kind)
		}
	}
	return ids, kinds
}

// pair reads the template for two texts from a tokenizer's post-processor, nil if it has none that is known.
func (p *postProcessor) pair() pair {
	switch {
	case p == nil:
		return nil
	case p.Type == "Sequence" && len(p.Processors) == 1:
		return p.Processors[0].pair()
	case p.Type == "BertProcessing":
		return pair{{ids: []int64{p.CLS.id}}, {text: "A"}, {ids: []int64{p.SEP.id}}, {text: "B", kind: 1}, {ids: []int64{p.SEP.id}, kind: 1}}
	case p.Type == "RobertaProcessing":
		return pair{{ids: []int64{p.CLS.id}}, {text: "A"}, {ids: []int64{p.SEP.id, p.SEP.id}}, {text: "B"}, {ids: []int64{p.SEP.id}}}
	case p.Type != "TemplateProcessing":
		return nil
	}
	var parts pair
	texts := ""
	for _, part := range p.Pair {
		switch {
		case part.Sequence != nil:
			texts += part.Sequence.ID
			parts = append(parts, pairPart{text: part.Sequence.ID, kind: part.Sequence.Kind})
		case part.Special != nil:
			parts = append(parts, pairPart{ids: p.Specials[part.Special.ID].IDs, kind: part.Special.Kind})
		}
	}
	if texts != "AB" {
		return nil
	}
	return parts
}
