// Package faulttest stops the program at every system call that it makes, and looks
// at what is left: by a kill, and by an error of the operating system.
//
// It owns the injection (strace, Linux only), the Home that it happens to, and the
// judgement of each state in which the Home can be found afterwards. All of that is
// tests; there is nothing to import. It knows the program by its commands and exit
// codes alone, and must not know how a file is written: it is what finds out that
// the way is wrong.
//
// CLAWSECRETS_SWEEP=all injects at every call; otherwise calls that only read are
// sampled, as TestSweep says in its log.
package faulttest
