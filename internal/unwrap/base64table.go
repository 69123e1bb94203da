package unwrap

// noSextet marks bytes that are in neither base64 alphabet. Its high bits are set,
// so that one comparison tells it in an or of four.
const noSextet = 0xff

// sextet has the six bits that each character of either alphabet stands for.
var sextet = makeSextets()

func makeSextets() (table [256]uint8) {
	for c := range table {
		table[c] = noSextet
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for value := range len(alphabet) {
		table[alphabet[value]] = uint8(value)
	}
	table['-'], table['_'] = table['+'], table['/']
	return table
}

// fits[i%4][c] has bit n set when c, as character i of a sample, can be base64 of
// ASCII text with quads that begin at character n of the sample.
var fits = makeFits()

func makeFits() (table [4][256]uint8) {
	for i := range table {
		for c := range table[i] {
			for n := range 4 {
				if sextet[c] != noSextet && canBeText(int(sextet[c]), (i-n)&3) {
					table[i][c] |= 1 << n
				}
			}
		}
	}
	return table
}

// canBeText tells whether a quad with these six bits as its character number place can
// decode to ASCII text.
func canBeText(six, place int) bool {
	switch place {
	case 0: // the top six bits of the first byte
		return anyText(six<<2, 1<<2)
	case 1: // its last two, and the top four of the second byte
		return anyText(six&0xf<<4, 1<<4)
	case 2: // its last four, and the top two of the third byte
		return anyText(six&0x3<<6, 1<<6)
	default:
		return true
	}
}

// anyText tells whether there is ASCII text among the count bytes from first.
func anyText(first, count int) bool {
	for b := first; b < first+count; b++ {
		if isText[b] {
			return true
		}
	}
	return false
}
