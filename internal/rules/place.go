package rules

import (
	"sync"
	"sync/atomic"
)

// Place is the path of a file as the rules see it: some hold for some paths only, and
// the allow-lists of gitleaks except others, such as lock files. It serves every [Set] with
// the same rules of gitleaks, whatever values are known to it. What the rules say is worked
// out when the file first holds something that one could match, as most never do.
type Place struct {
	set  *Set
	name string

	once     sync.Once
	judged   atomic.Bool     // what follows is worked out
	excepted bool            // gitleaks has no rule for files of that path
	inactive map[string]bool // rules of gitleaks with a condition that the path does not meet
}

// Place returns what the rules say of a file with that path, slashes between its parts.
func (s *Set) Place(path string) (*Place, error) {
	s.setUp()
	return &Place{set: s, name: path}, s.err
}

// judge works out what the rules say.
func (p *Place) judge() {
	p.once.Do(func() {
		if err := p.judgeNow(); err != nil {
			p.set.fail(err)
		}
		p.judged.Store(true)
	})
}

// Excepted reports whether gitleaks has no rule for files of that path, and the file holds
// something that one could have matched: before that is known it is false. Our own rules
// are applied all the same.
func (p *Place) Excepted() bool { return p != nil && p.judged.Load() && p.excepted }

func (p *Place) judgeNow() error {
	global, err := p.set.library.lists()
	if err != nil {
		return err
	}
	for _, list := range global {
		if list.all || list.path == nil {
			continue
		}
		if p.excepted, err = list.path.matches(p.name); err != nil || p.excepted {
			return err
		}
	}
	p.inactive = map[string]bool{}
	for _, r := range p.set.rules {
		if !r.path {
			continue
		}
		matches, err := r.matchesPath(p.name)
		if err != nil {
			return err
		}
		p.inactive[r.id] = !matches
	}
	return nil
}

// ByPath returns the IDs of the rules for which a file with that path is a finding
// whatever is in it.
func (p *Place) ByPath() []string {
	if p == nil {
		return nil
	}
	var only []string
	for _, r := range p.set.byPath {
		matches, err := r.matchesPath(p.name)
		excepted := false
		if err == nil && matches {
			p.judge()
			excepted, err = r.exceptsPath(p.name)
		}
		if err != nil {
			p.set.fail(err)
		}
		if matches && !excepted && !p.excepted {
			only = append(only, r.id)
		}
	}
	return only
}

// matchesPath reports whether the rule holds for a path.
func (r *rule) matchesPath(path string) (bool, error) {
	if !r.path {
		return true, nil
	}
	b, err := r.load()
	if err != nil {
		return false, err
	}
	return b.path.matches(path)
}

// exceptsPath reports whether an allow-list of the rule speaks of the path alone.
func (r *rule) exceptsPath(path string) (bool, error) {
	for _, list := range r.body.allowlists {
		if list.all || list.path == nil {
			continue
		}
		if excepted, err := list.path.matches(path); err != nil || excepted {
			return excepted, err
		}
	}
	return false, nil
}

// holds reports whether a rule holds at the place. Without one, rules that ask for a
// path do not.
func (p *Place) holds(r *rule) bool {
	if p == nil {
		return !r.path
	}
	if r.detector != DetectorGitleaks {
		return true
	}
	p.judge()
	return !p.excepted && !p.inactive[r.id]
}

// path returns the path, "" without a place.
func (p *Place) path() string {
	if p == nil {
		return ""
	}
	return p.name
}
