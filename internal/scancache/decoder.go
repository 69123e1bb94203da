package scancache

import "encoding/binary"

// decoder reads numbers and texts. After the first that does not fit, all that
// follow are zero.
type decoder struct {
	rest   string
	failed bool
}

// take returns the next n bytes.
func (d *decoder) take(n uint64) string {
	if n > uint64(len(d.rest)) {
		d.failed, d.rest = true, ""
		return ""
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}

func (d *decoder) text() string { return d.take(d.uvarint()) }

func (d *decoder) uvarint() uint64 {
	head := d.rest[:min(len(d.rest), binary.MaxVarintLen64)]
	n, size := binary.Uvarint([]byte(head))
	return number(d, n, size)
}

func (d *decoder) varint() int64 {
	head := d.rest[:min(len(d.rest), binary.MaxVarintLen64)]
	n, size := binary.Varint([]byte(head))
	return number(d, n, size)
}

// integer reads a number that fits an int.
func (d *decoder) integer() int {
	n := d.varint()
	if int64(int(n)) != n {
		d.failed = true
	}
	return int(n)
}

// number consumes the size bytes of n; a size below 1 is that of no number.
func number[N int64 | uint64](d *decoder, n N, size int) N {
	if size < 1 {
		d.failed, d.rest = true, ""
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func appendText(out []byte, text string) []byte {
	out = binary.AppendUvarint(out, uint64(len(text)))
	return append(out, text...)
}
