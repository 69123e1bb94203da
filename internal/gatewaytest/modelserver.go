package gatewaytest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// The provider APIs that a [ModelServer] speaks, by the names that the product
// gives them in models.providers.*.api.
const (
	AnthropicMessages = "anthropic-messages" // POST …/v1/messages
	OpenAICompletions = "openai-completions" // POST …/chat/completions
	OpenAIResponses   = "openai-responses"   // POST …/responses
)

const modelReply = "hello from the stand-in"

// ModelServer stands in for the model APIs on a port of 127.0.0.1: it answers
// every prompt with the same short text and remembers who asked with what.
type ModelServer struct {
	URL string // http://127.0.0.1:port, without a path

	mu       sync.Mutex
	requests []ModelRequest
}

// ModelRequest is what one request to a [ModelServer] carried.
type ModelRequest struct {
	Path       string      // of the URL
	API        string      // one of the APIs above, "" for a path of none
	Credential string      // of x-api-key, else of Authorization without "Bearer "
	Header     http.Header // everything
}

// NewModelServer starts a server that is closed when the test ends.
func NewModelServer(t testing.TB) *ModelServer {
	t.Helper()
	m := new(ModelServer)
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	m.URL = s.URL
	return m
}

// BaseURL returns what models.providers.*.baseUrl must be for the given API.
func (m *ModelServer) BaseURL(api string) string {
	if api == AnthropicMessages {
		return m.URL // the client adds /v1/messages
	}
	return m.URL + "/v1"
}

// Provider returns a value for models.providers.<id> that offers the given
// models at this server. It has no apiKey: add one, or let the product find it.
func (m *ModelServer) Provider(api string, models ...string) map[string]any {
	list := make([]map[string]any, 0, len(models))
	for _, id := range models {
		list = append(list, map[string]any{
			"id": id, "name": id, "reasoning": false, "input": []string{"text"},
			"cost":          map[string]int{"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0},
			"contextWindow": 200000, "maxTokens": 8192,
		})
	}
	return map[string]any{"baseUrl": m.BaseURL(api), "api": api, "models": list}
}

// Requests returns what was asked so far, oldest first.
func (m *ModelServer) Requests() []ModelRequest {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]ModelRequest(nil), m.requests...)
}

// Credentials returns the credential of every request so far, oldest first, ""
// for a request without one.
func (m *ModelServer) Credentials() []string {
	requests := m.Requests()
	list := make([]string, 0, len(requests))
	for _, request := range requests {
		list = append(list, request.Credential)
	}
	return list
}

// ServeHTTP answers one request of a model client.
func (m *ModelServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	request := ModelRequest{Path: r.URL.Path, API: apiOf(r.URL.Path), Header: r.Header.Clone()}
	request.Credential = r.Header.Get("X-Api-Key")
	if request.Credential == "" {
		request.Credential = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	m.mu.Lock()
	m.requests = append(m.requests, request)
	m.mu.Unlock()

	events, ok := modelEvents[request.API]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for _, event := range events {
		writeEvent(w, event)
	}
	if request.API == OpenAICompletions {
		fmt.Fprint(w, "data: [DONE]\n\n")
	}
}

func apiOf(path string) string {
	switch {
	case strings.HasSuffix(path, "/messages"):
		return AnthropicMessages
	case strings.HasSuffix(path, "/chat/completions"):
		return OpenAICompletions
	case strings.HasSuffix(path, "/responses"):
		return OpenAIResponses
	}
	return ""
}

// writeEvent writes one server-sent event; the APIs that name their events do it
// by the type in the data.
func writeEvent(w io.Writer, event map[string]any) {
	if name, ok := event["type"].(string); ok {
		fmt.Fprintf(w, "event: %s\n", name)
	}
	data, err := json.Marshal(event)
	if err != nil {
		return // the events below always encode
	}
	fmt.Fprintf(w, "data: %s\n\n", data)
}
