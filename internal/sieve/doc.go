// Package sieve says where in a text regular expressions could match, many expressions at
// a time and at the price of little more than reading the text. What it returns, the
// candidates, are parts of the text outside of which no expression matches; whether one
// matches inside is for package regexp to say.
//
// It owns the way from an expression to its candidates. It must not know what the
// expressions are for, where a text comes from, or what becomes of a match.
//
// Each step lets through at least what the next one needs. That is what the tests of this
// package try to refute, with package regexp as the judge.
//
// # Head, anchor, tail
//
// An expression, or each of its alternatives, is a row of parts that follow one another.
// It is cut in two: a match is a head and a tail. Behind the cut come parts that have
// always the same length, and then one at which the remaining row begins with three to
// eight bytes out of few: the anchors. So every match has an anchor, at a fixed offset
// behind the beginning of its tail. Of all places for it the one is chosen whose anchors
// are the rarest in texts. An expression is left without if in one of its alternatives
// there is none that is rare enough; then words have to stand for it, and the whole text
// is its candidate.
//
// The head has a longest length, or none, and a set of bytes that it can consist of. From
// the beginning of a tail one walks back over such bytes, as far as the length allows:
// there, or later, the match begins.
//
// # The table
//
// The table marks the places where some anchor may begin. It compares pairs of bytes at
// even places, and shares the anchors out to a few buckets, one bit each: a place is marked
// if its two pairs have a bucket in common. The pairs may come from two anchors of a
// bucket. So more places are marked than there are anchors; but an anchor is in a bucket
// with both of its pairs, once as it stands at an even place and once at an odd one, and
// is never missed. At a marked place and beside it all bytes of the anchors that begin
// with the same two are compared.
//
// A [Gate] does the same for one expression and short texts, without a table.
//
// # The automaton
//
// From the cut on, an automaton follows the tail. It accepts what the tail matches and
// more: counters stop counting at a limit, assertions about what stands beside a place
// always hold, a character outside ASCII is any bytes outside ASCII. Where a match ends,
// it is therefore in an accepting state; the last such place is at or behind the end of
// every match whose tail begins here. If it never accepts, there is no match. Where even
// that would need too many states it knows the first parts of the tail only, and the
// candidate reaches to the end of the text.
//
// Only the end of the text is taken at its word, because most expressions for a value end
// in it or in a mark, and every value would be one otherwise.
//
// # From candidates to matches
//
// Candidates of one pattern that overlap or touch are judged together, in order of their
// Start: the expression is run on what they cover, the window, and on one character more
// on either side. That gives the matches that FindAll gives on the whole text:
//
//   - Windows do not overlap, and every match is within one. A match of the whole text
//     that starts in a window depends on no byte outside: what it consumes is inside, and
//     assertions look at one character to either side.
//   - A match found in a window is one of the whole text if no assertion was deceived by
//     the window's edge. At its beginning none is: a match that started with the extra
//     character would have a head and a tail, so a candidate that starts there, and the
//     window would start earlier. At its end, $ and \z may be. Whoever runs the
//     expression has to look at the end of the matches: one that reaches the end of the
//     window, while the text goes on, is none. The rest of the text is then a window.
//   - So in both the same ways to match begin at the same place, and the expression
//     prefers the same one of them.
//
// A window may begin or end within a character only if that is not valid UTF-8, or where
// the length of a head ends; a head is counted in the longest encoding, so that what is
// cut off there is beyond any match.
//
// # Hopeless candidates
//
// A pattern may say of some values that they do not count. A candidate all of whose values
// are like that is marked, not dropped: its match may still take characters away from
// another one, since matches do not overlap and the leftmost comes first. Only a window
// in which no candidate has hope can be skipped: its matches are in no other.
//
// The value is known from its end backwards: the mark behind it is at most two bytes long
// and has none of its bytes, so that the value ends in front of one of three places, and
// begins within the run of its own bytes that ends there. If no part of the run that
// reaches to its end counts, the value does not.
//
// # The core
//
// An expression such as [\w.-]{0,50}?key=(\w+) is slow: fifty beginnings are tried at every
// place. Its head is lazy and consists of one class; so the match that starts first is
// the one whose tail comes first, with as much of the head as there is, and the rest of
// the expression, its core, needs to be tried at the beginnings of tails only, one after
// another, and behind the match before. The core sees nothing of what stands before it.
// Therefore an expression has none if its tail could begin with an assertion.
//
// # Budgets
//
// Two runs of one automaton that are in the same state at the same place go the same way
// from there on. Long runs leave a trail of their states, and a later one ends where it
// meets one: the last end of the earlier one, if it is behind that place, is its own, and
// what is hopeless about the ends between is not asked, but hoped.
//
// The automatons of a pattern look at a text patience times over, not more; from there on
// the pattern has the whole text as its candidate. Package regexp takes time in
// proportion to it. No text, whoever made it, takes time in proportion to its square.
//
// # What is deliberately different
//
// In an expression that disregards case, k also matches the Kelvin sign (U+212A), and s the
// long s (U+017F). No key, name or token is written with them. They are not looked for,
// neither in anchors nor elsewhere, and a match with one may be missed.
package sieve
