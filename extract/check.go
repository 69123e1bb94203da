package extract

import (
	"fmt"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
)

// check resolves the Home once as it is and once for each step of the plan, and
// refuses a plan under which the gateway would see anything else. Each step is a
// state that a crash could leave: the .env first, then file by file.
func (p *planner) check() error {
	if p.Empty() {
		return nil
	}
	view := p.result.View
	before, err := view.Effective()
	if err != nil {
		return err
	}
	contents := map[string][]byte{}
	if p.Env != nil {
		contents[view.Home.EnvPath()] = p.Env.New
	}
	for i := -1; i < len(p.Changes); i++ {
		step := "the .env"
		if i >= 0 {
			if p.Changes[i].File.Surface == "generated" {
				continue // nothing is resolved from it
			}
			contents[p.Changes[i].File.Path] = p.Changes[i].New
			step = p.Changes[i].File.Rel
		}
		if err := p.same(before, view.With(contents), step); err != nil {
			return err
		}
	}
	if len(p.taken) == 0 {
		return nil
	}
	return p.same(before, view.With(contents).WithSources(p.withoutTaken()), "the service's files")
}

// same refuses a state, after a step, that does not resolve as before.
func (p *planner) same(before *gateway.Effective, then *gateway.View, step string) error {
	after, err := then.Effective()
	if err != nil {
		return fmt.Errorf("after writing %s the gateway could not read its config: %w", step, err)
	}
	if difference := before.Difference(after, p.ignore); difference != "" {
		return fmt.Errorf("nothing was written: after writing %s the gateway would resolve something else (%s); please report this", step, difference)
	}
	return nil
}
