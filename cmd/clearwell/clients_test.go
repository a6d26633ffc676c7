package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	openai "github.com/sashabaranov/go-openai"

	"clearwell/internal/inference/inferencetest"
)

// Programs of others, unmodified, against the running binary: the usual OpenAI client and MCP's own.

// clientsLibrary publishes two revisions of one document and one that a limited key may not read, and makes that key.
func clientsLibrary(s *service) (readerKey string) {
	s.Helper()
	const policy = "# Vacation\n\nEmployees get %s vacation days a year.\n\n## Request\n\nAsk for vacation by form %s.\n"
	for _, file := range [][2]string{
		{"hr", strings.NewReplacer("%s vacation", "25 vacation", "form %s", "form 9").Replace(policy)},
		{"hr", strings.NewReplacer("%s vacation", "27 vacation", "form %s", "form 9").Replace(policy)},
		{"board", "# Merger\n\nThe merger with the rival closes in May.\n"},
	} {
		status, up := s.upload("policy.md", file[1], "collection", file[0], "key", "policy")
		if end := s.awaitEnd(up); status != http.StatusAccepted || end.Status != "published" {
			s.Fatalf("upload: status %d, %+v", status, end)
		}
	}
	out := s.command("key", "create", "--name", "client", "--role", "reader", "--collection", "hr", "--json")
	var made struct{ Key string }
	if err := json.Unmarshal(out, &made); err != nil {
		s.Fatal(err)
	}
	return made.Key
}

func openAIClient(s *service, key string) *openai.Client {
	cfg := openai.DefaultConfig(key)
	cfg.BaseURL = s.url + "/v1"
	return openai.NewClientWithConfig(cfg)
}

func chatOf(messages ...string) openai.ChatCompletionRequest {
	request := openai.ChatCompletionRequest{Model: "clearwell", StreamOptions: &openai.StreamOptions{IncludeUsage: true}}
	for i, text := range messages {
		who := openai.ChatMessageRoleUser
		if i%2 == 1 {
			who = openai.ChatMessageRoleAssistant
		}
		request.Messages = append(request.Messages, openai.ChatCompletionMessage{Role: who, Content: text})
	}
	return request
}

func TestOpenAIsClientAsksTheRunningBinary(t *testing.T) {
	t.Parallel()
	s := newService(t)
	client := openAIClient(s, clientsLibrary(s))
	models, err := client.ListModels(t.Context())
	if err != nil || len(models.Models) != 2 || models.Models[1].ID != "clearwell:hr" {
		t.Fatalf("models %+v, error %v", models.Models, err)
	}
	request := chatOf("How many vacation days do employees get?")
	request.StreamOptions = nil
	whole, err := client.CreateChatCompletion(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if text := whole.Choices[0].Message.Content; !strings.Contains(text, "27 vacation days") || !strings.Contains(text, "[1]") || strings.Contains(text, "25 vacation days a year [") {
		t.Errorf("answer %q", text)
	}
	streamed, _ := streamOf(t, client, chatOf("How many vacation days do employees get?"), nil)
	if streamed != whole.Choices[0].Message.Content {
		t.Errorf("streamed %q, whole %q", streamed, whole.Choices[0].Message.Content)
	}
	hidden, err := client.CreateChatCompletion(t.Context(), chatOf("When does the merger with the rival close?"))
	if err != nil || strings.Contains(hidden.Choices[0].Message.Content, "May") {
		t.Errorf("another collection's document was told: %+v, error %v", hidden.Choices, err)
	}
	_, err = openAIClient(s, "cw_wrong").ListModels(t.Context())
	if e, ok := errors.AsType[*openai.APIError](err); !ok || e.HTTPStatusCode != http.StatusUnauthorized || e.Code != "invalid_key" {
		t.Errorf("a wrong key gave %v", err)
	}
}

// streamOf reads a streamed answer; after each piece it calls heard with the text so far, if that is given.
func streamOf(t *testing.T, client *openai.Client, request openai.ChatCompletionRequest, heard func(string)) (text string, usage *openai.Usage) {
	t.Helper()
	stream, err := client.CreateChatCompletionStream(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return text, usage
		}
		if err != nil {
			t.Fatal(err)
		}
		if chunk.Usage != nil {
			usage = chunk.Usage
		}
		for _, choice := range chunk.Choices {
			text += choice.Delta.Content
		}
		if heard != nil {
			heard(text)
		}
	}
}

