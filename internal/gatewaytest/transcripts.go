package gatewaytest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// readTranscripts answers with the number of entries that the product's session manager
// reads of each transcript that is named on standard input.
const readTranscripts = `
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
const { SessionManager } = await import(pathToFileURL(path.join(process.argv.at(-1), "@mariozechner/pi-coding-agent/dist/core/session-manager.js")).href);
const answers = JSON.parse(fs.readFileSync(0, "utf8")).map((file) => {
  const session = SessionManager.open(file, path.dirname(file));
  return { entries: session.getEntries().length, messages: session.buildSessionContext().messages.length };
});
process.stdout.write(JSON.stringify(answers));
`

// LoadTranscripts has the product's session manager load transcripts, and fails the test
// for each of which it does not read every line, or finds no message in.
func (in *Installation) LoadTranscripts(t testing.TB, h *Home, files []string) {
	t.Helper()
	question, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	// Opening one may write to it: the lines are counted before.
	var lines []int
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bytes.Count(data, []byte("\n")))
	}
	cmd := exec.CommandContext(t.Context(), in.Node, "--no-warnings", "--input-type=module", "--eval", readTranscripts, in.Modules)
	cmd.Stdin = bytes.NewReader(question)
	cmd.Env = []string{"HOME=" + h.Dir, "PATH=" + filepath.Dir(in.Node)}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var answers []struct{ Entries, Messages int }
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(files) {
		t.Fatalf("%d answers for %d transcripts (%v)", len(answers), len(files), err)
	}
	for i, answer := range answers {
		if answer.Entries != lines[i]-1 || answer.Messages == 0 {
			t.Errorf("%s has %d lines, the product reads %d entries with %d messages", files[i], lines[i], answer.Entries, answer.Messages)
		}
	}
}
