package internal

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// errorsDoc lists every stable code: a section a room, a row a code.
const errorsDoc = "../docs/errors.md"

// statuses are the HTTP statuses of the kinds of failure, as httpapi gives them.
var statuses = map[string]int{
	"Internal": 500, "Invalid": 400, "TooLarge": 413, "Unsupported": 415, "NotFound": 404, "Conflict": 409,
	"Reason":          0, // on a revision only
	"Unauthenticated": 401, "Forbidden": 403, "Unavailable": 503, "Busy": 429,
}

// otherStatuses are those that httpapi sets apart from the kind.
var otherStatuses = map[string]int{"method_not_allowed": 405}

// TestEveryCodeIsExplained holds the code and docs/errors.md to each other: clients switch on codes, and people look
// them up.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	used := codesByRoom(t)
	explained := explainedCodes(t)
	for room, codes := range used {
		for code, kinds := range codes {
			row, isExplained := explained[room][code]
			if !isExplained {
				t.Errorf("%s: the code %s (%s) is not explained in the section of its room", errorsDoc, code, strings.Join(kinds, ", "))
				continue
			}
			if complaint := wrongRow(code, kinds, row); complaint != "" {
				t.Errorf("%s: %s %s", errorsDoc, code, complaint)
			}
		}
	}
	for room, rows := range explained {
		for code := range rows {
			if _, isUsed := used[room][code]; !isUsed {
				t.Errorf("%s explains %s, which %s never gives", errorsDoc, code, room)
			}
		}
	}
}

// row is what the document says of a code.
type row struct{ status, meaning, remedy string }

// number finds the HTTP statuses in the second column; words there say where else a code is met.
var number = regexp.MustCompile(`\d{3}`)

// wrongRow says what is wrong with an explanation, or nothing.
func wrongRow(code string, kinds []string, r row) string {
	if r.meaning == "" || r.remedy == "" {
		return "lacks its meaning or what to do"
	}
	var possible []string
	for _, kind := range kinds {
		status := statuses[kind]
		if other := otherStatuses[code]; other != 0 {
			status = other
		}
		possible = append(possible, strconv.Itoa(status))
	}
	for _, status := range number.FindAllString(r.status, -1) {
		if !slices.Contains(possible, status) {
			return fmt.Sprintf("is said to have status %s, and has %s", status, strings.Join(possible, " or "))
		}
	}
	if r.status == "" {
		return "is not said to be met anywhere"
	}
	return ""
}

// explainedCodes reads the tables of the document: room, code, row. A section's title names its room last, in backquotes.
func explainedCodes(t *testing.T) map[string]map[string]row {
	t.Helper()
	body, err := os.ReadFile(errorsDoc)
	if err != nil {
		t.Fatal(err)
	}
	title := regexp.MustCompile("^## .*`(\\w+)`\\s*$")
	line := regexp.MustCompile("^\\| `(\\w+)` \\|([^|]*)\\|([^|]*)\\|([^|]*)\\|\\s*$")
	rooms, room := map[string]map[string]row{}, ""
	for text := range strings.Lines(string(body)) {
		if found := title.FindStringSubmatch(text); found != nil {
			room = found[1]
			rooms[room] = map[string]row{}
		}
		found := line.FindStringSubmatch(text)
		switch {
		case found == nil && strings.HasPrefix(text, "| `"):
			t.Errorf("%s: a row that has not four columns: %s", errorsDoc, text)
		case found != nil && room != "":
			if _, isTwice := rooms[room][found[1]]; isTwice {
				t.Errorf("%s explains %s twice for %s", errorsDoc, found[1], room)
			}
			rooms[room][found[1]] = row{strings.TrimSpace(found[2]), strings.TrimSpace(found[3]), strings.TrimSpace(found[4])}
		}
	}
	return rooms
}

