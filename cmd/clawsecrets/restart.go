package main

import (
	"context"
	"errors"

	"github.com/clawsecrets/clawsecrets/extract"
	"github.com/clawsecrets/clawsecrets/internal/control"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/ui"
	"github.com/clawsecrets/clawsecrets/scan"
)

// restarter starts again what was stopped; where nothing was running it does nothing.
type restarter struct{ gateway *control.Gateway }

// stopBefore makes sure that no gateway runs while files are written: it refuses,
// or stops the one that runs once the person has agreed. A running Clawdbot that
// meets a reference it has no value for goes on with an empty config, its deny
// lists gone.
func stopBefore(ctx context.Context, io *ui.IO, o *extractOptions, result *scan.Result, question string) (*restarter, error) {
	running := result.View.RunningGateway(result.Resolved, result.Env)
	r := &restarter{}
	if running != "" {
		found, err := controlled(o, result, running)
		if err != nil {
			return nil, err
		}
		r.gateway = found
		question += " The gateway is stopped meanwhile and started again."
	}
	if err := confirm(ctx, io, o, question); err != nil {
		return nil, err
	}
	return r, r.stop(ctx)
}

// confirm asks the person, unless they have said --yes.
func confirm(ctx context.Context, io *ui.IO, o *extractOptions, question string) error {
	switch {
	case o.yes:
		return nil
	case !io.Terminal:
		return hint(usageErrorf("not a terminal, so nobody can be asked"), "look at --dry-run first, then pass --yes")
	case !io.Confirm(ctx, question):
		return &extract.Refusal{Why: "not confirmed; nothing was written"}
	}
	return nil
}

func controlled(o *extractOptions, result *scan.Result, running string) (*control.Gateway, error) {
	refusal := &extract.Refusal{Why: running + ", and would go on with an empty config, its deny lists gone, once a reference appears that it has no value for; nothing was written"}
	if !o.restart || result.Env.Running == nil {
		return nil, hint(refusal, "stop it, run this again and start it; or pass --restart")
	}
	port := gateway.Port(result.Resolved, result.Env)
	found, err := control.Find(result.View.Home, *result.Env.Running, port, o.restartCommand)
	if errors.Is(err, control.ErrForeground) {
		return nil, hint(refusal, err.Error())
	}
	return found, err
}

func (r *restarter) stop(ctx context.Context) error {
	if r.gateway == nil {
		return nil
	}
	return r.gateway.Stop(ctx)
}

func (r *restarter) start(ctx context.Context) error {
	if r.gateway == nil {
		return nil
	}
	return r.gateway.Start(ctx)
}

func (r *restarter) startHealthy(ctx context.Context) error {
	if r.gateway == nil {
		return nil
	}
	if err := r.gateway.Start(ctx); err != nil {
		return err
	}
	return r.gateway.Healthy(ctx)
}
