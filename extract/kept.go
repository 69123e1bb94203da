package extract

import (
	"github.com/clawsecrets/clawsecrets/scan"
)

// keptReason says why a secret stays in a file that nothing is done about, and what a
// person can do about it there.
func keptReason(f *scan.Finding) string {
	switch f.File.Surface {
	case "credentials", "device":
		return "the gateway writes and refreshes this file itself and expands no ${VAR} in it"
	case "backup":
		return "a copy that the gateway may fall back on: delete it when you are content"
	case "generated":
		return "the gateway generates this file; the value is in no place that moves"
	case "auth-profile":
		return "the gateway expands no ${VAR} in auth profiles"
	case "session":
		return "a transcript: add --sessions to blot it out"
	case "service":
		return "it is set for a service: take it out there, and install the service again"
	case "workspace":
		return "notes of the agent, which it sends to the model: take the line out, and rotate the secret"
	case "history", "shell":
		return "your shell's own file: take the line out, and end shells that would write it again"
	case "hooks", "extension", "skill", "sandbox":
		return "code that needs the value: let it read a variable instead"
	case "cron":
		return "a job tells it to the agent: change the job (clawdbot cron edit)"
	case "database":
		return "in a database, where deleting does not erase: rotate the secret"
	case "git-history":
		return "a repository keeps its history: rotate the secret"
	case "archive", "media":
		return "delete the file when you do not need it"
	case "dotenv":
		return "another program's .env, which it reads by itself: take the line out there if it is not needed"
	case "log":
		return "a log: delete it when you do not need it"
	default:
		return "the gateway expands no ${VAR} in this file"
	}
}
