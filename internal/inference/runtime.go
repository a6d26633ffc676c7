package inference

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"clearwell/internal/fault"
)

// loaded guards ONNX Runtime's environment, of which a process has one: it is made by the first session and stays until the
// process ends, because other sessions may be live. That is why this is the room's one package variable.
var loaded struct {
	mu   sync.Mutex
	path string
}

// loadRuntime loads the ONNX Runtime library at path, once for the process.
func loadRuntime(path string) error {
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	if loaded.path == path {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fault.Wrapf(err, fault.Unavailable, "runtime_missing", "The ONNX Runtime library is not at %s: run `make setup` to fetch it.", path)
	}
	if loaded.path != "" {
		return fault.Newf(fault.Invalid, "runtime_loaded", "ONNX Runtime is already loaded from %s; one process can't load it from %s too.", loaded.path, path)
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fault.Wrapf(err, fault.Unavailable, "runtime_broken", "The ONNX Runtime library at %s can't be loaded: run `make setup` to fetch it again.", path)
	}
	loaded.path = path
	return nil
}

// withOptions runs use with the options that all sessions have.
func withOptions(use func(*ort.SessionOptions) error) error {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return fmt.Errorf("make session options: %w", err)
	}
	defer options.Destroy() // frees only; there is nothing to do about a failure
	// One thread per text: the callers run side by side, and threads that ONNX Runtime owned could not yield to questions.
	// Patterns of memory use are remembered per shape, and texts have hundreds of lengths.
	err = errors.Join(
		options.SetIntraOpNumThreads(1),
		options.SetInterOpNumThreads(1),
		options.SetMemPattern(false),
		options.SetLogSeverityLevel(ort.LoggingLevelError),
	)
	if err != nil {
		return fmt.Errorf("set session options: %w", err)
	}
	return use(options)
}
