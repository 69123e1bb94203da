package extract

import (
	"context"
	"slices"
	"time"

	"github.com/clawsecrets/clawsecrets/internal/secret"
	"github.com/clawsecrets/clawsecrets/scan"
)

// Problem is one thing that is not as extract left it.
type Problem struct {
	// Where names the file and, where it has one, the line: clawdbot.json:12:9.
	Where string
	What  string // what is wrong, without any value
	// Command is what to type, word by word, nil for nothing. A command of clawsecrets
	// still needs the flags that name this Home.
	Command []string
	// Do is what else there is to do, or what to do instead.
	Do string
	// Warning is set for what does not fail the verification: it comes back by the gateway's
	// own doing, or lies where extract cannot take it away.
	Warning bool

	mode *looseMode // what FixModes would change, nil for nothing
}

// Verification is what verify looked at and found.
type Verification struct {
	References int // references in the config that resolve
	Problems   []Problem
	// Settings are the changes of the config that put the gateway's log settings right,
	// for [FixSettings] to write.
	Settings []*Change
}

// Failed reports whether anything is wrong that can be put right.
func (v *Verification) Failed() bool {
	return slices.ContainsFunc(v.Problems, func(p Problem) bool { return !p.Warning })
}

// VerifyOptions say by what a Home is judged that is no part of it.
type VerifyOptions struct {
	// Getenv is the environment of the person who runs us, nil for none.
	Getenv func(string) string
	// Now is the time by which a session is told to be open.
	Now time.Time
}

// Verify checks that a Home still is as extract left it: every reference resolves, no value
// of the .env and none that was taken out lies in clear anywhere else, no secret that
// extract would move either, nothing that the gateway reads before the .env sets one of its
// names, the .env reads the same in every reader, nobody else can read or owns what holds
// secrets, and the gateway masks what it logs.
//
// It needs a scan of everything, made with [KnownToVerify], and plans what [MakeAll] would do
// with it. Nothing is written.
func Verify(ctx context.Context, scanned *scan.Result, key secret.Key, options VerifyOptions) (*Verification, error) {
	receipt, _, err := loadReceipt(scanned.View.State(), key)
	if err != nil {
		return nil, err
	}
	v := &verifier{scanned: scanned, key: key, receipt: receipt, options: options, result: &Verification{}}
	if v.plan, err = v.planAll(); err != nil {
		return nil, err
	}
	v.references()
	v.shadows(ctx)
	v.copies()
	v.refused()
	v.readers()
	v.pins()
	v.modes()
	if err := v.logging(); err != nil {
		return nil, err
	}
	v.unread()
	return v.result, nil
}

type verifier struct {
	scanned *scan.Result
	key     secret.Key
	receipt *Receipt
	options VerifyOptions
	plan    *Plan // what the next extract would do, at most
	result  *Verification

	shadowed map[assignment]bool // named already
}

// assignment is a variable that a file sets.
type assignment struct{ path, name string }

func (v *verifier) problem(p Problem) { v.result.Problems = append(v.result.Problems, p) }

// extractCommand is the command that takes secrets out, with further flags.
func extractCommand(flags ...string) []string {
	return append([]string{"clawsecrets", "extract"}, flags...)
}
