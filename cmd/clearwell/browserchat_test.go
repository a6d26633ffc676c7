package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"clearwell/internal/inference/inferencetest"
)

// TestPersonGoesOnWithAConversation asks, asks back, stops, rates, reloads and deletes as a person would, at desk
// and at phone width, over a line that breaks in each answer.
func TestPersonGoesOnWithAConversation(t *testing.T) {
	t.Parallel()
	w := newWindow(t)
	s := newService(t)
	_, up := s.upload("vacation.md", vacationPolicy("20"), "key", "hr/vacation")
	if rev := s.awaitEnd(up); rev.Status != published {
		t.Fatalf("%+v", rev)
	}
	model := inferencetest.New(t, 8)
	s.stop()
	s.start("--chat-base-url", model.BaseURL(), "--chat-model", "scripted")
	line := newBrokenLine(t, s.url)
	const days, carried, ahead = "Full-time employees get 20 vacation days a year [1].",
		"Up to five days may be carried over to the end of March [1].", "They ask their team lead two weeks ahead [1]."
	says := func(text string) inferencetest.Completion { return inferencetest.Completion{Pieces: []string{text}} }
	held := func(text string, gate chan struct{}) inferencetest.Completion {
		gate <- struct{}{}
		gate <- struct{}{}
		return inferencetest.Completion{Gate: gate, Pieces: []string{text + " ", "They ", "may."}}
	}

	w.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(strings.Replace(s.signInLink(), s.url, line.url, 1)),
		chromedp.WaitVisible(part("general")))
	model.ScriptChat(says(days))
	w.asks("How many vacation days do full-time employees get?", part("citation"))
	w.do(chromedp.WaitReady(part("question") + ":focus"))

	// The second question is completed from the first, and its answer is stopped.
	model.ScriptChat(says("How many vacation days may be carried over?"), held(carried, make(chan struct{}, 2)))
	w.do(chromedp.SendKeys(part("question"), "And how many may be carried over?"), chromedp.Click(part("send")),
		chromedp.WaitVisible(turn("writing")+part("answer")), chromedp.Click(part("stop")),
		chromedp.WaitVisible(turn("stopped")+part("searched-for")), chromedp.WaitReady(part("question")+":focus"))

	// Why the first one didn't help.
	w.do(chromedp.Click(`.turn:first-of-type `+part("not-helpful")), chromedp.SendKeys(part("feedback-reason"), "Only for full-time"),
		chromedp.Click(part("feedback-send")), chromedp.WaitNotPresent(part("feedback-reason")),
		chromedp.WaitReady(part("not-helpful")+`[aria-pressed="true"]`))
	w.picture("chat-conversation-1280")

	// A reload in the middle of the third answer: it goes on, and all that was before is there.
	rest := make(chan struct{}, 2)
	model.ScriptChat(says("How long ahead do employees ask for vacation?"), held(ahead, rest))
	w.do(chromedp.SendKeys(part("question"), "And how long ahead do they ask?"), chromedp.Click(part("send")),
		chromedp.WaitVisible(turn("writing")+part("answer")), chromedp.Reload(), chromedp.WaitVisible(turn("writing")+part("answer")))
	close(rest)
	w.do(chromedp.WaitVisible(turn("done") + part("citation")))
	want := []string{"done: How many vacation days do full-time employees get?", "stopped: And how many may be carried over?",
		"done: And how long ahead do they ask?"}
	if got := w.turns(); !slices.Equal(got, want) {
		t.Errorf("after a reload the turns are %q, want %q", got, want)
	}
	w.do(chromedp.Reload(), chromedp.WaitVisible(turn("done")+part("citation")),
		chromedp.WaitReady(part("not-helpful")+`[aria-pressed="true"]`))
	if got := w.turns(); !slices.Equal(got, want) {
		t.Errorf("after a second reload the turns are %q, want %q", got, want)
	}

	w.asksFromAPhone(model, line.url)
	w.deletesAllConversations()
	if line.cuts.Load() == 0 {
		t.Error("no answer was broken off on its way")
	}
}

