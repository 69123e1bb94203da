package scan

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// Homes scans several Homes of one person as one, everywhere: view, as [Home] does, and
// the others as far as they can be read. A value that is known in one of them is
// searched in all, and a file that several of them reach is read once. The result is that
// of view with what was found in the others, whose files have absolute names, behind it;
// it is to be looked at, and no plan can be made of it. One of the others that cannot be
// opened is named in the coverage as unread. Errors are those of Home.
func Homes(ctx context.Context, view *gateway.View, others []*gateway.Home, options Options) (*Result, error) {
	if options.Everywhere == nil {
		options.Everywhere = &Everywhere{}
	}
	first := newScanner(view, options)
	h := &homes{places: newPlaces(ctx, first), scanners: []*scanner{first}}
	for _, home := range others {
		other, err := gateway.OpenToRead(home)
		if err != nil {
			first.skip(home.StateDir+string(filepath.Separator), "unread", cause(err))
			continue
		}
		defer func() { _ = other.Close() }()
		h.scanners = append(h.scanners, first.beyond(other))
	}
	err := h.scan()
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	return first.result, err
}

// homes collects the files of several Homes in one heap of places. The scanner of the Home
// at hand is that of the places; at the end it is the first again, which has it all.
type homes struct {
	*places
	scanners []*scanner
}

// beyond returns the scanner of another Home. What is broken there is no reason to stop.
func (s *scanner) beyond(view *gateway.View) *scanner {
	options, everywhere := s.options, *s.options.Everywhere
	everywhere.Strict = false
	options.Everywhere = &everywhere
	return &scanner{
		judge: s.judge, options: options, reach: s.reach, absolute: true,
		result: &Result{View: view, References: map[string]int{}, rules: s.result.rules},
	}
}

func (h *homes) scan() error {
	// One step for all Homes before the next: what lies in a Home is its own, also where
	// another one leads to it.
	links := make([][]func(), len(h.scanners))
	err := h.each(
		func(int) error { return h.live() },
		func(int) error { h.claimOwn(); return nil },
		func(i int) error { h.inside(); links[i], h.links = h.links, nil; return nil },
		func(i int) error { h.outside(); links[i], h.links = append(links[i], h.links...), nil; return nil },
		func(i int) error { h.links = links[i]; h.follow(); return nil },
	)
	for _, other := range h.scanners[1:] {
		h.join(other)
	}
	if err == nil {
		err = h.search(h.ctx)
		h.excepted()
	}
	if broken := h.finish(); broken != nil {
		return broken
	}
	h.arrange()
	return err
}

// each takes the steps one after the other, each for every Home, by its number.
func (h *homes) each(steps ...func(home int) error) error {
	first := h.scanner
	defer func() { h.scanner = first }()
	for _, step := range steps {
		for i, scanner := range h.scanners {
			if err := h.ctx.Err(); err != nil {
				return err
			}
			h.scanner = scanner
			if err := step(i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *homes) live() error {
	for _, step := range h.scanner.live() {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// claimOwn takes the files that were read for what they mean. One that an earlier Home has
// read too, by a symbolic link in one of them, is that one's.
func (h *homes) claimOwn() {
	others := map[*gateway.File]bool{}
	for file := range h.seen {
		others[file] = h.isTaken(file.Path)
	}
	h.claim()
	result := h.result
	for file, taken := range others {
		if taken {
			result.Coverage.Files--
			result.Coverage.Bytes -= int64(len(file.Data))
		}
	}
	isOthers := func(f *Finding) bool { return others[f.File] }
	result.Findings = slices.DeleteFunc(result.Findings, isOthers)
	result.LeftOut = slices.DeleteFunc(result.LeftOut, isOthers)
}
