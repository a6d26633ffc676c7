package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// screenshots is where the browser tests leave what they saw; not committed.
const screenshots = "../../test-output"

// browser opens a window on the service, signed in through the link that serve prints.
func browser(t *testing.T, s *service, width, height int64) context.Context {
	t.Helper()
	path := findBrowser()
	if path == "" {
		if os.Getenv("CLEARWELL_REQUIRE_BROWSER") != "" {
			t.Fatal("there is no Chromium on this machine, and CLEARWELL_REQUIRE_BROWSER is set")
		}
		t.Skip("no Chromium on this machine: sudo apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(int(width), int(height)))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	do(t, ctx, network.Enable(), chromedp.EmulateViewport(width, height))
	return ctx
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatalf("browser: %v", err)
	}
}

func test(id string) string { return `[data-testid="` + id + `"]` }

// picture keeps what the window shows.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	var png []byte
	do(t, ctx, chromedp.Sleep(300*time.Millisecond), chromedp.CaptureScreenshot(&png)) // let transitions end
	if err := os.MkdirAll(screenshots, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(screenshots, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// signInLink is the address that serve printed.
func (s *service) signInLink() string {
	s.Helper()
	for _, word := range strings.Fields(s.output.String()) {
		if strings.Contains(word, "/sign-in#token=") {
			return word
		}
	}
	s.Fatalf("serve printed no sign-in link:\n%s", s.output)
	return ""
}

func askInPage(t *testing.T, ctx context.Context, question string) string {
	t.Helper()
	var answer string
	do(t, ctx,
		chromedp.WaitVisible(test("question")),
		chromedp.SendKeys(test("question"), question+"\r"),
		chromedp.WaitVisible(`[data-testid="turn"]:last-of-type[data-phase="done"] `+test("citation")),
		chromedp.Text(`[data-testid="turn"]:last-of-type `+test("answer"), &answer))
	return answer
}

// TestPersonAsksOpensTheCitationAndUploadsANewRevision goes through both pages as a person would, at
// desk and at phone width.
func TestPersonAsksOpensTheCitationAndUploadsANewRevision(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, up := s.upload("vacation.md", "# Vacation policy\n\n## Entitlement\n\nFull-time employees get 20 vacation days a year. They ask their team lead two weeks ahead.\n", "key", "hr/vacation")
	s.awaitEnd(up)
	_, up = s.upload("visitors.md", "# Visitors\n\nVisitors sign in at the desk and wear a badge.\n", "key", "office/visitors")
	s.awaitEnd(up)

	ctx := browser(t, s, 1280, 900)
	do(t, ctx, chromedp.Navigate(s.signInLink()), chromedp.WaitVisible(test("question")))
	picture(t, ctx, "chat-empty-1280")
	if answer := askInPage(t, ctx, "How many vacation days do full-time employees get?"); !strings.Contains(answer, "20 vacation days") {
		t.Fatalf("the page answers %q", answer)
	}
	picture(t, ctx, "chat-answer-1280")

	var title, revision, quote string
	do(t, ctx, chromedp.Click(test("citation")), chromedp.WaitVisible(test("citation-panel")), chromedp.WaitVisible(test("cited-quote")),
		chromedp.Text(test("citation-title"), &title), chromedp.Text(test("citation-revision"), &revision), chromedp.Text(test("cited-quote"), &quote))
	if !strings.Contains(title, "Vacation policy") || !strings.Contains(revision, "1") || !strings.Contains(quote, "20 vacation days") {
		t.Errorf("the panel shows %q, %q, %q", title, revision, quote)
	}
	picture(t, ctx, "chat-citation-1280")

	newRevision := filepath.Join(t.TempDir(), "vacation-2027.md")
	body := "# Vacation policy\n\n## Entitlement\n\nFull-time employees get 30 vacation days a year. They ask their team lead two weeks ahead.\n"
	if err := os.WriteFile(newRevision, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, ctx,
		chromedp.Navigate(s.url+"/documents"),
		chromedp.WaitVisible(`[data-testid="document-row"]`),
	)
	picture(t, ctx, "documents-1280")
	do(t, ctx,
		chromedp.Click(`//*[@data-testid="document-row"][contains(., "hr/vacation")]//*[@data-testid="new-revision"]`, chromedp.BySearch),
		chromedp.SetUploadFiles(test("upload-input"), []string{newRevision}),
		chromedp.WaitVisible(`//*[@data-testid="document-row"][contains(., "hr/vacation")]//*[@data-testid="in-force"][contains(., "2")]`, chromedp.BySearch))
	picture(t, ctx, "documents-uploaded-1280")

	do(t, ctx, chromedp.Navigate(s.url+"/"))
	if answer := askInPage(t, ctx, "How many vacation days do full-time employees get?"); !strings.Contains(answer, "30 vacation days") || strings.Contains(answer, "20 vacation days") {
		t.Errorf("after the upload the page answers %q", answer)
	}

	do(t, ctx, chromedp.EmulateViewport(390, 844))
	picture(t, ctx, "chat-answer-390")
	do(t, ctx, chromedp.Click(test("citation")), chromedp.WaitVisible(test("cited-quote")))
	picture(t, ctx, "chat-citation-390")
	do(t, ctx, chromedp.Navigate(s.url+"/documents"), chromedp.WaitVisible(test("document-row")))
	picture(t, ctx, "documents-390")
	var overflow bool
	do(t, ctx, chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`, &overflow))
	if overflow {
		t.Error("the documents page scrolls sideways at 390 px")
	}
}
