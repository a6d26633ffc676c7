package retrieve

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
)

// setting is what a search must know before it can ask for passages.
type setting struct {
	now        time.Time // of the database
	readable   []int64   // collections that are searched
	languages  []analysis.Language
	statistics statistics // without frequencies yet
}

// lookUp resolves which collections are searched and weighs the question's words. When nothing is
// readable the words are not looked at.
func (s *Searcher) lookUp(ctx context.Context, who access.Principal, q Query) (setting, question, error) {
	at, err := s.readSetting(ctx, who, q.Collections)
	if err != nil || len(at.readable) == 0 {
		return at, question{}, err
	}
	readings := read(q.Text, at.languages)
	at.statistics.frequency, err = s.frequencies(ctx, readings)
	if err != nil {
		return at, question{}, err
	}
	best := bestKnown(readings, at.statistics.frequency)
	return at, weigh(best, at.statistics, s.general, s.cfg.Ablation), nil
}

// readSetting reads what does not depend on the question, in one exchange.
func (s *Searcher) readSetting(ctx context.Context, who access.Principal, wanted []string) (setting, error) {
	var at setting
	batch := &pgx.Batch{}
	batch.Queue(`select id, name from collections`).Query(func(rows pgx.Rows) error {
		var id int64
		var name string
		_, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error {
			if who.MayRead(name) && (len(wanted) == 0 || slices.Contains(wanted, name)) {
				at.readable = append(at.readable, id)
			}
			return nil
		})
		return err
	})
	batch.Queue(`select language from library_languages`).Query(func(rows pgx.Rows) (err error) {
		at.languages, err = pgx.CollectRows(rows, pgx.RowTo[analysis.Language])
		return err
	})
	batch.Queue(`select now(), passages, weighted_words from lexical_statistics`).QueryRow(func(row pgx.Row) error {
		return row.Scan(&at.now, &at.statistics.passages, &at.statistics.averageWords)
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return setting{}, fmt.Errorf("read what is searched: %w", err)
	}
	return at, nil
}

// reading is a question cut into words as those of one language.
type reading struct {
	language analysis.Language
	words    []analysis.QueryWord
	pairs    []analysis.Pair
}

func readAs(text string, language analysis.Language) reading {
	return reading{language, analysis.Question(text, language), analysis.Pairs(text, language)}
}

// read cuts the question into words as the library's documents were: in its language where that is plain,
// otherwise once in each language that the library has.
func read(text string, languages []analysis.Language) []reading {
	unsure := analysis.Language("")
	if found := analysis.Detect(text, append([]analysis.Language{unsure}, languages...)...); found != unsure || len(languages) == 0 {
		return []reading{readAs(text, found)}
	}
	readings := make([]reading, len(languages))
	for i, language := range languages {
		readings[i] = readAs(text, language)
	}
	return readings
}

// bestKnown is the reading of which the library knows most words: two or three words are too few to tell
// a language by their letters, but not by who has used them.
func bestKnown(readings []reading, frequency map[int32]int64) reading {
	best, most := readings[0], -1
	for _, r := range readings {
		known := 0
		for _, word := range r.words {
			if frequency[word.Stem] > 0 {
				known++
			}
		}
		if known > most {
			best, most = r, known
		}
	}
	return best
}

// frequencies are how many passages hold each term, by the last count.
func (s *Searcher) frequencies(ctx context.Context, readings []reading) (map[int32]int64, error) {
	var terms []int32
	for _, r := range readings {
		for _, word := range r.words {
			terms = append(terms, word.Exact, word.Stem)
		}
	}
	rows, err := s.pool.Query(ctx, `select term, frequency from term_statistics where term = any($1)`, terms)
	if err != nil {
		return nil, fmt.Errorf("read term statistics: %w", err)
	}
	frequency := make(map[int32]int64)
	var term int32
	var count int64
	_, err = pgx.ForEachRow(rows, []any{&term, &count}, func() error {
		frequency[term] = count
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read term statistics: %w", err)
	}
	return frequency, nil
}