// codesByRoom finds all codes that the tree gives, with the kinds that they come with.
func codesByRoom(t *testing.T) map[string]map[string][]string {
	t.Helper()
	rooms := map[string]map[string][]string{}
	for _, p := range tree(t) {
		for code, kinds := range codesOf(t, p) {
			if rooms[p.place()] == nil {
				rooms[p.place()] = map[string][]string{}
			}
			rooms[p.place()][code] = append(rooms[p.place()][code], kinds...)
		}
	}
	if len(rooms) < 5 {
		t.Fatalf("codes were found in %d rooms only", len(rooms))
	}
	return rooms
}

// codesOf finds the codes in the calls of fault.Newf and fault.Wrapf of one package.
func codesOf(t *testing.T, p listed) map[string][]string {
	t.Helper()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	codes := map[string]map[string]bool{}
	for _, fn := range functions(files) {
		ast.Inspect(fn, func(node ast.Node) bool {
			kind, code := faultOf(node)
			if code == nil {
				return true
			}
			found := values(code, fn, files)
			if len(found) == 0 {
				t.Errorf("%s: %s makes a fault whose code can't be read from the source", p.name(), fn.Name.Name)
			}
			for _, value := range found {
				if codes[value] == nil {
					codes[value] = map[string]bool{}
				}
				codes[value][kind] = true
			}
			return true
		})
	}
	sorted := map[string][]string{}
	for code, kinds := range codes {
		sorted[code] = slices.Sorted(maps.Keys(kinds))
	}
	return sorted
}

func functions(files []*ast.File) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, file := range files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				all = append(all, fn)
			}
		}
	}
	return all
}

// reasonOf returns the code of a call that ends a revision's way with a reason that is no fault: library's
// stopAs(ctx, tx, revision, status, code, …) and hold(ctx, kind, code, …).
func reasonOf(call *ast.CallExpr) ast.Expr {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		if fn.Name == "stopAs" && len(call.Args) == 6 {
			return literal(call.Args[4])
		}
	case *ast.SelectorExpr:
		if fn.Sel.Name == "hold" && len(call.Args) == 4 {
			return literal(call.Args[2])
		}
	}
	return nil
}

// literal is the expression if it is a string in quotes: what passes a code on does not give one.
func literal(e ast.Expr) ast.Expr {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		return lit
	}
	return nil
}

// faultOf returns the kind and the code of a call that makes a fault, nil for any other node.
func faultOf(node ast.Node) (kind string, code ast.Expr) {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	if code := reasonOf(call); code != nil {
		return "Reason", code
	}
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	if from, ok := fn.X.(*ast.Ident); !ok || from.Name != "fault" {
		return "", nil
	}
	first := map[string]int{"Newf": 0, "Wrapf": 1}
	at, ok := first[fn.Sel.Name]
	if !ok || len(call.Args) < at+2 {
		return "", nil
	}
	if selector, ok := call.Args[at].(*ast.SelectorExpr); ok {
		kind = selector.Sel.Name
	}
	return kind, call.Args[at+1]
}

// values are the strings that an expression within fn can be: a literal, a parameter with what the callers in the
// package give for it, or two of these joined.
func values(e ast.Expr, fn *ast.FuncDecl, files []*ast.File) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			return nil
		}
		return []string{text}
	case *ast.BinaryExpr:
		var joined []string
		for _, left := range values(e.X, fn, files) {
			for _, right := range values(e.Y, fn, files) {
				joined = append(joined, left+right)
			}
		}
		return joined
	case *ast.Ident:
		return given(e.Name, fn, files)
	}
	return nil
}

// given are the literals that callers of fn pass for a parameter.
func given(parameter string, fn *ast.FuncDecl, files []*ast.File) []string {
	var names []string
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	at := slices.Index(names, parameter)
	if at < 0 {
		return nil
	}
	var found []string
	for _, caller := range functions(files) {
		ast.Inspect(caller, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) <= at {
				return true
			}
			if callee, ok := call.Fun.(*ast.Ident); ok && callee.Name == fn.Name.Name {
				found = append(found, values(call.Args[at], caller, files)...)
			}
			return true
		})
	}
	return found
}
