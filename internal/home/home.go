// Package home says where the parts that set-up fetched lie on this machine.
// It fetches nothing and opens nothing.
package home

import (
	"os"
	"path/filepath"
)

// Layout is the folder that set-up fills, shared by all clones of one user.
type Layout struct{ Root string }

// Default is the layout named by CLEARWELL_HOME; without it /var/lib/clearwell for root
// (a path that the unprivileged database user can traverse), else the XDG data folder.
func Default() Layout {
	if dir := os.Getenv("CLEARWELL_HOME"); dir != "" {
		return Layout{Root: dir}
	}
	if os.Geteuid() == 0 {
		return Layout{Root: "/var/lib/clearwell"}
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return Layout{Root: filepath.Join(dir, "clearwell")}
	}
	return Layout{Root: filepath.Join(os.Getenv("HOME"), ".local", "share", "clearwell")}
}

// Postgres is the installation folder (bin, lib, share) of the given major version, such as "18".
func (l Layout) Postgres(major string) string { return filepath.Join(l.Root, "postgres", major) }

// ONNXRuntime is the absolute path of the ONNX Runtime shared library.
func (l Layout) ONNXRuntime() string {
	return filepath.Join(l.Root, "onnxruntime", "libonnxruntime.so")
}

// Model is the folder of a prepared model, such as "multilingual-e5-small".
func (l Layout) Model(name string) string { return filepath.Join(l.Root, "models", name) }

// Data is the default data folder: the private database and its socket.
func (l Layout) Data() string { return filepath.Join(l.Root, "data") }
