package sieve

import "regexp/syntax"

// hasNoWidth reports whether re is an assertion about what stands beside it.
func hasNoWidth(re *syntax.Regexp) bool {
	return syntax.OpBeginLine <= re.Op && re.Op <= syntax.OpNoWordBoundary
}

// beginning reports whether what re matches may begin with an assertion, and whether it
// may be empty.
func beginning(re *syntax.Regexp) (asserts, empty bool) {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return beginning(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest, syntax.OpRepeat:
		asserts, empty = beginning(re.Sub[0])
		return asserts, empty || re.Op != syntax.OpRepeat || re.Min == 0
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			first, nothing := beginning(sub)
			if asserts = asserts || first; !nothing {
				return asserts, false
			}
		}
		return asserts, true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			first, nothing := beginning(sub)
			asserts, empty = asserts || first, empty || nothing
		}
		return asserts, empty
	}
	return hasNoWidth(re), hasNoWidth(re) || re.Op == syntax.OpEmptyMatch
}
