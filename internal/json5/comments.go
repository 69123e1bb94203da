package json5

import (
	"bytes"

	"github.com/tailscale/hujson"
)

// Comments calls visit with the byte span of each run of white space and comments
// that holds a comment, in no particular order. The document is searched once.
func (d *Document) Comments(visit func(start, end int)) {
	d.searched.Do(func() { d.comments = commentsIn(&d.root) })
	for _, c := range d.comments {
		visit(c.start, c.end)
	}
}

func commentsIn(root *hujson.Value) []span {
	var found []span
	extra := func(text hujson.Extra, start int) {
		if bytes.IndexByte(text, '/') >= 0 {
			found = append(found, span{start, start + len(text)})
		}
	}
	for value := range root.All() {
		extra(value.BeforeExtra, value.StartOffset-len(value.BeforeExtra))
		extra(value.AfterExtra, value.EndOffset)
		switch composite := value.Value.(type) {
		case *hujson.Object:
			extra(composite.AfterExtra, value.EndOffset-1-len(composite.AfterExtra))
		case *hujson.Array:
			extra(composite.AfterExtra, value.EndOffset-1-len(composite.AfterExtra))
		}
	}
	return found
}
