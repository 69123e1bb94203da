package control

import (
	"context"
	"io"
	"net"
	"strconv"
	"time"
)

// answers reports whether something that speaks HTTP listens on a loopback port.
// It sends no credential.
func answers(ctx context.Context, port int) bool {
	dialer := net.Dialer{Timeout: time.Second}
	connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := io.WriteString(connection, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"); err != nil {
		return false
	}
	head := make([]byte, len("HTTP/1."))
	_, err = io.ReadFull(connection, head)
	return err == nil && string(head) == "HTTP/1."
}
