package scancache

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"maps"
	"os"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/secret"
)

const (
	// title tells people what the file is. The MAC of the rest, in hex, follows it.
	title   = "clawsecrets scan cache\n"
	macSize = 2 * secret.KeySize
	// smallestRecord is a lower bound of a record's length in bytes.
	smallestRecord = 40
)

// load returns the records of the cache file, none if it cannot be trusted.
func (c *Cache) load() map[string]*record {
	data, ok := readSmall(c.path, c.limit)
	if !ok || len(data) < len(title)+macSize || !bytes.HasPrefix(data, []byte(title)) {
		return map[string]*record{}
	}
	data = data[len(title):]
	mac, body := string(data[:macSize]), data[macSize:]
	if !c.key.Verify(body, mac) {
		return map[string]*record{}
	}
	records, ok := decode(string(body))
	if !ok {
		return map[string]*record{}
	}
	return records
}

// decode returns the records in the body of a file, and whether it is well-formed.
func decode(body string) (map[string]*record, bool) {
	d := decoder{rest: body}
	count := d.uvarint()
	if count > uint64(len(body)/smallestRecord) {
		return nil, false
	}
	list := make([]record, count)
	records := make(map[string]*record, count)
	for i := range list {
		var path string
		path, list[i] = d.record()
		records[path] = &list[i]
	}
	return records, !d.failed && d.rest == "" && uint64(len(records)) == count
}

// readSmall returns a regular file that is not larger than limit.
func readSmall(path string, limit int) ([]byte, bool) {
	info, err := os.Stat(path) // opening a FIFO would block
	if err != nil || !info.Mode().IsRegular() || info.Size() > int64(limit) {
		return nil, false
	}
	data, err := os.ReadFile(path)
	return data, err == nil
}

// encode returns the file: the most recently used entries first, as far as they fit.
func (c *Cache) encode() []byte {
	paths := slices.SortedFunc(maps.Keys(c.records), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.records[b].day, c.records[a].day), cmp.Compare(a, b))
	})
	room := c.limit - len(title) - macSize - binary.MaxVarintLen64
	var list []byte
	count := uint64(0)
	for _, path := range paths {
		before := len(list)
		list = appendRecord(list, path, c.records[path])
		if len(list) > room {
			list = list[:before]
			continue
		}
		count++
	}
	body := append(binary.AppendUvarint(nil, count), list...)
	return slices.Concat([]byte(title), []byte(c.key.MAC(body)), body)
}
