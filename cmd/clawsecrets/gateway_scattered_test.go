package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/clawsecrets/clawsecrets/internal/fixture"
	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/gatewaytest"
)

// On a home with secrets in hundreds of places, with a service that sets some of them,
// the gateway works with the same config, credentials and environment before extract,
// after it and after an undo, and takes the same token.
func TestGatewayScattered(t *testing.T) {
	t.Parallel()
	product := gatewaytest.Product(t)
	s := newScattered(t, 17)
	home := &gatewaytest.Home{Dir: s.Home, State: s.State}
	oracle := product.Oracle(t)
	resolve := func() gatewaytest.OracleReply {
		reply := oracle.Resolve(t, gatewaytest.OracleRequest{State: s.State, Env: s.serviceSets(t)})
		if !reply.Snapshot.Valid {
			t.Fatalf("the config is invalid: %v", reply.Snapshot.Issues)
		}
		return reply
	}
	before := resolve()
	same := func(when string) {
		for _, difference := range before.Differences(resolve()) {
			t.Errorf("%s: %s", when, difference)
		}
	}
	s.run(t, 0, "extract", "--sessions", "--force-live", "--service", "--yes")
	same("after extract")
	product.LoadTranscripts(t, home, s.transcripts())
	gateway := product.StartGateway(t, home, gatewaytest.RunOptions{})
	if status := gateway.ToolsInvoke(fixture.Secret(17, "hex", "gateway")); status != 400 {
		t.Errorf("the gateway answers %d to its token", status)
	}
	if status := gateway.ToolsInvoke(fixture.Secret(17, "hex", "gateway before")); status != 401 {
		t.Errorf("the gateway answers %d to an older token", status)
	}
	gateway.Stop(t)
	s.run(t, 0, "extract", "--undo", "--yes")
	same("after undo")
}

// transcripts returns the transcripts with secrets in them.
func (s *scattered) transcripts() []string {
	var files []string
	for _, p := range s.Places {
		if p.Surface == "session" && !slices.Contains(files, p.File) {
			files = append(files, p.File)
		}
	}
	return files
}

// serviceSets returns the environment that the service gives to the gateway.
func (s *scattered) serviceSets(t *testing.T) map[string]string {
	t.Helper()
	found, err := gateway.Find(gateway.Query{UserHome: s.Home, Getenv: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	view, err := gateway.OpenToRead(found)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = view.Close() }()
	env, err := view.LoadEnv()
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]string{"HOME": s.Home, "PATH": filepath.Dir(os.Args[0])}
	for _, source := range slices.Backward(env.Sources) {
		for name, value := range source.Values {
			sets[name] = value.Reveal()
		}
	}
	return sets
}
