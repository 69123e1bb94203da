package ui

import (
	"strings"
	"unicode/utf8"
)

// Table writes rows with their columns aligned, each line behind indent. The last
// column is as long as it is.
func (o *IO) Table(indent string, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		line.WriteString(indent)
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-width(cell)+2))
			}
		}
		o.Printf("%s\n", strings.TrimRight(line.String(), " "))
	}
}

// width returns how many columns a cell takes, colour left out.
func width(cell string) int {
	n := utf8.RuneCountInString(cell)
	for {
		start := strings.Index(cell, "\x1b[")
		if start < 0 {
			return n
		}
		end := strings.IndexByte(cell[start:], 'm')
		if end < 0 {
			return n
		}
		n -= utf8.RuneCountInString(cell[start : start+end+1])
		cell = cell[start+end+1:]
	}
}
