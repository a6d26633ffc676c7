package inference

import (
	"context"
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// signature says how a model is called: the names of its inputs in order, and its output.
type signature struct {
	inputs []string // of input_ids, attention_mask, token_type_ids
	output string
	hidden int // size of the output's last axis
	tokens bool
}

// session is a model in ONNX Runtime. run may be called concurrently; close only after all runs have ended.
type session struct {
	signature
	vocabulary int64 // ids from here on don't exist in the model
	live       *ort.DynamicAdvancedSession
}

// openSession loads the ONNX file at path.
func openSession(path string, sig signature, vocabulary int) (*session, error) {
	s := &session{signature: sig, vocabulary: int64(vocabulary)}
	err := withOptions(func(options *ort.SessionOptions) (err error) {
		s.live, err = ort.NewDynamicAdvancedSession(path, sig.inputs, []string{sig.output}, options)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load model %s: %w", path, err)
	}
	return s, nil
}

// run computes the model's output for one text: [hidden], or [len(ids)][hidden] in a row if the output is per token.
// It ends early, with ctx's error, when ctx does.
func (s *session) run(ctx context.Context, ids []int64) ([]float32, error) {
	return s.runTyped(ctx, ids, make([]int64, len(ids)))
}

// runTyped is run for a text whose tokens have types, as many as ids.
func (s *session) runTyped(ctx context.Context, ids, kinds []int64) ([]float32, error) {
	// The word table is read without a check of bounds: a wrong id would read foreign memory.
	for _, id := range ids {
		if id < 0 || id >= s.vocabulary {
			return nil, fmt.Errorf("token %d is outside of the model's vocabulary of %d", id, s.vocabulary)
		}
	}
	var owned values
	defer func() { owned.destroy() }()
	inputs, err := s.makeInputs(&owned, ids, kinds)
	if err != nil {
		return nil, fmt.Errorf("make the model's inputs: %w", err)
	}
	shape := ort.NewShape(1, int64(s.hidden))
	if s.tokens {
		shape = ort.NewShape(1, int64(len(ids)), int64(s.hidden))
	}
	output := make([]float32, shape.FlattenedSize())
	tensor, err := ort.NewTensor(shape, output)
	if err != nil {
		return nil, fmt.Errorf("make the model's output: %w", err)
	}
	owned = append(owned, tensor)
	if err := runCancellable(ctx, s.live, inputs, tensor); err != nil {
		return nil, err
	}
	return output, nil
}

// runCancellable tells the model to stop when ctx ends, and waits until it has.
func runCancellable(ctx context.Context, live *ort.DynamicAdvancedSession, inputs []ort.Value, output ort.Value) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	options, err := ort.NewRunOptions()
	if err != nil {
		return fmt.Errorf("make run options: %w", err)
	}
	defer options.Destroy() // frees only
	terminated := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(terminated)
		options.Terminate() // fails on freed options only, and those are freed after this has ended
	})
	err = live.RunWithOptions(inputs, []ort.Value{output}, options)
	if !stop() {
		<-terminated
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("run the model: %w", err)
	}
	return nil
}

func (s *session) makeInputs(owned *values, ids, kinds []int64) ([]ort.Value, error) {
	shape := ort.NewShape(1, int64(len(ids)))
	var inputs []ort.Value
	for _, name := range s.inputs {
		data := ids
		switch name {
		case inputMask:
			data = make([]int64, len(ids))
			for i := range data {
				data[i] = 1
			}
		case inputTypes:
			data = kinds
		}
		tensor, err := ort.NewTensor(shape, data)
		if err != nil {
			return nil, err
		}
		*owned = append(*owned, tensor)
		inputs = append(inputs, tensor)
	}
	return inputs, nil
}

// The inputs that text models have, by the names that all exporters give them.
const (
	inputIDs   = "input_ids"
	inputMask  = "attention_mask"
	inputTypes = "token_type_ids"
)

// values are freed together.
type values []ort.Value

func (v values) destroy() {
	for _, value := range v {
		value.Destroy() // frees only
	}
}

// close frees the model. A run that were still under way would crash the process.
func (s *session) close() error { return s.live.Destroy() }
