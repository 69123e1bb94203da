package rules

import (
	"math"
	"slices"
)

// entropy returns the Shannon entropy of text in bits a character. As in gitleaks,
// whose thresholds it is held against, characters are counted and bytes divided by.
func entropy(text string) float64 {
	counts := make(map[rune]int)
	for _, char := range text {
		counts[char]++
	}
	// Summed in a fixed order, so that a value on the threshold is judged the same way
	// in every run.
	frequencies := make([]int, 0, len(counts))
	for _, count := range counts {
		frequencies = append(frequencies, count)
	}
	slices.Sort(frequencies)
	bits := 0.0
	for _, count := range frequencies {
		share := float64(count) / float64(len(text))
		bits -= share * math.Log2(share)
	}
	return bits
}
