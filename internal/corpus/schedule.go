package corpus

// schedule returns the secrets of every file, in order. Kinds, contexts and files take
// turns, so that a corpus of any size has of everything about equally much.
func schedule(o Options) [][]Planted {
	files := make([][]Planted, o.Files)
	for i := range o.Secrets {
		number := i % len(kinds)
		k, round := kinds[number], i/len(kinds)
		file := i % o.Files
		files[file] = append(files[file], Planted{
			Kind:            k.name,
			Context:         k.contexts[(number+round)%len(k.contexts)],
			Value:           k.value(o.Seed, round),
			HasGitleaksRule: k.rule,
		})
	}
	return files
}

// snippet returns the text that holds a secret, and where it goes.
func (p Planted) snippet() (string, host) {
	for _, k := range kinds {
		if k.name == p.Kind {
			return inContext(p.Context, k, p.Value)
		}
	}
	return p.Value, inTalk // the schedule has only kinds that there are
}
