package scan

// findCopies marks findings whose value was found at a config path before: in a
// backup or a generated file it is the same secret, under the same rule.
func (s *scanner) findCopies() {
	rule := map[string]string{}
	for _, f := range s.result.Findings {
		if f.Leaf != nil && f.Detector == ByPath {
			rule[f.Value.Reveal()] = f.Rule
		}
	}
	for _, f := range s.result.Findings {
		if known, ok := rule[f.Value.Reveal()]; ok && f.Leaf == nil && f.Detector == ByKey && f.Rule == "credential" {
			f.Rule, f.Detector = known, Known
		}
	}
}

// findReuse adds a finding for each value that serves in two roles: whoever holds
// one then holds the other. One role at several places is no reuse.
func (s *scanner) findReuse() {
	first := map[string]*Finding{}
	for _, f := range s.result.Findings {
		role := gatewayRole(f)
		if role == "" || f.Detector == Weak {
			continue
		}
		other, seen := first[f.Value.Reveal()]
		if !seen {
			first[f.Value.Reveal()] = f
			continue
		}
		if gatewayRole(other) == role {
			continue
		}
		reuse := *f
		reuse.Rule, reuse.Detector, reuse.Action, reuse.Severity = "reused-secret", Weak, Rotate, Critical
		reuse.Note = "the same value as " + other.Leaf.Pattern() + ": give each its own"
		s.result.Findings = append(s.result.Findings, &reuse)
	}
}

// gatewayRole returns the role of a live token that guards the gateway itself: those
// must differ from one another. gateway.remote.* is the client's half of
// gateway.auth.*, and may well be the same.
func gatewayRole(f *Finding) string {
	if f.Leaf == nil || !f.Leaf.Live || !f.Whole() {
		return ""
	}
	switch pattern := f.Leaf.Pattern(); pattern {
	case "gateway.auth.token", "gateway.auth.password", "gateway.remote.token", "gateway.remote.password":
		return "gateway"
	case "hooks.token", "hooks.gmail.pushToken", "browser.controlToken":
		return pattern
	}
	return ""
}
