package corpus

import (
	"fmt"
	"strconv"
	"time"
)

// epoch is when the first transcript begins.
var epoch = time.Date(2026, 1, 25, 10, 0, 0, 0, time.UTC)

// builtin returns what a slot such as hex:40 or int:1-9 or uuid appends.
func builtin(kind, size string) (func(noise, []byte) []byte, error) {
	var low, high int
	if n, _ := fmt.Sscanf(size, "%d-%d", &low, &high); n == 0 && size != "" {
		return nil, fmt.Errorf("«%s:%s» wants numbers", kind, size)
	}
	switch kind {
	case "hex":
		return func(r noise, to []byte) []byte { return r.appendFrom(to, low, hexDigits) }, nil
	case "base64":
		return func(r noise, to []byte) []byte { return r.appendFrom(to, low, base64Chars) }, nil
	case "int":
		return func(r noise, to []byte) []byte { return strconv.AppendInt(to, int64(r.between(low, high)), 10) }, nil
	case "uuid":
		return noise.appendUUID, nil
	case "ip":
		return func(r noise, to []byte) []byte {
			return fmt.Appendf(to, "10.%d.%d.%d", r.below(256), r.below(256), r.below(256))
		}, nil
	case "date":
		return func(r noise, to []byte) []byte {
			return appendTime(to, epoch.Add(time.Duration(r.below(1e9))*time.Millisecond))
		}, nil
	}
	return nil, fmt.Errorf("«%s» is no builtin", kind)
}

// appendTime appends a time as JavaScript prints it in JSON.
func appendTime(to []byte, t time.Time) []byte { return t.AppendFormat(to, "2006-01-02T15:04:05.000Z") }
