package service

import "context"

func launchctlQuestion(ctx context.Context) func(name string) (string, error) {
	return func(name string) (string, error) { return askLaunchctl(ctx, "/bin/launchctl", name) }
}
