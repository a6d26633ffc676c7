package main

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"clearwell/web"
)

// screenshots is where the browser tests leave what they saw; not committed.
const screenshots = "../../test-output"

// TestPersonAsksOpensTheCitationAndUploadsANewRevision goes through both pages as a person would, at
// desk and at phone width.
func TestPersonAsksOpensTheCitationAndUploadsANewRevision(t *testing.T) {
	t.Parallel()
	w := newWindow(t)
	s := newService(t)
	for _, file := range []struct{ name, key, body string }{
		{"vacation.md", "hr/vacation", vacationPolicy("20")},
		{"visitors.md", "office/visitors", "# Visitors\n\nVisitors sign in at the desk and wear a badge.\n"},
	} {
		_, up := s.upload(file.name, file.body, "key", file.key)
		if rev := s.awaitEnd(up); rev.Status != published {
			t.Fatalf("%s: %+v", file.name, rev)
		}
	}

	w.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(s.url), chromedp.WaitVisible(part("sign-in-key")))
	w.picture("sign-in-1280")
	w.do(chromedp.Navigate(s.signInLink()), chromedp.WaitVisible(part("question")), chromedp.WaitVisible(part("example")))
	w.picture("chat-empty-1280")
	w.asksAndOpensTheCitation("20", "1", "1280")
	w.uploadsANewRevision(vacationPolicy("30"))
	w.do(chromedp.Click(`header a[href="/"]`))
	w.asksAndOpensTheCitation("30", "2", "1280-after-upload")
	w.asksWhatNobodyWrote("1280")

	w.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(s.url), chromedp.WaitVisible(part("question")), chromedp.WaitVisible(part("example")))
	w.picture("chat-empty-390")
	w.fits("the empty chat")
	w.asksAndOpensTheCitation("30", "2", "390")
	w.asksWhatNobodyWrote("390")
	w.fits("the chat")
	w.do(chromedp.Click(`header a[href="/documents"]`), chromedp.WaitVisible(part("document-row")))
	w.picture("documents-390")
	w.fits("the documents page")
	w.do(chromedp.Click(document("hr/vacation")+part("document-open")), chromedp.WaitVisible(part("revision-row")))
	w.picture("documents-history-390")
	w.fits("a document's history")
}

func vacationPolicy(days string) string {
	return "# Vacation policy\n\n## Entitlement\n\nFull-time employees get " + days +
		" vacation days a year. They ask their team lead two weeks ahead.\n\n" +
		"## Carrying days over\n\nUp to five days may be carried over to the end of March.\n"
}

// window is a browser's window on a service.
type window struct {
	*testing.T
	ctx context.Context
}

