package json5

import "github.com/tailscale/hujson"

// Comments calls visit with the byte span of each run of white space and comments
// that holds a comment, in no particular order.
func (d *Document) Comments(visit func(start, end int)) {
	extra := func(text hujson.Extra, start int) {
		for _, b := range text {
			if b == '/' {
				visit(start, start+len(text))
				return
			}
		}
	}
	for value := range d.root.All() {
		extra(value.BeforeExtra, value.StartOffset-len(value.BeforeExtra))
		extra(value.AfterExtra, value.EndOffset)
		switch composite := value.Value.(type) {
		case *hujson.Object:
			extra(composite.AfterExtra, value.EndOffset-1-len(composite.AfterExtra))
		case *hujson.Array:
			extra(composite.AfterExtra, value.EndOffset-1-len(composite.AfterExtra))
		}
	}
}
