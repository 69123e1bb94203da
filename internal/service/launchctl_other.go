//go:build !darwin

package service

import "context"

func launchctlQuestion(context.Context) func(name string) (string, error) { return nil }
