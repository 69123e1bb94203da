package gatewaytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Setenv("CLAWSECRETS_STRAY", "x") // must not reach the product
	in, h := Product(t), NewHome(t)
	script := filepath.Join(h.Dir, "print.mjs")
	const source = `import fs from "node:fs";
console.log(JSON.stringify(Object.keys(process.env)), process.env.EXTRA, process.cwd(), fs.readFileSync(0, "utf8"));
console.error("to stderr");
process.exit(3);`
	if err := os.WriteFile(script, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	own := &Installation{Node: in.Node, Entry: script}
	r := own.Run(t, h, RunOptions{Env: []string{"EXTRA=one", "HOME=" + dir}, Dir: dir, Stdin: "input"})
	if r.Code != 3 || strings.TrimSpace(r.Stderr) != "to stderr" {
		t.Errorf("code %d, stderr %q", r.Code, r.Stderr)
	}
	if !strings.Contains(r.Stdout, "one "+dir+" input") || strings.Contains(r.Stdout, "STRAY") {
		t.Errorf("stdout %q", r.Stdout)
	}
}

// TestOffline: documentation addresses are never routed, so that a guard that
// does not work makes the test slow rather than impolite.
func TestOffline(t *testing.T) {
	t.Parallel()
	in, h, m := Product(t), NewHome(t), NewModelServer(t)
	script := filepath.Join(h.Dir, "connect.mjs")
	const source = `import net from "node:net";
const [url] = process.argv.slice(2);
const code = (error) => error.cause?.code ?? error.code ?? error.message;
console.log(await fetch(url).then((response) => response.status, code));
console.log(await fetch("http://192.0.2.1/").then((response) => response.status, code));
console.log(await fetch("https://provider.example/").then((response) => response.status, code));
console.log(await new Promise((done) => net.connect(80, "192.0.2.1", () => done("connected")).on("error", (error) => done(code(error)))));`
	if err := os.WriteFile(script, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	own := &Installation{Node: in.Node, Entry: script}
	r := own.MustRun(t, h, RunOptions{}, m.URL)
	if want := "404\nENETUNREACH\nENETUNREACH\nENETUNREACH\n"; r.Stdout != want {
		t.Errorf("got %q, want %q", r.Stdout, want)
	}
}
