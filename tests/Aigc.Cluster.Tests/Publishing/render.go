// Renders a chart as Helm does, as far as this project's charts go: render CHART VALUES.json NAMESPACE API-VERSIONS
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

type versions string

func (known versions) Has(version string) bool {
	if parts := strings.Split(version, "/"); len(parts) == 3 {
		version = parts[0] + "/" + parts[1]
	}
	return strings.Contains("\n"+string(known)+"\n", "\n"+version+"\n")
}

var functions = template.FuncMap{
	"toJson": func(value any) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	},
	"required": func(message string, value any) (any, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	},
	"quote": func(value any) string { return fmt.Sprintf("%q", value) },
	"sha256sum": func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	},
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	var values map[string]any
	text, err := os.ReadFile(os.Args[2])
	check(err)
	check(json.Unmarshal(text, &values))
	known, err := os.ReadFile(os.Args[4])
	check(err)
	data := map[string]any{
		"Values":       values,
		"Release":      map[string]any{"Namespace": os.Args[3]},
		"Capabilities": map[string]any{"APIVersions": versions(strings.TrimSpace(string(known)))},
	}
	files, err := filepath.Glob(filepath.Join(os.Args[1], "templates", "*", "*.yaml"))
	check(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		parsed, err := template.New(file).Funcs(functions).Option("missingkey=error").Parse(string(text))
		check(err)
		var rendered bytes.Buffer
		check(parsed.Execute(&rendered, data))
		if strings.TrimSpace(rendered.String()) != "" {
			fmt.Printf("---\n# Source: %s\n%s\n", file, rendered.String())
		}
	}
}
