// Package archive reads what is packed away in compressed files: the members of
// tar and zip archives, and what gzip and zstd have compressed, as streams and in
// memory that does not grow with them. What it reads may be hostile: a file that
// expands without end ends at a limit, and names are only ever shown.
//
// It unpacks nothing to the disk and must not know what is looked for, nor which
// files of a gateway are archives.
package archive
