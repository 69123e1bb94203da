package scancache

import (
	"reflect"
	"testing"
)

// FuzzDecode: no bytes make the decoder panic, and what it accepts is what encode
// writes of it.
func FuzzDecode(f *testing.F) {
	c := &Cache{limit: maxFile, records: map[string]*record{
		"/a": {stamp: stamp{1, 2, 3, 4, 5}, settled: true, day: 6, scanned: 3, lines: 1, findings: encodeFindings([]Finding{{Rule: "r", End: 2}})},
		"/b": {},
	}}
	f.Add(string(c.encode()[len(title)+macSize:]))
	f.Add("")
	f.Add("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	f.Fuzz(func(t *testing.T, body string) {
		records, ok := decode(body)
		if !ok {
			return
		}
		if _, ok := decode(body + "x"); ok {
			t.Error("bytes after the last record are accepted")
		}
		for _, r := range records {
			_, _ = decodeFindings(r.findings)
		}
		c := &Cache{limit: maxFile, records: records}
		again, ok := decode(string(c.encode()[len(title)+macSize:]))
		if !ok || !reflect.DeepEqual(again, records) {
			t.Error("read, written and read again, it is something else")
		}
	})
}

// FuzzFindings: findings are read as they were written.
func FuzzFindings(f *testing.F) {
	f.Add("rule", "detector", "jj", "note", int64(1), int64(-2), 3, -4)
	f.Add("", "", "", "", int64(0), int64(0), 0, 0)
	f.Fuzz(func(t *testing.T, rule, detector, layers, note string, start, end int64, line, from int) {
		one := Finding{rule, detector, start, end, line, from, layers, -from, -line, note}
		findings := []Finding{one, {}, one}
		got, ok := decodeFindings(encodeFindings(findings))
		if !ok || !reflect.DeepEqual(got, findings) {
			t.Errorf("%v %v", ok, got)
		}
	})
}
