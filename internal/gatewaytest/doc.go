// Package gatewaytest installs and drives the real product for the tests of the
// other packages: its commands, its gateway, its browser control server, a local
// stand-in for the model APIs that it calls, and an oracle that answers what it
// resolves for a state directory.
//
// It owns the pinned installation and every process that it starts. It is test
// support alone: only _test.go files may import it, and it must not know what a
// secret, a finding or a plan is, so that a test that trusts it trusts the
// product and nothing of ours. Everything that it starts listens on loopback
// only, has a fresh home directory and inherits none of the caller's environment.
package gatewaytest
