package extract

import (
	"slices"

	"github.com/clawsecrets/clawsecrets/internal/gateway"
	"github.com/clawsecrets/clawsecrets/internal/rules"
	"github.com/clawsecrets/clawsecrets/internal/secret"
)

// KnownToVerify returns the values that [Verify] has to know of, for the scan that it judges:
// those of [Known], and what the .env holds under names that extract has given or that the
// config refers to where it has a credential. Not every such name or value shows what it is.
func KnownToVerify(view *gateway.View, key secret.Key) ([]rules.Known, error) {
	known, err := Known(view, key)
	if err != nil {
		return nil, err
	}
	receipt, _, err := loadReceipt(view.State(), key)
	if err != nil {
		return nil, err
	}
	config, err := view.LoadConfig()
	if err != nil {
		return nil, err
	}
	env, err := view.LoadEnv()
	if err != nil {
		return nil, err
	}
	names := credentialNames(config)
	for _, name := range receipt.Names {
		names = append(names, name.Name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if value, ok := env.Dotenv.Get(name); ok && value != "" {
			known = append(known, rules.Known{Rule: "credential", Value: value})
		}
	}
	return known, nil
}

// credentialNames returns the variables that the config refers to where it has a credential.
func credentialNames(config *gateway.Config) []string {
	var names []string
	paths := gateway.NewPathTable(gateway.ClawdbotPaths())
	for _, leaf := range config.Leaves {
		if place, known := paths.Find(leaf.Path); known && !place.Loose {
			names = append(names, gateway.References(leaf.Text)...)
		}
	}
	return names
}