// newWindow opens a window, or skips the test on a machine without a browser. What the pages log as an
// error fails the test.
func newWindow(t *testing.T) *window {
	t.Helper()
	path := findBrowser()
	if path == "" {
		if os.Getenv("CLEARWELL_REQUIRE_BROWSER") == "1" {
			t.Fatal("there is no Chromium on this machine, and CLEARWELL_REQUIRE_BROWSER is set")
		}
		t.Skip("no Chromium on this machine; on Debian: sudo apt-get install chromium")
	}
	if _, err := fs.Stat(web.Files(), "index.html"); err != nil {
		t.Fatal("the pages are not built, so there is nothing to look at: run make build, or npm ci && npm run build in web/")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // Chromium refuses to run as root with one
		chromedp.Flag("disable-component-update", true))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	tab, cancel := chromedp.NewContext(allocator)
	messages := chromedp.Console(tab) // starts the browser, which lives as long as tab
	read := make(chan struct{})
	go func() {
		defer close(read)
		for message, err := range messages {
			if err != nil {
				return // the window is closed, or the first step says why it can't open
			}
			if message.Type == chromedp.ConsoleError || message.IsException() {
				t.Errorf("the page logs %s (%s)", message, message.URL)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-read
	})
	return &window{t, tab}
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// part selects what the pages mark for tests.
func part(id string) string { return `[data-testid="` + id + `"]` }

// document selects inside a document's row.
func document(key string) string { return `[data-testid="document-row"][data-key="` + key + `"] ` }

// lastTurn selects inside the newest question with its answer, once that has come to its end.
const lastTurn = `[data-testid="turn"][data-phase="done"]:last-of-type `

// asks types a question, sends it and waits until its turn has ended and shows this.
func (w *window) asks(question, shows string) {
	w.Helper()
	w.do(chromedp.SendKeys(part("question"), question), chromedp.Click(part("send")), chromedp.WaitVisible(lastTurn+shows))
}

// asksAndOpensTheCitation asks for the days of vacation, wants this number in the answer and in no
// other, and the revision that the citation leads to.
func (w *window) asksAndOpensTheCitation(days, revision, picture string) {
	w.Helper()
	w.asks("How many vacation days do full-time employees get?", part("citation"))
	answer := w.text(lastTurn + part("answer"))
	if !strings.Contains(answer, days+" vacation days") || strings.Count(answer, "vacation days") != 1 {
		w.Fatalf("want %s vacation days in the answer, and nothing else, got %q", days, answer)
	}
	w.picture("chat-answer-" + picture)
	w.do(chromedp.Click(lastTurn+part("citation")), chromedp.WaitVisible(part("citation-panel")+` blockquote[class="excerpt"]:not([aria-busy])`))
	if got := w.text(part("citation-title")); got != "Vacation policy" {
		w.Errorf("the citation leads to %q", got)
	}
	if got := w.text(part("citation-revision")); got != "Revision "+revision {
		w.Errorf("the citation leads to %q, want revision %s", got, revision)
	}
	if got := w.text(part("cited-quote")); !strings.Contains(got, days+" vacation days") {
		w.Errorf("the cited place says %q, want %s days", got, days)
	}
	w.picture("chat-citation-" + picture)
	w.fits("the cited place")
	w.do(chromedp.Click(part("citation-panel")+` [aria-label="Close"]`), chromedp.WaitNotPresent(part("citation-panel")),
		chromedp.WaitReady(lastTurn+part("citation")+":focus")) // where the reader was
}

// asksWhatNobodyWrote wants the page to say that there is no answer.
func (w *window) asksWhatNobodyWrote(picture string) {
	w.Helper()
	w.asks("Which wine goes with grilled octopus?", part("abstention"))
	w.picture("chat-abstention-" + picture)
}

// uploadsANewRevision uses the row of the vacation policy on the documents page, and waits until the
// revision is in force there.
func (w *window) uploadsANewRevision(body string) {
	w.Helper()
	file := filepath.Join(w.TempDir(), "vacation-next-year.md")
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		w.Fatal(err)
	}
	w.do(chromedp.Click(`header a[href="/documents"]`), chromedp.WaitVisible(document("hr/vacation")))
	w.picture("documents-1280")
	w.do(chromedp.Click(document("hr/vacation")+part("new-revision")), chromedp.WaitVisible(part("upload-target")))
	w.picture("documents-new-revision-1280")
	inForce := chromedp.Search(`//*[@data-key="hr/vacation"]//*[@data-testid="in-force"][starts-with(., "Revision 2 ")]`)
	w.do(chromedp.SetUploadFiles(part("upload-input"), []string{file}), chromedp.WaitVisible(inForce))
	w.picture("documents-uploaded-1280")
	w.do(chromedp.Click(document("hr/vacation")+part("document-open")), chromedp.WaitVisible(part("revision-row"), chromedp.AtLeast(2)))
	w.picture("documents-history-1280")
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.picture("failed")
		w.Fatalf("browser: %v; %s/failed.png shows the page", err, screenshots)
	}
}

func (w *window) text(selector string) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(selector))
	if err != nil {
		w.Fatalf("browser: %s: %v", selector, err)
	}
	return text
}

// settled waits for fonts and for all animations that have an end.
const settled = `Promise.all([document.fonts.ready, ...document.getAnimations()
	.filter(one => one.effect.getComputedTiming().endTime !== Infinity).map(one => one.finished.catch(() => {}))]).then(() => true)`

// picture keeps what the window shows.
func (w *window) picture(name string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](settled, chromedp.EvalAwaitPromise)); err != nil {
		w.Errorf("picture %s: %v", name, err)
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.Errorf("picture %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(screenshots, 0o755); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(screenshots, name+".png"), png, 0o644); err != nil {
		w.Fatal(err)
	}
}

// fits fails if what the window shows scrolls sideways.
func (w *window) fits(what string) {
	w.Helper()
	const beyond = `Math.max(...[...document.querySelectorAll("html, body, main, dialog")].map(one => one.scrollWidth - one.clientWidth))`
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	pixels, err := chromedp.Run(ctx, chromedp.Evaluate[int](beyond))
	if err != nil {
		w.Fatal(err)
	}
	if pixels > 0 {
		w.Errorf("%s scrolls %d px sideways", what, pixels)
	}
}
