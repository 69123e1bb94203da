package scancache

import "encoding/binary"

// record is an entry as it is kept.
type record struct {
	stamp
	settled        bool  // an equal stamp proves that nothing was written since
	day            int64 // of the last use, since 1970
	scanned, lines int64
	edges, whole   seal
	findings       string // encoded: most are never asked for
}

// The encoding: numbers as varints, a text as its length and its bytes, all in the
// order of the fields. It is read only after its signature, so whatever does not fit
// comes from a mistake of ours, and the cache counts as empty.

// appendRecord appends a record and its path.
func appendRecord(out []byte, path string, r *record) []byte {
	out = appendText(out, path)
	out = binary.AppendUvarint(out, r.device)
	out = binary.AppendUvarint(out, r.inode)
	for _, n := range []int64{r.size, r.mtime, r.ctime, r.day, r.scanned, r.lines} {
		out = binary.AppendVarint(out, n)
	}
	settled := byte(0)
	if r.settled {
		settled = 1
	}
	out = append(out, settled)
	out = append(out, r.edges[:]...)
	out = append(out, r.whole[:]...)
	return appendText(out, r.findings)
}

// record reads a record and its path.
func (d *decoder) record() (path string, r record) {
	path = d.text()
	r.device, r.inode = d.uvarint(), d.uvarint()
	for _, n := range []*int64{&r.size, &r.mtime, &r.ctime, &r.day, &r.scanned, &r.lines} {
		*n = d.varint()
	}
	r.settled = d.take(1) == "\x01"
	copy(r.edges[:], d.take(uint64(len(r.edges))))
	copy(r.whole[:], d.take(uint64(len(r.whole))))
	r.findings = d.text()
	return path, r
}

// encodeFindings returns findings as bytes, "" for none. Texts are mostly those of the
// finding before, and then take one byte.
func encodeFindings(findings []Finding) string {
	var out []byte
	var last Finding
	for _, f := range findings {
		before := last.texts()
		for i, text := range f.texts() {
			if *text == *before[i] {
				out = append(out, 0)
				continue
			}
			out = appendText(append(out, 1), *text)
		}
		for _, n := range []int64{f.Start, f.End - f.Start, int64(f.Line), int64(f.Column), int64(f.From), int64(f.To)} {
			out = binary.AppendVarint(out, n)
		}
		last = f
	}
	return string(out)
}

// decodeFindings is the inverse of encodeFindings.
func decodeFindings(encoded string) (findings []Finding, ok bool) {
	d := decoder{rest: encoded}
	var f Finding // what it holds of the finding before is kept where a text is the same
	for d.rest != "" && !d.failed {
		for _, text := range f.texts() {
			if d.take(1) == "\x01" {
				*text = d.text()
			}
		}
		f.Start = d.varint()
		f.End = f.Start + d.varint()
		f.Line, f.Column, f.From, f.To = d.integer(), d.integer(), d.integer(), d.integer()
		findings = append(findings, f)
	}
	return findings, !d.failed
}

// texts returns the fields that are texts, in the order in which they are written.
func (f *Finding) texts() [4]*string {
	return [4]*string{&f.Rule, &f.Detector, &f.Layers, &f.Note}
}
