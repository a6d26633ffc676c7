package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryExportedNameIsDocumented(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		hasPackageComment := false
		for _, name := range p.GoFiles {
			if strings.HasSuffix(name, ".gen.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				t.Errorf("%s: %v", p.name(), err)
				continue
			}
			hasPackageComment = hasPackageComment || file.Doc.Text() != ""
			for _, silent := range undocumented(file) {
				t.Errorf("%s/%s: %s has no comment", p.name(), name, silent)
			}
		}
		if !hasPackageComment {
			t.Errorf("%s has no package comment: one sentence of purpose, one on what it does not do", p.name())
		}
	}
}

// undocumented names the exported declarations of a file that no comment explains. A comment on a
// group of constants or variables speaks for its members.
func undocumented(file *ast.File) []string {
	var silent []string
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.IsExported() && isReachable(decl) && decl.Doc.Text() == "" {
				silent = append(silent, decl.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				silent = append(silent, silentNames(spec, decl.Doc.Text() != "")...)
			}
		}
	}
	return silent
}

// isReachable is true for a function, and for a method of an exported type.
func isReachable(decl *ast.FuncDecl) bool {
	if decl.Recv == nil {
		return true
	}
	receiver := decl.Recv.List[0].Type
	for {
		switch r := receiver.(type) {
		case *ast.StarExpr:
			receiver = r.X
		case *ast.IndexExpr:
			receiver = r.X
		case *ast.IndexListExpr:
			receiver = r.X
		case *ast.Ident:
			return r.IsExported()
		default:
			return true
		}
	}
}

func silentNames(spec ast.Spec, groupSpeaks bool) []string {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && !groupSpeaks && spec.Doc.Text() == "" && spec.Comment.Text() == "" {
			return []string{spec.Name.Name}
		}
	case *ast.ValueSpec:
		if groupSpeaks || spec.Doc.Text() != "" || spec.Comment.Text() != "" {
			return nil
		}
		var silent []string
		for _, name := range spec.Names {
			if name.IsExported() {
				silent = append(silent, name.Name)
			}
		}
		return silent
	}
	return nil
}

func TestUndocumentedNamesAreFound(t *testing.T) {
	t.Parallel()
	const source = `package p
const Silent = 1
// Group speaks for both.
const (
	First = 1
	Second = 2
)
type Bare struct{}
func (*Bare) Method() {}
func (b hidden) Method2() {}
type hidden struct{}
// Spoken is said.
func Spoken() {}
var Side = 1 // said at the side
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(undocumented(file), " "), "Silent Bare Method"; got != want {
		t.Errorf("undocumented names: %q, want %q", got, want)
	}
}
