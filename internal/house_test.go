// Package internal holds the plan of the house to the code: which room stands on which floor, which
// room may use which library, and that every exported name says what it is.
package internal

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clearwell/internal/home"
)

// module is the path of this module; rooms are the packages below its internal folder.
const module = "clearwell"

// floors is the plan of ARCHITECTURE.md: a room imports only rooms on lower floors.
// A new room gets its line here when it brings its one sentence.
var floors = map[string]int{
	"httpapi": 6, "eval": 6,
	"source": 5, "answer": 5,
	"ingest": 4, "conflict": 4,
	"library": 3, "retrieve": 3, "journal": 3,
	"access": 2, "clean": 2, "screen": 2, "chunk": 2, "imprint": 2, "diff": 2, "likeness": 2, "figure": 2,
	"parse": 1, "inference": 1, "analysis": 1, "postgres": 1,
	"fault": 0, "home": 0,
}

// cupboards are packages that only tests open; each lies in the room that it serves.
var cupboards = []string{"internal/postgres/pgtest", "internal/inference/inferencetest", "internal/library/librarytest",
	"internal/parse/parsetest"}

// leaves are the packages that carry files and contracts; beside cmd and tests, only these import them.
var leaves = map[string][]string{
	"migrations": {"postgres"},
	"web":        {"httpapi"},
	"api":        {"httpapi", "eval"},
	"examples":   {},
}

// doors says which rooms may use a library, by the beginning of its import path.
// cmd stands on the roof and wires everything; the leaf api is generated and brings its own runtime.
var doors = map[string][]string{
	"github.com/sashabaranov/go-openai":      {"inference"},
	"github.com/yalue/onnxruntime_go":        {"inference"},
	"github.com/ledongthuc/pdf":              {"parse"},
	"github.com/klippa-app/go-pdfium":        {"parse"},
	"github.com/pdfcpu/pdfcpu":               {"parse"},
	"codeberg.org/go-pdf/fpdf":               {"parse"},
	"github.com/riverqueue/river":            {"ingest", "source", "postgres", "cmd"}, // postgres runs its migrations
	"github.com/go-chi/chi":                  {"httpapi", "api"},
	"github.com/oapi-codegen/runtime":        {"httpapi", "api"},
	"github.com/prometheus/client_golang":    {"httpapi", "cmd"},
	"github.com/pressly/goose":               {"postgres"},
	"github.com/jackc/pgx":                   aboveGround(),
	"github.com/pgvector/pgvector-go":        aboveGround(),
	"github.com/alecthomas/kong":             {"cmd"},
	"github.com/modelcontextprotocol/go-sdk": {"httpapi"},
}

// aboveGround lists all rooms but those of floor 0, and cmd: pure names stay free of the database.
func aboveGround() []string {
	rooms := []string{"cmd"}
	for room, floor := range floors {
		if floor > 0 {
			rooms = append(rooms, room)
		}
	}
	return rooms
}

// listed is what `go list` says about a package.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string
}

// name is the path inside the module, such as internal/postgres/pgtest.
func (p listed) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// place is the room, or the first folder of what is no room: postgres, cmd, api.
func (p listed) place() string { return placeOf(p.ImportPath) }

func placeOf(importPath string) string {
	name := strings.TrimPrefix(importPath, module+"/")
	name = strings.TrimPrefix(name, "internal/")
	first, _, _ := strings.Cut(name, "/")
	return first
}

// tree lists all packages of the module with what their own files import, tests left out.
func tree(t *testing.T) []listed {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatalf("reading what go list printed: %v", err)
		}
		if len(p.GoFiles) > 0 { // a folder of tests only, such as this one, is no room
			packages = append(packages, p)
		}
	}
	if len(packages) < 2 {
		t.Fatalf("go list found %d packages", len(packages))
	}
	watch(t, packages)
	return packages
}

// watch reads what go list read for us. `go test` keeps a passed result until a file or folder that
// the test itself opened has changed, and would miss a new import or a new room.
func watch(t *testing.T, packages []listed) {
	t.Helper()
	folders := []string{"."}
	for _, p := range packages {
		folders = append(folders, p.Dir)
		for _, name := range p.GoFiles {
			if _, err := os.Stat(filepath.Join(p.Dir, name)); err != nil {
				t.Fatalf("go list named a file that is not there: %v", err)
			}
		}
	}
	for _, folder := range folders {
		if _, err := os.ReadDir(folder); err != nil {
			t.Fatalf("reading a folder that go list named: %v", err)
		}
	}
}

func TestEveryPackageHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		if complaint := misplaced(p); complaint != "" {
			t.Errorf("%s %s", p.name(), complaint)
		}
	}
}

// misplaced says why a package stands nowhere in the plan, or nothing.
func misplaced(p listed) string {
	_, isRoom := floors[p.place()]
	_, isLeaf := leaves[p.name()]
	switch {
	case strings.HasPrefix(p.name(), "internal/") && !isRoom:
		return "is no room of the plan: give it a floor here and its sentence in ARCHITECTURE.md"
	case !strings.HasPrefix(p.name(), "internal/") && !isLeaf && p.place() != "cmd":
		return "stands outside of internal and cmd, and is no known leaf"
	}
	return ""
}

