// Package service knows what a gateway is started in: its running process, the lock
// that it holds and the port that it listens on, the systemd units, environment files
// and launchd agents that start it, and so which variables it has before it loads the
// .env of its state directory. It also knows which bytes of those files to take out so
// that they no longer set a variable, and what a person types to have them read anew.
//
// It reads and it answers; it never writes, starts or stops anything (of programs it
// runs launchctl alone, to ask it), and it must not know what the variables are for. Of
// files it takes only regular ones of a bounded size.
package service
