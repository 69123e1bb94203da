//go:build !unix

package control

import (
	"errors"
	"os/exec"
)

func terminate(int) error { return errors.New("stop the gateway yourself and run again") }

func detach(*exec.Cmd) {}

func userUnit(int) string { return "" }
