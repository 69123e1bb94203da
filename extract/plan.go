// Package extract moves live secrets into the .env that the gateway reads.
//
// It owns the Plan: which finding moves to which variable and what stands in its
// place afterwards, what is kept and why. A dry run prints a plan, [Plan.Apply]
// writes that same plan, [Verify] resolves the result once more without a writer,
// and [MakeUndo] puts every byte back from the receipt. The package must not know how
// a plan is shown or asked about, and never prints.
package extract

import (
	"fmt"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/durable"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Move is one finding on its way into a variable.
type Move struct {
	Finding *scan.Finding
	// Name is the variable, Value what it will hold: the finding's value as the
	// gateway resolves it.
	Name  string
	Value secret.Value
	// With says in words what stands in the secret's place afterwards: the
	// reference, or that the key or the profile goes.
	With string
}

// Kept is one finding that stays where it is.
type Kept struct {
	Finding *scan.Finding
	Why     string // one line
}

// Plan is everything that one extract does, decided on the bytes of one scan.
type Plan struct {
	Moves []*Move
	Kept  []Kept
	// Pins are the plugins that the config will name as enabled, so that the
	// gateway does not rewrite it at its next start.
	Pins []gateway.Pin
	// Notes say what else changes, one line each.
	Notes []string
	// Changes are the files to be written after the .env, in this order.
	Changes []*Change
	// Env is the .env as it will be; nil when nothing is added to it.
	Env *EnvChange
	// Rewrites are the copies from which secrets go, in the order of writing, after the
	// Changes.
	Rewrites []*Rewrite
	// Reload are the commands after which the service manager uses the files that the
	// plan changes.
	Reload []string
	// Offers are files that may be deleted as a whole, if the person says so.
	Offers []*Offer

	scanned    *scan.Result
	quarantine *Quarantine // nil where copies are not planned
}

// Options says how far a plan goes beyond what the gateway resolves.
type Options struct {
	// Sessions takes transcripts in, ForceLive also those of open sessions.
	Sessions, ForceLive bool
	// Service takes in the files that set the environment of the gateway's service.
	Service bool
	// Now is the time by which a session is told to be open.
	Now time.Time
}

// EnvChange is the .env before and after.
type EnvChange struct {
	Dir   *durable.Dir
	Was   *durable.Snapshot
	New   []byte
	Added []string // names that the .env did not have
}

// loose reports whether others can read the .env as it is.
func (e *EnvChange) loose() bool { return !e.Was.Absent && e.Was.Mode.Perm()&0o077 != 0 }

// Empty reports whether the plan writes nothing.
func (p *Plan) Empty() bool { return p.Env == nil && len(p.Changes) == 0 && len(p.Rewrites) == 0 }

// Make plans the extraction of what a scan found in the files that the gateway
// resolves. Findings that cannot move without changing what it resolves are kept, with
// the reason; so are copies in other files.
func Make(scanned *scan.Result) (*Plan, error) {
	p := newPlanner(scanned)
	if p.refused() {
		p.rest()
		return p.Plan, nil
	}
	p.moves()
	return p.complete()
}

// MakeAll plans what [Make] plans, and also what becomes of every copy that the scan
// found elsewhere. It needs a scan of everything, made with [Known].
func MakeAll(scanned *scan.Result, key secret.Key, options Options) (*Plan, error) {
	p := newPlanner(scanned)
	p.options, p.key = options, key
	if p.refused() {
		p.rest()
		return p.Plan, nil
	}
	state := scanned.View.State()
	var err error
	if p.receipt, _, err = loadReceipt(state, key); err != nil {
		return nil, err
	}
	if p.quarantine, err = loadQuarantine(state, key, p.receipt); err != nil {
		return nil, err
	}
	p.moves()
	p.service()
	p.copies()
	return p.complete()
}

// Known returns the values that earlier runs have put in quarantine, for the scan that a
// plan is made of: nothing else tells that they are secrets.
func Known(view *gateway.View, key secret.Key) ([]rules.Known, error) {
	receipt, _, err := loadReceipt(view.State(), key)
	if err != nil {
		return nil, err
	}
	quarantine, err := loadQuarantine(view.State(), key, receipt)
	if err != nil {
		return nil, err
	}
	return quarantine.Known(), nil
}

func newPlanner(scanned *scan.Result) *planner {
	p := &planner{
		Plan:    &Plan{scanned: scanned},
		result:  scanned,
		effects: scanned.View.Effects(scanned.Resolved, scanned.Env, scanned.Agents),
		edits:   map[*gateway.File]*fileEdits{},
		decided: map[*scan.Finding]bool{},
		inNames: scanned.Names(),
		paths:   gateway.NewPathTable(gateway.ClawdbotPaths()),
		open:    map[*gateway.File]string{},
	}
	p.names = newNamer(scanned.Env, scanned.Resolved, p.effects)
	return p
}

// refused keeps everything where nothing can be moved at all, and reports whether that
// is so.
func (p *planner) refused() bool {
	scanned := p.result
	if unknown := scanned.Env.Unknown(); unknown != "" {
		p.keepAll(unknown + ", so it may already set the variable to something else")
		return true
	}
	// Without the main config plugins cannot be pinned, and the gateway would write
	// every reference back.
	if main := scanned.Config.Main; main != nil && unwritable(main) != "" {
		p.keepAll(main.Rel + " cannot be written: " + unwritable(main))
		return true
	}
	if file := scanned.Env.File; file != nil && file.Outside() {
		p.keepAll("the .env leads out of the state directory, where nothing is written")
		return true
	}
	return false
}

// moves plans what moves to the .env.
func (p *planner) moves() {
	p.profiles()
	p.config()
	p.generated()
}

// complete decides what no step has decided, and checks the plan.
func (p *planner) complete() (*Plan, error) {
	p.rest()
	p.offers()
	p.pins()
	if err := p.assemble(); err != nil {
		return nil, err
	}
	if p.Env != nil && p.Env.loose() {
		p.note("others can read the .env now; it becomes readable by you alone")
	}
	return p.Plan, p.check()
}

// planner builds a plan. Every finding is decided once, by the first step that
// knows its place.
type planner struct {
	*Plan
	result  *scan.Result
	effects *gateway.Effects
	names   *namer
	inNames *scan.NameSearch // finds what of a key is a secret
	edits   map[*gateway.File]*fileEdits
	decided map[*scan.Finding]bool
	paths   *gateway.PathTable
	ignore  [][]string // config paths that a move takes away, or that pins add

	// What is needed to plan copies; see copies.go.
	options    Options
	key        secret.Key
	receipt    *Receipt
	live       map[string]string        // the variable of each value that the .env will hold
	held       map[string]string        // what the .env will hold, by name
	nameByPath map[string]string        // the variable at a config path, by its pointer
	firstRule  map[string]string        // by value
	open       map[*gateway.File]string // why a session is open, "" where it is not
	found      map[string]bool          // the values of all findings
	taken      []takenVariable          // what the service will no longer set
}

func (p *planner) keep(f *scan.Finding, format string, args ...any) {
	p.decided[f] = true
	p.Kept = append(p.Kept, Kept{f, fmt.Sprintf(format, args...)})
}

func (p *planner) move(f *scan.Finding, name string, value secret.Value, with string) *Move {
	p.decided[f] = true
	m := &Move{Finding: f, Name: name, Value: value, With: with}
	p.Moves = append(p.Moves, m)
	return m
}

func (p *planner) keepAll(why string) {
	for _, f := range p.result.Findings {
		if f.Action == scan.Extract {
			p.keep(f, "%s", why)
		}
	}
}

// rest keeps what no step has decided and is worth a line: findings that would
// move if they could.
func (p *planner) rest() {
	for _, f := range p.result.Findings {
		if p.decided[f] || f.Detector == scan.Weak && f.Action == scan.Rotate && f.Rule != "placeholder" && f.Rule != "lost-secret" {
			continue
		}
		switch {
		case f.File.Path == p.result.View.Home.EnvPath(): // where it belongs
		case f.Note != "" && (f.File.Surface == "git-history" || f.File.Surface == "database"): // where it is
			p.keep(f, "%s; %s", f.Note, keptReason(f))
		case f.Note != "":
			p.keep(f, "%s", f.Note)
		default:
			p.keep(f, "%s", keptReason(f))
		}
	}
}
