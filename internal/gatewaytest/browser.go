package gatewaytest

import (
	"net/http"
	"strconv"
	"testing"
)

// BrowserServer is a stand-alone browser control server, the one that
// browser.controlToken protects.
type BrowserServer struct{ *Server }

// BrowserServe starts "clawdbot browser serve" on a free port of 127.0.0.1 with
// the token that the product resolves for it, and waits until it listens.
func (in *Installation) BrowserServe(t testing.TB, h *Home, opts RunOptions) *BrowserServer {
	t.Helper()
	port := FreePort(t)
	s, err := in.startServer(t, h, opts, port, "http://127.0.0.1:"+strconv.Itoa(port),
		"browser", "serve", "--bind", "127.0.0.1", "--port", strconv.Itoa(port))
	if err != nil {
		t.Fatal(err)
	}
	return &BrowserServer{s}
}

// Get gets / and returns the HTTP status: 401 refuses the token, 200 accepts it.
// 0 says that nothing answered.
func (b *BrowserServer) Get(token string) int {
	return b.status(http.MethodGet, "/", token, nil)
}
