// Package likeness weighs the evidence that two files are states of one document: titles, names, text.
// It does not look anything up and does not decide: library does, by the rules of versions.
package likeness
