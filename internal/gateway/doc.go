// Package gateway knows the product: which one a state directory belongs to,
// where its files are and what kind each is, and what the gateway resolves from
// them: config with its includes, references, the environment it really runs in,
// the credential each agent would send to each provider.
//
// It reads and it answers; it never writes, prints or exits, and it must not know
// what a finding is or what will be done about one.
//
// Facts about Clawdbot are those of npm clawdbot@2026.1.24-3, named by the file
// of its dist directory they come from. The tests hold them against that package.
package gateway
