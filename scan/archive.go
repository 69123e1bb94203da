package scan

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/clawsecrets/clawsecrets/internal/archive"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/search"
)

// packed is a file that may be an archive.
type packed struct {
	file *gateway.File
	// unknown says why it is not read if it is none.
	unknown string
	// searched is set for one that was read as what stands before an archive in it, too.
	searched bool
}

// A file may expand to that much: what people keep shrinks to a fifth, and the same prompt
// over and over to a hundredth. Whatever expands to more is a trap, or a film of one colour.
const (
	expands      = 256      // times its size
	expandsSmall = 64 << 20 // bytes, of a small one
)

// archives searches the members of archives, by all rules.
func (p *places) archives(ctx context.Context, searcher *search.Searcher) error {
	for _, packed := range p.packed {
		p.archive(ctx, searcher, packed)
	}
	return ctx.Err()
}

func (p *places) archive(ctx context.Context, searcher *search.Searcher, packed packed) {
	rel := packed.file.Rel
	handle, err := os.Open(packed.file.Path)
	if err != nil {
		p.skip(rel, "unread", cause(err))
		return
	}
	defer func() { _ = handle.Close() }() // it only reads
	info, err := handle.Stat()
	if err != nil {
		p.skip(rel, "unread", cause(err))
		return
	}
	m := members{places: p, ctx: ctx, searcher: searcher, file: packed.file, seen: map[memberValue]bool{}}
	err = archive.WalkLabels(ctx, handle, info.Size(), expands*info.Size()+expandsSmall, m.member, m.label)
	m.labels()
	switch {
	case ctx.Err() != nil:
		p.skip(rel, "unread", interrupted)
		return
	case packed.searched && errors.Is(err, archive.ErrFormat):
		return
	case errors.Is(err, archive.ErrFormat):
		p.skip(rel, "excluded", packed.unknown)
		return
	case err != nil:
		p.skip(rel, "unread", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if !packed.searched {
		p.result.Coverage.Files++
		p.result.Coverage.Bytes += info.Size()
	}
}

const interrupted = "the scan was interrupted"

// isPacked reports whether a file begins as an archive does.
func isPacked(name string) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it only reads
	head := make([]byte, archive.HeadSize)
	n, _ := io.ReadFull(file, head)
	return archive.Known(head[:n])
}

// zipBehind takes the zip archive that stands behind something else in a file, as it does in a
// program that unpacks itself.
func (p *places) zipBehind(file *gateway.File, size int64) {
	if p.mayShow(p.names(file)...) && endsAsZip(file.Path, size) && !isPacked(file.Path) {
		p.packed = append(p.packed, packed{file: file, searched: true})
	}
}

func endsAsZip(name string, size int64) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it only reads
	return archive.EndsAsZip(file, size)
}

// members records what the members of one archive hold, each secret once a member: it is the
// archive that goes, or stays.
type members struct {
	*places
	ctx      context.Context
	searcher *search.Searcher
	file     *gateway.File
	seen     map[memberValue]bool

	texts  strings.Builder // labels that are not searched yet, one a line
	owners []string        // the members that they belong to
}

type memberValue struct {
	member string
	value  string
}

func (m *members) member(name string, content io.Reader) error {
	// What could not be read of it, the walk says.
	report, _ := m.searcher.Reader(m.ctx, content)
	for _, hit := range report.Hits {
		at := memberValue{name, hit.Value.Reveal()}
		if m.seen[at] {
			continue
		}
		m.seen[at] = true
		hit.Pointer, hit.Start, hit.End = name, 0, 0
		m.hit(m.file, hit)
	}
	return m.ctx.Err()
}

// label takes what an archive says of a member beside its content.
func (m *members) label(member, text string) {
	const most = 1 << 20
	m.texts.WriteString(strings.NewReplacer("\n", " ", "\r", " ").Replace(text) + "\n")
	m.owners = append(m.owners, member)
	if m.texts.Len() >= most {
		m.labels()
	}
}

// labels searches the labels. A name that is a secret has no line, and the archive goes with it.
func (m *members) labels() {
	hits, _ := m.searcher.Text(m.ctx, []byte(m.texts.String())) // the search of the files gives the same error
	for _, hit := range hits {
		if hit.Line < 1 || hit.Line > len(m.owners) {
			continue
		}
		member := m.owners[hit.Line-1]
		at := memberValue{member, hit.Value.Reveal()}
		if m.seen[at] {
			continue
		}
		m.seen[at] = true
		hit.Pointer, hit.Start, hit.End, hit.Line, hit.Column = member, 0, 0, 0, 0
		m.hit(m.file, hit)
	}
	m.texts.Reset()
	m.owners = m.owners[:0]
}
