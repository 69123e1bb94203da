package main

import "github.com/clawsecrets/clawsecrets/internal/ui"

// startScanProgress shows how far a scan is where somebody looks and wants to know. The
// total is in bytes, 0 while it is not known. The caller stops it before it prints.
func startScanProgress(io *ui.IO, quiet bool, total int64) *ui.Progress {
	if quiet {
		return nil
	}
	return io.StartProgress("scanning", total)
}
