// Package scan finds secrets: which strings of which files are one, by which
// rule, and what can be done about each.
//
// It owns Finding and what goes into one: the walk over a gateway's Home, the
// rules, the grouping of equal values. It reads only; it must not know how a value
// is moved, and never prints.
package scan

import (
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/json5"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// Detector says how a finding was recognised.
type Detector string

// The detectors.
const (
	ByPath   Detector = "path"     // a config path that is known to hold a credential
	ByKey    Detector = "key"      // the name of the key
	Gitleaks Detector = "gitleaks" // a rule of gitleaks
	Shape    Detector = "shape"    // a rule of ours
	Known    Detector = "known"    // a value that is known from another place
	Weak     Detector = "weak"     // a placeholder, too short, or used twice
)

// Action says what fits a finding.
type Action string

// The actions.
const (
	Extract Action = "extract" // can move to .env
	Redact  Action = "redact"  // nothing resolves it: can be blotted out
	Rotate  Action = "rotate"  // replace it by a better one at its issuer
	Delete  Action = "delete"  // the file is a leftover
	Keep    Action = "keep"    // must stay where it is
)

// Severity ranks findings.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Finding is one secret at one place.
type Finding struct {
	Rule     string
	Detector Detector
	Location
	Value    secret.Value
	Severity Severity
	Action   Action
	// ReadableBy says who can read the file it lies in.
	ReadableBy Readers
	// Env is the variable that the value has or that the product reads in its
	// role, "" if there is none.
	Env string
	// Note says in one line why a weak value is weak, or why the action is what it is.
	Note string
}

// Location is where a finding stands.
type Location struct {
	File *gateway.File
	// Pointer is the JSON Pointer of the string, "" where the file is not JSON.
	Pointer      string
	Line, Column int // 1-based, column in characters
	// Leaf is the config string, nil outside the config.
	Leaf *gateway.Leaf
	// Node is the JSON string; its zero value outside JSON.
	Node json5.Node
	// From and To are the bytes of the secret within the decoded string.
	From, To int
	// Start and End are the bytes of the file that hold it: all of the string where
	// escapes keep the two from lining up, all of the run where it lies in base64.
	Start, End int
	// Layers says how a value that the search found is wrapped there, from the outside
	// in, as search.Hit does.
	Layers string
}

// Whole reports whether the secret is all of its string.
func (f *Finding) Whole() bool { return f.From == 0 && f.To == len(f.Node.Text()) }

// Exposed reports whether the finding counts as a secret that lies in the open: a
// value in a .env that nobody else can read is where it belongs.
func (f *Finding) Exposed() bool {
	return f.File.Surface != "dotenv" || f.File.Mode.Perm()&0o077 != 0
}

// Skipped is what a scan did not read.
type Skipped struct {
	File  string // relative to the state directory, a directory with a final slash
	Class string // "excluded" on purpose, or "unread" because it could not be
	Why   string
	// Err is what a part of the Home could not be read for, with the path and the place in
	// the file; nil where Why says all.
	Err error
}

// Coverage counts what a scan read and names what it did not.
type Coverage struct {
	Files       int
	Bytes       int64
	CachedBytes int64 // of Bytes, what an earlier scan has read
	Skipped     []Skipped
}

// Unread reports whether something in scope could not be read.
func (c Coverage) Unread() bool {
	for _, s := range c.Skipped {
		if s.Class == "unread" {
			return true
		}
	}
	return false
}

// Result is what a scan of a Home found, with the parts of the Home that were
// read for it, so that a plan is made on the same bytes. A scan of paths has no Home:
// View and what comes from it are nil. So is Config where Options.Everywhere is set and the
// config could not be read.
type Result struct {
	View     *gateway.View
	Config   *gateway.Config
	Env      *gateway.Env
	Resolved gateway.Resolved
	Agents   []*gateway.Agent
	Findings []*Finding
	// LeftOut are the findings that the options leave out: nothing is done about
	// them, but whoever shows a part of a file masks them too.
	LeftOut  []*Finding
	Coverage Coverage
	// References counts the references in the config, by name.
	References map[string]int

	rules  *rules.Set
	others []*Result // of the other Homes that were scanned with it
}

// Describe returns the description of a rule that a finding names, and whether it has one.
func (r *Result) Describe(rule string) (rules.Rule, bool) { return r.rules.Rule(rule) }

// Secret is one value with every place where it lies.
type Secret struct {
	Fingerprint string
	Rule        string
	Masked      string
	Findings    []*Finding
}

// Secrets groups findings by value, in the order in which they were found. Weak
// findings join the group of their value.
func Secrets(findings []*Finding, key secret.Key) []*Secret {
	var secrets []*Secret
	byFingerprint := map[string]*Secret{}
	for _, f := range findings {
		fingerprint := key.Fingerprint(f.Value)
		group, ok := byFingerprint[fingerprint]
		if !ok {
			group = &Secret{Fingerprint: fingerprint, Rule: f.Rule, Masked: f.Value.Mask()}
			byFingerprint[fingerprint] = group
			secrets = append(secrets, group)
		}
		group.Findings = append(group.Findings, f)
	}
	return secrets
}
