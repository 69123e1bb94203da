package unwrap

import "encoding/binary"

const (
	// sampleWidth characters are looked at, every sampleStride bytes: a run of 22
	// (16 bytes of text) holds one such sample wherever it stands.
	sampleWidth  = 8
	sampleStride = 15
	// seedQuads groups of four characters that all decode to ASCII make a run.
	// Of random base64, less than one sample in a hundred thousand has them.
	seedQuads = 5
	// longestLead is how far in front of those quads the run's start is looked for.
	longestLead = 1 << 10
)

// Base64 calls yield with the runs of base64 in source that decode to text: valid
// UTF-8 without control characters other than tab, newline and carriage return.
// It finds every run of 22 characters or more whose text is ASCII, of other text those
// with 20 bytes of ASCII in a row, and none of less than 20 characters.
// Either alphabet is read, with padding or without, and a body broken into lines of
// equal width (60 to 128 characters, as base64, openssl and MIME have it) is one run.
// What decodes to anything else, such as images and signatures, costs a glance.
//
// The run is source[start:end], its padding included, and decoded is what it decodes
// to, valid only during the call. Where a run is glued to other characters of the
// alphabet, such as a path in front of it, it begins where its decoding begins to be
// text; and it ends where that ceases to be. Base64 stops when yield returns false.
func Base64(source []byte, yield func(start, end int, decoded []byte) bool) {
	f := finder{source: source}
	for p := 0; p+sampleWidth <= len(source); p += sampleStride {
		alignments := textAlignments(binary.LittleEndian.Uint64(source[p:]))
		if alignments == 0 {
			continue
		}
		start, end, ok := f.runAt(p, alignments)
		if !ok {
			continue
		}
		if !yield(start, end, f.decoded) {
			return
		}
		p = end - sampleStride // the next sample is at end
	}
}

// Base64At returns the run of base64 that takes in the group of four characters at quad, as
// [Base64] would yield it, however short the run is and whatever text it decodes to. It is
// empty where that group is no base64 of text.
func Base64At(source []byte, quad int) (start, end int, decoded []byte) {
	if quad < 0 || quad >= len(source) {
		return 0, 0, nil
	}
	f := finder{source: source}
	first := quad
	for f.isASCII(first - 4) {
		first -= 4
	}
	start, end = f.decodeRun(first)
	return start, end, f.decoded
}

// Base64Span returns the span of the characters of run that hold bytes from to to of
// its decoding, padding excluded; run is one that Base64 yielded. The first and the
// last of the characters may hold bits of the neighbouring bytes, too. It takes time
// linear in len(run).
func Base64Span(run []byte, from, to int) (rawFrom, rawTo int) {
	rawFrom = characterAt(run, from*4/3)
	if from >= to {
		return rawFrom, rawFrom
	}
	return rawFrom, min(len(run), characterAt(run, (to*4+2)/3-1)+1)
}

// characterAt returns where in run the base64 character of that number is.
func characterAt(run []byte, number int) int {
	for i, c := range run {
		if sextet[c] == noSextet {
			continue
		}
		if number == 0 {
			return i
		}
		number--
	}
	return len(run)
}

// textAlignments returns which of the four alignments of quads to the sample make
// base64 of ASCII text of it, as far as single characters can tell: bit n is for quads
// that begin n bytes into the sample.
func textAlignments(sample uint64) uint8 {
	return fits[0][uint8(sample)] & fits[1][uint8(sample>>8)] &
		fits[2][uint8(sample>>16)] & fits[3][uint8(sample>>24)] &
		fits[0][uint8(sample>>32)] & fits[1][uint8(sample>>40)] &
		fits[2][uint8(sample>>48)] & fits[3][uint8(sample>>56)]
}
