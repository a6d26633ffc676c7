package answer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/postgres"
)

// Conversation is what a person asked one after the other.
type Conversation struct {
	ID        string // a UUID
	Title     string // the first question, shortened; "" until there is one
	CreatedAt time.Time
	UpdatedAt time.Time // of the last message, or of the beginning
	Messages  int
}

// Message is a question of a conversation and what was answered.
type Message struct {
	Question    string
	SearchedFor string // as Answer.SearchedFor
	AskedAt     time.Time
	AnswerID    string
	Answer      *Answer   // as it was given; nil when it failed before anything was said
	Feedback    *Feedback // of the conversation's owner; nil if there is none. Only set when it is read
}

// Conversations keeps who asked what before. Each belongs to the principal who began it: for everybody else
// there is none.
type Conversations struct{ pool *pgxpool.Pool }

// NewConversations returns the store on a migrated database.
func NewConversations(pool *pgxpool.Pool) *Conversations { return &Conversations{pool: pool} }

func errUnknownConversation() error {
	return fault.Newf(fault.NotFound, "unknown_conversation", "There is no such conversation, or it is not yours to see.")
}

// StartConversation begins an empty conversation.
func (c *Conversations) StartConversation(ctx context.Context, who access.Principal) (Conversation, error) {
	const insert = `insert into conversations (id, owner) values ($1, $2) returning id::text, title, created_at, updated_at`
	var made Conversation
	err := c.pool.QueryRow(ctx, insert, uuid.New(), who.ID).Scan(&made.ID, &made.Title, &made.CreatedAt, &made.UpdatedAt)
	if err != nil {
		return Conversation{}, fmt.Errorf("start conversation: %w", err)
	}
	return made, nil
}

// ConversationCursor is the last conversation of a page; zero for the first page.
type ConversationCursor struct {
	UpdatedAt time.Time
	ID        string // a UUID
}

// Conversations lists those of who, last used first.
func (c *Conversations) Conversations(ctx context.Context, who access.Principal, after ConversationCursor, limit int) ([]Conversation, error) {
	const list = `
		select c.id::text, c.title, c.created_at, c.updated_at,
			(select count(*) from messages m where m.conversation_id = c.id)
		from conversations c
		where c.owner = $1 and ($2::timestamptz is null or (c.updated_at, c.id) < ($2, $3::uuid))
		order by c.updated_at desc, c.id desc limit $4`
	var at *time.Time
	var last *string
	if !after.UpdatedAt.IsZero() {
		at, last = &after.UpdatedAt, &after.ID
	}
	rows, err := c.pool.Query(ctx, list, who.ID, at, last, limit)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Conversation])
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	return found, nil
}

// Conversation returns one of who's conversations with its messages, oldest first. Errors: fault.NotFound with
// unknown_conversation.
func (c *Conversations) Conversation(ctx context.Context, who access.Principal, id string) (Conversation, []Message, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return Conversation{}, nil, errUnknownConversation()
	}
	const read = `select id::text, title, created_at, updated_at from conversations where id = $1 and owner = $2`
	var found Conversation
	err = c.pool.QueryRow(ctx, read, key, who.ID).Scan(&found.ID, &found.Title, &found.CreatedAt, &found.UpdatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Conversation{}, nil, errUnknownConversation()
	}
	if err != nil {
		return Conversation{}, nil, fmt.Errorf("read conversation %s: %w", id, err)
	}
	messages, err := c.messages(ctx, who, key)
	found.Messages = len(messages)
	return found, messages, err
}

func (c *Conversations) messages(ctx context.Context, who access.Principal, id uuid.UUID) ([]Message, error) {
	const list = `
		select m.question, m.searched_for, m.asked_at, m.answer_id::text, m.answer, f.helpful, f.reason, f.at
		from messages m left join feedback f on f.answer_id = m.answer_id and f.actor = $2
		where m.conversation_id = $1 order by m.position`
	rows, err := c.pool.Query(ctx, list, id, who.ID)
	if err != nil {
		return nil, fmt.Errorf("read messages of %s: %w", id, err)
	}
	messages, err := pgx.CollectRows(rows, scanMessage)
	if err != nil {
		return nil, fmt.Errorf("read messages of %s: %w", id, err)
	}
	return messages, nil
}

