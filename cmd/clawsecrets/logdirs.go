package main

import "os"

// logDirs returns where gateways log to, nil for the places that are built into them.
// CLAWSECRETS_LOG_DIR names another one, for a gateway that has a /tmp of its own
// (PrivateTmp= in its unit, a container).
func logDirs() []string {
	if dir := os.Getenv("CLAWSECRETS_LOG_DIR"); dir != "" {
		return []string{dir}
	}
	return nil
}