func TestAModelsWordsReachOpenAIsClientAsTheyCome(t *testing.T) {
	t.Parallel()
	s := newService(t)
	key := clientsLibrary(s)
	model := inferencetest.New(t, 8)
	gate := make(chan struct{})
	model.AnswerChat(inferencetest.Completion{
		Pieces: []string{"Employees get 27 vacation days ", "a year [1].\n\n", "So employees ", "get 27 days [1]."}, Gate: gate,
	})
	s.stop()
	s.start("--chat-base-url", model.BaseURL(), "--chat-model", "scripted")
	go func() { // the pieces up to the beginning of the second statement
		for range 3 {
			gate <- struct{}{}
		}
	}()
	isOpen := false
	text, usage := streamOf(t, openAIClient(s, key), chatOf("How many vacation days do employees get?"), func(text string) {
		if !isOpen && strings.Contains(text, "27 vacation days a year [1]") { // heard before the model says the rest
			isOpen = true
			close(gate)
		}
	})
	if want := "Employees get 27 vacation days a year [1].\n\nSo employees get 27 days [1]."; !isOpen || text != want {
		t.Errorf("heard in time: %v; text %q, want %q", isOpen, text, want)
	}
	if usage == nil {
		t.Error("no usage came")
	}
}

func TestMCPsClientUsesTheRunningBinary(t *testing.T) {
	t.Parallel()
	s := newService(t)
	key := clientsLibrary(s)
	session := mcpSession(t, s, key)
	tools, err := session.ListTools(t.Context(), nil)
	if err != nil || len(tools.Tools) != 4 {
		t.Fatalf("tools %+v, error %v", tools, err)
	}
	var found struct {
		Passages []struct {
			DocumentID string `json:"document_id"`
			Revision   int    `json:"revision"`
		} `json:"passages"`
	}
	callTool(t, session, "search", map[string]any{"query": "vacation days"}, &found)
	if len(found.Passages) == 0 || found.Passages[0].Revision != 2 {
		t.Fatalf("found %+v", found)
	}
	id := found.Passages[0].DocumentID
	if text := callTool(t, session, "ask", map[string]any{"question": "How many vacation days do employees get?"}, nil); !strings.Contains(text, "27 vacation days") || !strings.Contains(text, s.url+"/documents/"+id) {
		t.Errorf("answer %q", text)
	}
	if text := callTool(t, session, "get_document", map[string]any{"document_id": id, "revision": 1}, nil); !strings.Contains(text, "25 vacation days") || !strings.Contains(text, "not in force") {
		t.Errorf("the first revision is %q", text)
	}
	for _, arguments := range []map[string]any{{"document_id": id}, {"question": "vacation"}} {
		if text := callTool(t, session, "what_changed", arguments, nil); !strings.Contains(text, "25") || !strings.Contains(text, "27") || strings.Contains(text, "form") {
			t.Errorf("what changed by %v: %q", arguments, text)
		}
	}
	if text := callTool(t, session, "search", map[string]any{"query": "When does the merger close?"}, nil); strings.Contains(text, "merger") {
		t.Errorf("another collection's document was told: %q", text)
	}
	if result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "search", Arguments: map[string]any{"query": "a", "collections": []string{"board"}}}); err != nil || !result.IsError {
		t.Errorf("a collection that the key does not cover gave %+v, error %v", result, err)
	}
}

// withKey sends a key with every request.
type withKey string

// RoundTrip implements http.RoundTripper.
func (k withKey) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(k))
	return http.DefaultTransport.RoundTrip(r)
}

func mcpSession(t *testing.T, s *service, key string) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(context.WithoutCancel(t.Context()), &mcp.StreamableClientTransport{
		Endpoint: s.url + "/mcp", HTTPClient: &http.Client{Transport: withKey(key)},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// callTool returns a result's text and decodes its structured form into out, if that is given.
func callTool(t *testing.T, session *mcp.ClientSession, name string, arguments map[string]any, out any) string {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	text, ok := result.Content[0].(*mcp.TextContent)
	if result.IsError || !ok {
		t.Fatalf("%s %v: %+v", name, arguments, result.Content)
	}
	if out != nil {
		encoded, err := json.Marshal(result.StructuredContent)
		if err == nil {
			err = json.Unmarshal(encoded, out)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return text.Text
}
