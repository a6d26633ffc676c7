//go:build !linux

package inference

// lowerThreadPriority does nothing: only Linux has a priority for each thread.
func lowerThreadPriority() error { return nil }