func scanMessage(row pgx.CollectableRow) (Message, error) {
	var m Message
	var kept []byte
	var helpful *bool
	var reason *string
	var at *time.Time
	if err := row.Scan(&m.Question, &m.SearchedFor, &m.AskedAt, &m.AnswerID, &kept, &helpful, &reason, &at); err != nil {
		return Message{}, err
	}
	if helpful != nil {
		m.Feedback = &Feedback{AnswerID: m.AnswerID, Question: m.Question, Helpful: *helpful, Reason: *reason, At: *at}
	}
	if kept == nil {
		return m, nil
	}
	m.Answer = new(Answer)
	return m, json.Unmarshal(kept, m.Answer)
}

// DeleteConversation deletes one of who's conversations with its messages. Errors as of Conversation.
func (c *Conversations) DeleteConversation(ctx context.Context, who access.Principal, id string) error {
	key, err := uuid.Parse(id)
	if err != nil {
		return errUnknownConversation()
	}
	tag, err := c.pool.Exec(ctx, `delete from conversations where id = $1 and owner = $2`, key, who.ID)
	if err != nil {
		return fmt.Errorf("delete conversation %s: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return errUnknownConversation()
	}
	return nil
}

// DropUntouched deletes the conversations that were not gone on with since then, and returns how many.
func (c *Conversations) DropUntouched(ctx context.Context, since time.Time) (int64, error) {
	tag, err := c.pool.Exec(ctx, `delete from conversations where updated_at < $1`, since)
	if err != nil {
		return 0, fmt.Errorf("delete old conversations: %w", err)
	}
	return tag.RowsAffected(), nil
}

// history returns the last turns of one of who's conversations, oldest first. Errors as of Conversation.
func (c *Conversations) history(ctx context.Context, who access.Principal, id string) ([]Turn, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return nil, errUnknownConversation()
	}
	const read = `
		select m.question, coalesce(m.answer ->> 'Text', '')
		from conversations c left join lateral (
			select question, answer, position from messages where conversation_id = c.id order by position desc limit $3
		) m on true
		where c.id = $1 and c.owner = $2 order by m.position`
	rows, err := c.pool.Query(ctx, read, key, who.ID, turnsRead)
	if err != nil {
		return nil, fmt.Errorf("read history of conversation %s: %w", id, err)
	}
	isKnown := false
	turns := make([]Turn, 0, turnsRead)
	var question *string // null: the conversation is empty
	var text string
	_, err = pgx.ForEachRow(rows, []any{&question, &text}, func() error {
		isKnown = true
		if question != nil {
			turns = append(turns, Turn{Question: *question, Answer: text})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read history of conversation %s: %w", id, err)
	}
	if !isKnown {
		return nil, errUnknownConversation()
	}
	return turns, nil
}

// add appends a message, and gives the conversation its title if it is the first. A conversation that was
// deleted in the meantime stays so: then the message is dropped, which is no error.
func (c *Conversations) add(ctx context.Context, who access.Principal, id string, m Message) error {
	var kept []byte
	if m.Answer != nil {
		var err error
		if kept, err = json.Marshal(m.Answer); err != nil {
			return fmt.Errorf("encode answer %s: %w", m.AnswerID, err)
		}
	}
	return postgres.InTx(ctx, c.pool, func(tx pgx.Tx) error {
		const touch = `
			update conversations set updated_at = now(), title = case title when '' then $3 else title end
			where id = $1::uuid and owner = $2` // also the lock that keeps positions apart
		tag, err := tx.Exec(ctx, touch, id, who.ID, titleOf(m.Question))
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		const insert = `
			insert into messages (conversation_id, position, question, searched_for, answer_id, answer, asked_at)
			values ($1::uuid, (select coalesce(max(position), 0) + 1 from messages where conversation_id = $1::uuid),
				$2, $3, $4::uuid, $5, $6)`
		_, err = tx.Exec(ctx, insert, id, m.Question, m.SearchedFor, m.AnswerID, kept, m.AskedAt)
		return err
	})
}

// titleLength is how many characters of the first question name a conversation in a list.
const titleLength = 80

// titleOf is a question on one line, cut between two words where it is too long.
func titleOf(question string) string {
	title := []rune(oneLine(question))
	if len(title) <= titleLength {
		return string(title)
	}
	cut := string(title[:titleLength-1])
	if space := strings.LastIndexByte(cut, ' '); space > titleLength/2 {
		cut = cut[:space]
	}
	return cut + "…"
}
