package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

const (
	module   = "github.com/clawsecrets/clawsecrets"
	gitleaks = "github.com/zricethezav/gitleaks/v8@v8.30.1"
)

// build gets a program, and returns its path. What it makes goes to bin.
type build func(ctx context.Context, bin string) (string, error)

// goBuild builds clawsecrets from this tree.
func goBuild(ctx context.Context, bin string) (string, error) {
	path := filepath.Join(bin, executable("clawsecrets"))
	return path, goCommand(ctx, bin, "build", "-trimpath", "-o", path, module+"/cmd/clawsecrets")
}

// goInstall builds a version of gitleaks, with that build tag, unless it is there already.
func goInstall(version, tag string) build {
	return func(ctx context.Context, bin string) (string, error) {
		dir := filepath.Join(bin, "gitleaks-"+tag)
		path := filepath.Join(dir, executable("gitleaks"))
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		return path, goCommand(ctx, dir, "install", "-tags", tag, version)
	}
}

// inPath finds a program that is installed.
func inPath(name, advice string) build {
	return func(context.Context, string) (string, error) {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", fmt.Errorf("%s is not in PATH: %s", name, advice)
		}
		return path, nil
	}
}

func goCommand(ctx context.Context, bin string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "GOBIN="+bin)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", args[0], err)
	}
	return nil
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
