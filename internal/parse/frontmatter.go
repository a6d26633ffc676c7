package parse

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFrontMatterBytes: it is a label on the document; beyond this it is something else.
const maxFrontMatterBytes = 64 << 10

var (
	frontMatterBlock = regexp.MustCompile(`\A\s*---[ \t]*\n((?s).*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\z)`)
	propertyLine     = regexp.MustCompile(`(?m)^([\pL_][\pL\pN_ -]{0,60}):[ \t]+(\S.*)$`)
)

// frontMatter splits the YAML block from the top of text. Keys are in lower snake_case, those of nested maps
// joined by "_"; values keep the spelling of the file (a date stays as written), lists are joined by ", ".
func frontMatter(text string) (map[string]string, string) {
	properties := map[string]string{}
	head := text[:min(len(text), maxFrontMatterBytes)]
	m := frontMatterBlock.FindStringSubmatchIndex(head)
	if m == nil {
		return properties, text
	}
	block, rest := head[m[2]:m[3]], text[m[1]:]
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(block), &root); err == nil && len(root.Content) == 1 && root.Content[0].Kind == yaml.MappingNode {
		flattenYAML(properties, "", root.Content[0], 0)
		return properties, rest
	}
	lines := propertyLine.FindAllStringSubmatch(block, maxProperties)
	if lines == nil {
		return properties, text // two rulers with a paragraph between them
	}
	for _, line := range lines { // not quite YAML (template tags, tabs): take the lines that are plain
		properties[snakeCase(line[1])] = strings.Trim(line[2], `"' `)
	}
	return properties, rest
}

// flattenYAML never follows an alias, so that a few lines cannot grow into gigabytes.
func flattenYAML(properties map[string]string, prefix string, mapping *yaml.Node, depth int) {
	for i := 0; i+1 < len(mapping.Content) && len(properties) < maxProperties; i += 2 {
		key := snakeCase(mapping.Content[i].Value)
		value := mapping.Content[i+1]
		if key == "" {
			continue
		}
		key = prefix + key
		switch value.Kind {
		case yaml.ScalarNode:
			if value.Tag != "!!null" && value.Value != "" {
				properties[key] = value.Value
			}
		case yaml.SequenceNode:
			if joined := joinScalars(value); joined != "" {
				properties[key] = joined
			}
		case yaml.MappingNode:
			if depth < 4 {
				flattenYAML(properties, key+"_", value, depth+1)
			}
		}
	}
}

func joinScalars(sequence *yaml.Node) string {
	var values []string
	for _, item := range sequence.Content {
		if item.Kind == yaml.ScalarNode && item.Value != "" {
			values = append(values, item.Value)
		}
	}
	return strings.Join(values, ", ")
}