func TestRoomsImportOnlyLowerFloors(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		for _, imported := range p.Imports {
			if complaint := againstTheStairs(p, imported); complaint != "" {
				t.Errorf("%s imports %s: %s", p.name(), imported, complaint)
			}
		}
	}
}

// againstTheStairs says why p may not import a package of this module, or nothing.
func againstTheStairs(p listed, imported string) string {
	target, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return ""
	}
	_, fromLeaf := leaves[p.name()]
	isCupboard := slices.Contains(cupboards, p.name())
	switch users, toLeaf := leaves[target]; {
	case fromLeaf:
		return "a leaf imports nothing of the house"
	case slices.Contains(cupboards, target):
		return "a test cupboard is opened by tests only"
	case p.place() == "cmd" || p.place() == placeOf(imported):
		return ""
	case toLeaf && !isCupboard && !slices.Contains(users, p.place()):
		return "only " + strings.Join(append(users, "cmd"), ", ") + " and tests may"
	case toLeaf:
		return ""
	case !strings.HasPrefix(target, "internal/"):
		return "nothing imports cmd"
	case path.Dir(target) != "internal":
		return "a folder inside a room is that room's own"
	case floors[p.place()] <= floors[placeOf(imported)]:
		return "a room imports only rooms on lower floors"
	}
	return ""
}

func TestLibrariesComeThroughTheirDoor(t *testing.T) {
	t.Parallel()
	for _, p := range tree(t) {
		for _, imported := range p.Imports {
			if complaint := pastTheDoor(p, imported); complaint != "" {
				t.Errorf("%s imports %s: %s", p.name(), imported, complaint)
			}
		}
	}
}

// pastTheDoor says why p may not import a library of others, or nothing.
func pastTheDoor(p listed, imported string) string {
	for library, users := range doors {
		isUse := imported == library || strings.HasPrefix(imported, library+"/")
		if isUse && !slices.Contains(users, p.place()) {
			return "its door is in " + strings.Join(users, ", ")
		}
	}
	return ""
}

// The rules themselves, on imports that must not pass.
func TestRulesOfTheHouseRefuse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ from, imports, complaint string }{
		{"internal/library", "clearwell/internal/postgres", ""},
		{"internal/library", "clearwell/internal/ingest", "lower floors"},
		{"internal/library", "clearwell/internal/journal", "lower floors"},
		{"internal/library", "clearwell/internal/postgres/pgtest", "tests only"},
		{"internal/eval", "clearwell/internal/parse/layout", "that room's own"},
		{"internal/parse", "clearwell/internal/parse/layout", ""},
		{"internal/postgres/pgtest", "clearwell/migrations", ""},
		{"internal/library", "clearwell/migrations", "only postgres, cmd and tests"},
		{"internal/httpapi", "clearwell/cmd/clearwell", "nothing imports cmd"},
		{"cmd/clearwell", "clearwell/internal/httpapi", ""},
		{"cmd/clearwell", "clearwell/internal/postgres/pgtest", "tests only"},
		{"api", "clearwell/internal/fault", "a leaf"},
		{"internal/answer", "github.com/sashabaranov/go-openai", "its door"},
		{"internal/home", "github.com/jackc/pgx/v5", "its door"},
		{"internal/library", "github.com/jackc/pgx/v5", ""},
		{"internal/ingest", "github.com/riverqueue/river/riverdriver/riverpgxv5", ""},
		{"internal/eval", "github.com/go-chi/chi/v5", "its door"},
	} {
		p := listed{ImportPath: module + "/" + tc.from}
		got := againstTheStairs(p, tc.imports) + pastTheDoor(p, tc.imports)
		if (tc.complaint == "") != (got == "") || !strings.Contains(got, tc.complaint) {
			t.Errorf("%s imports %s: complaint %q, want %q", tc.from, tc.imports, got, tc.complaint)
		}
	}
	for _, name := range []string{"internal/utils", "pkg/clearwell"} {
		if misplaced(listed{ImportPath: module + "/" + name}) == "" {
			t.Errorf("%s passed as a package of the plan", name)
		}
	}
}

// Set-up fills the folder that the program reads: setup/home.sh and this room follow one rule.
func TestSetupFillsTheHomeThatTheProgramReads(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"named":   {"CLEARWELL_HOME": filepath.Join(t.TempDir(), "a home"), "XDG_DATA_HOME": ""},
		"XDG":     {"CLEARWELL_HOME": "", "XDG_DATA_HOME": t.TempDir()},
		"default": {"CLEARWELL_HOME": "", "XDG_DATA_HOME": "", "HOME": t.TempDir()},
	} {
		t.Run(name, func(t *testing.T) {
			for key, value := range env {
				t.Setenv(key, value)
			}
			cmd := exec.CommandContext(t.Context(), filepath.Join("..", "setup", "home.sh"))
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("setup/home.sh: %v", err)
			}
			if got, want := strings.TrimSpace(string(out)), home.Default().Root; got != want {
				t.Errorf("setup/home.sh prints %q, the program reads %q", got, want)
			}
		})
	}
}
