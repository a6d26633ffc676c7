package parse

import "context"

func parseDOCX(ctx context.Context, src Source, limits Limits, out *builder) (Document, error) {
	return Document{}, unsupported("")
}
