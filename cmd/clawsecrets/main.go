// Command clawsecrets finds the secrets that an AI gateway left lying about, moves
// the live ones into its .env, and proves that the gateway still resolves the same.
package main

import (
	"os"

	"github.com/clawsecrets/clawsecrets/internal/ui"
)

func main() {
	os.Exit(run(os.Args[1:], ui.Standard()))
}
