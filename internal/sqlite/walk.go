package sqlite

import (
	"encoding/binary"
	"slices"
)

// walk is one pass through b-trees. It comes by every page once, however often a
// damaged file points to it: that makes it end, in time in proportion to the file.
type walk struct {
	db   *DB
	used pageSet // by this and other walks
	mine pageSet // by this one
	page treePage
	// The page of the tree and the page of a row's rest are needed at once.
	treeBuffer, chainBuffer []byte
	problems
}

func (d *DB) newWalk(used, mine pageSet) *walk {
	return &walk{db: d, used: used, mine: mine, treeBuffer: d.newBuffer(), chainBuffer: d.newBuffer()}
}

// claim takes page n for this walk; from is the page that points to it.
func (w *walk) claim(n, from uint32) error {
	switch {
	case n == 0 || n > w.db.pages:
		return corrupt(from, "points to page %d of %d", n, w.db.pages)
	case !w.used.add(n):
		return corrupt(from, "points to page %d, which is in use elsewhere", n)
	}
	w.mine.add(n)
	return nil
}

// release gives page n back, which turned out not to be what it should.
func (w *walk) release(n uint32) {
	w.used.remove(n)
	w.mine.remove(n)
}

// tree visits the pages of the tree at root, a parent before its children and
// these in order; from is the page that names root. It returns false if visit did.
// Pages that are damaged are problems and left out.
func (w *walk) tree(root, from uint32, visit func(*treePage) bool) bool {
	if err := w.claim(root, from); err != nil {
		w.add(err)
		return true
	}
	stack := []uint32{root}
	index := false
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		data, err := w.db.read(n, w.treeBuffer)
		if err == nil {
			err = w.page.parse(n, data[:w.db.usable], &w.problems)
		}
		if err == nil && n == root {
			index = w.page.isIndex()
		}
		if err == nil && w.page.isIndex() != index {
			err = corrupt(n, "is of kind %d, which its parent is not", w.page.kind)
		}
		if err != nil {
			w.add(err)
			w.release(n)
			continue
		}
		if !visit(&w.page) {
			return false
		}
		for _, child := range slices.Backward(w.page.children) {
			if err := w.claim(child, n); err != nil {
				w.add(err)
				continue
			}
			stack = append(stack, child)
		}
	}
	return true
}

// overflow follows the first rest bytes of the payload behind c, in page from,
// and gives use the number and the bytes of each page of it, and behind these,
// in the last page of the chain, what the payload does not fill.
func (w *walk) overflow(c cell, from uint32, rest int64, use func(n uint32, content, slack []byte)) error {
	for n := c.overflow; rest > 0; {
		if n == 0 {
			return corrupt(from, "ends a row %d bytes early", rest)
		}
		if err := w.claim(n, from); err != nil {
			return err
		}
		data, err := w.db.read(n, w.chainBuffer)
		if err != nil {
			w.release(n)
			return err
		}
		content := data[4:w.db.usable]
		size := min(rest, int64(len(content)))
		use(n, content[:size], content[size:])
		rest -= size
		from, n = n, binary.BigEndian.Uint32(data)
	}
	return nil
}
