// Package gitobjects reads every object of a git repository, reachable or not, through
// the git program. It owns how that is started: the repository's files and its config may
// be somebody's trap, so that git gets an environment of our own, may fetch nothing, and
// is asked only for what runs no other program. It reads what git reads, which with
// alternates is the objects of other repositories too.
//
// It writes nothing, and must not know what is looked for.
package gitobjects
