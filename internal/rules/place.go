package rules

// Place is the path of a file as the rules see it: some hold for some paths only, and
// the allow-lists of gitleaks except others, such as lock files. It serves every [Set] with
// the same rules of gitleaks, whatever values are known to it.
type Place struct {
	name     string
	excepted bool            // gitleaks has no rule for files of that path
	inactive map[string]bool // rules of gitleaks with a condition that the path does not meet
	only     []string        // rules for which the path alone is a finding
}

// Place returns what the rules say of a file with that path, slashes between its parts.
func (s *Set) Place(path string) (*Place, error) {
	s.setUp()
	if s.err != nil {
		return nil, s.err
	}
	p := &Place{name: path, inactive: map[string]bool{}}
	global, err := s.library.lists()
	if err != nil {
		return nil, err
	}
	for _, list := range global {
		if list.all || list.path == nil {
			continue
		}
		if p.excepted, err = list.path.matches(path); err != nil || p.excepted {
			return p, err
		}
	}
	for _, r := range s.rules {
		if !r.path {
			continue
		}
		matches, err := r.matchesPath(path)
		if err != nil {
			return nil, err
		}
		p.inactive[r.id] = !matches
	}
	for _, r := range s.byPath {
		matches, err := r.matchesPath(path)
		if err != nil {
			return nil, err
		}
		if !matches {
			continue
		}
		if excepted, err := r.exceptsPath(path); err != nil {
			return nil, err
		} else if !excepted {
			p.only = append(p.only, r.id)
		}
	}
	return p, nil
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

// ByPath returns the IDs of the rules for which a file with that path is a finding
// whatever is in it.
func (p *Place) ByPath() []string {
	if p == nil {
		return nil
	}
	return p.only
}

// holds reports whether a rule holds at the place. Without one, rules that ask for a
// path do not.
func (p *Place) holds(r *rule) bool {
	if p == nil {
		return !r.path
	}
	return r.detector != DetectorGitleaks || !p.excepted && !p.inactive[r.id]
}

// path returns the path, "" without a place.
func (p *Place) path() string {
	if p == nil {
		return ""
	}
	return p.name
}
