package main

import (
	"context"
	"slices"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/scan"
)

// newPruneMasker returns a masker for the names of files that are pruned: one may be called
// after a secret. It knows what stands at the places that the gateway reads, what a service
// sets, and what extract has taken; all other places are not read.
func newPruneMasker(ctx context.Context, session *session) (*nameMasker, error) {
	known, err := extract.KnownToVerify(session.view, session.key)
	if err != nil {
		return nil, err
	}
	result, err := session.scan(ctx, scan.Options{})
	if err != nil {
		return nil, err
	}
	var values []string
	for _, k := range known {
		values = append(values, k.Value)
	}
	for _, f := range slices.Concat(result.Findings, result.LeftOut) {
		values = append(values, f.Value.Reveal())
	}
	for _, source := range result.Env.Sources {
		for name, value := range source.Values {
			if rules.SecretKey(name) {
				values = append(values, value.Reveal())
			}
		}
	}
	return maskerOf(scan.NewNameSearch(rules.New(rules.Options{}), values...)), nil
}

// maskedError is an error that names files, with the secrets in their names masked.
type maskedError struct {
	cause error
	names *nameMasker
}

func (m maskedError) Error() string { return m.names.mask(m.cause.Error()) }

func (m maskedError) Unwrap() error { return m.cause }