// asksFromAPhone begins another conversation on a small screen and finds the first one again.
func (w *window) asksFromAPhone(model *inferencetest.Server, address string) {
	w.Helper()
	model.ScriptChat(inferencetest.Completion{Pieces: []string{"A dry white wine goes well with octopus."}})
	w.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch),
		chromedp.Navigate(address), chromedp.WaitVisible(part("question")), chromedp.Click(part("general")))
	w.asks("Which wine goes with grilled octopus?", part("general-label"))
	w.picture("chat-general-390")
	w.fits("an answer from general knowledge")
	w.do(chromedp.Click(part("open-conversations")), chromedp.WaitVisible(inDrawer+part("conversation"), chromedp.AtLeast(2)))
	w.picture("chat-conversations-390")
	w.fits("the list of conversations")
	w.do(chromedp.Click(inDrawer+part("conversation")+`:last-of-type a`),
		chromedp.WaitNotPresent(part("conversations-drawer")), chromedp.WaitVisible(turn("done")+part("searched-for")))
	w.fits("a conversation")
	if got := len(w.turns()); got != 3 {
		w.Errorf("the first conversation has %d turns on a phone", got)
	}
}

// deletesAllConversations deletes the open one and the other one, back at the desk.
func (w *window) deletesAllConversations() {
	w.Helper()
	w.do(chromedp.EmulateViewport(1280, 900), chromedp.WaitVisible(`aside `+part("conversation"), chromedp.AtLeast(2)))
	w.do(chromedp.Click(`aside .conversation:has([aria-current]) `+part("delete-conversation")), chromedp.WaitVisible(part("confirm")))
	w.picture("chat-delete-1280")
	w.do(chromedp.Click(part("confirm-action")), chromedp.WaitNotPresent(part("confirm")), chromedp.WaitVisible(part("example")),
		chromedp.Click(`aside `+part("delete-conversation")), chromedp.Click(part("confirm-action")),
		chromedp.WaitNotPresent(`aside `+part("conversation")))
	if got := w.evaluate(`location.hash`); got != "" {
		w.Errorf("after deleting the open conversation the address is %q", got)
	}
}

const inDrawer = `[data-testid="conversations-drawer"] `

// turn selects inside the newest question, once it is in this phase.
func turn(phase string) string {
	return `[data-testid="turn"][data-phase="` + phase + `"]:last-of-type `
}

// turns are the phases and questions that the window shows.
func (w *window) turns() []string {
	w.Helper()
	const all = `[...document.querySelectorAll('[data-testid="turn"]')]
		.map(one => one.dataset.phase + ": " + one.querySelector(".question").textContent).join("\n")`
	return strings.Split(w.evaluate(all), "\n")
}

func (w *window) evaluate(script string) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
	if err != nil {
		w.Fatalf("browser: %s: %v", script, err)
	}
	return value
}

// brokenLine is a way to the service that ends every stream of a new answer at its first words.
type brokenLine struct {
	url  string
	cuts atomic.Int32
}

func newBrokenLine(t *testing.T, target string) *brokenLine {
	t.Helper()
	service, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	line := new(brokenLine)
	front := httptest.NewServer(&httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(service)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if r.Request.Method == http.MethodPost && r.Request.URL.Path == "/api/v1/ask" {
				r.Body = &firstWords{ReadCloser: r.Body, line: line}
			}
			return nil
		},
	})
	t.Cleanup(front.Close)
	line.url = front.URL
	return line
}

// firstWords ends after the piece with the first event of text.
type firstWords struct {
	io.ReadCloser
	line    *brokenLine
	isEnded bool
}

func (f *firstWords) Read(p []byte) (int, error) {
	if f.isEnded {
		return 0, io.EOF
	}
	n, err := f.ReadCloser.Read(p)
	if bytes.Contains(p[:n], []byte("event: text")) {
		f.isEnded = true
		f.line.cuts.Add(1)
	}
	return n, err
}
