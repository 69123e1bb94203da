package gatewaytest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const probeLimit = 20 * time.Second

// Gateway is a gateway that runs in the foreground.
type Gateway struct{ *Server }

// StartGateway starts a gateway on a free port of 127.0.0.1 and waits until it
// listens: 3 s with plugins disabled, 50 s the first time that a channel plugin
// is enabled. The configuration must have gateway.mode "local". A gateway that
// does not start fails the test.
func (in *Installation) StartGateway(t testing.TB, h *Home, opts RunOptions) *Gateway {
	t.Helper()
	g, err := in.TryStartGateway(t, h, opts)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TryStartGateway is [Installation.StartGateway] for gateways that may refuse to
// start; the error then ends with the tail of the log.
func (in *Installation) TryStartGateway(t testing.TB, h *Home, opts RunOptions) (*Gateway, error) {
	t.Helper()
	port := FreePort(t)
	// The flags belong to "gateway": "gateway run" has the same ones and ignores them.
	s, err := in.startServer(t, h, opts, port, "listening on ws://127.0.0.1:"+strconv.Itoa(port),
		"gateway", "--port", strconv.Itoa(port), "--bind", "loopback")
	if err != nil {
		return nil, err
	}
	return &Gateway{s}, nil
}

// ToolsInvoke posts {} to /tools/invoke and returns the HTTP status: 401 refuses
// the token, 400 accepts it (the body names no tool). 0 says that nothing answered.
func (g *Gateway) ToolsInvoke(token string) int {
	return g.status(http.MethodPost, "/tools/invoke", token, []byte("{}"))
}

// Hooks gets /hooks and returns the HTTP status: 401 refuses the token, 405
// accepts it, 200 and 404 say that hooks are off. 0 says that nothing answered.
func (g *Gateway) Hooks(token string) int {
	return g.status(http.MethodGet, "/hooks", token, nil)
}

// Connect makes the WebSocket handshake of protocol 3 as an operator without a
// device. It returns nil when the gateway says hello, and else the reason that it
// gave.
func (g *Gateway) Connect(token string) error {
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+g.address()+"/", nil)
	if err != nil {
		return fmt.Errorf("dial the gateway: %w", err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(16 << 20) // the hello carries a snapshot of everything

	request, err := connectRequest(token)
	if err != nil {
		return err
	}
	if err := conn.Write(ctx, websocket.MessageText, request); err != nil {
		return fmt.Errorf("send the connect request: %w", err)
	}
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("read the answer to the connect request: %w", err)
		}
		var frame struct {
			Type    string                         `json:"type"`
			OK      bool                           `json:"ok"`
			Payload struct{ Type string }          `json:"payload"`
			Error   struct{ Code, Message string } `json:"error"`
		}
		if err := json.Unmarshal(data, &frame); err != nil {
			return errors.New("the gateway sent a frame that is not JSON")
		}
		switch {
		case frame.Type != "res": // the challenge, and events
		case frame.OK && frame.Payload.Type == "hello-ok":
			return nil
		default:
			return fmt.Errorf("%s: %s", frame.Error.Code, frame.Error.Message)
		}
	}
}

func connectRequest(token string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"type": "req", "id": "1", "method": "connect",
		"params": map[string]any{
			"minProtocol": 3, "maxProtocol": 3,
			"client": map[string]any{"id": "cli", "version": "probe", "platform": "linux", "mode": "cli"},
			"role":   "operator", "scopes": []string{"operator.read"},
			"auth": map[string]any{"token": token},
		},
	})
}

// status makes one request with a bearer token ("" sends none) and returns the
// HTTP status, 0 when nothing answered.
func (s *Server) status(method, path, token string, body []byte) int {
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.address()+path, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	transport := &http.Transport{DisableKeepAlives: true} // a gateway that stops waits for open connections
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
