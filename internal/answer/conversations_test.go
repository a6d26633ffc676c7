package answer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

var (
	anna = access.Principal{ID: "key:1", Name: "Anna", Role: access.Reader}
	ben  = access.Principal{ID: "key:2", Name: "Ben", Role: access.Reader}
)

// talk is a dialogue on a real database.
type talk struct {
	pool  *pgxpool.Pool
	store *answer.Conversations
	*answer.Dialogue
}

func newTalk(t *testing.T, pool *pgxpool.Pool, search answer.Searcher, chat inference.Chat) *talk {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s, err := answer.New(search, inferencetest.NewEmbedder(64), chat, journal.New(pool), nil, answer.Config{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	store := answer.NewConversations(pool)
	return &talk{pool, store, answer.NewDialogue(s, store, quiet)}
}

// begin starts a conversation of Anna's.
func (k *talk) begin(t *testing.T) string {
	t.Helper()
	made, err := k.store.StartConversation(t.Context(), anna)
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// say asks as Anna in the conversation and returns the answer that came last.
func (k *talk) say(t *testing.T, id, question string) answer.Answer {
	t.Helper()
	done, err := k.hear(t.Context(), anna, answer.Question{Text: question, ConversationID: id})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func (k *talk) hear(ctx context.Context, who access.Principal, q answer.Question) (done answer.Answer, err error) {
	for event, err := range k.Answer(ctx, who, q) {
		if err != nil {
			return done, err
		}
		if d, ok := event.(answer.Done); ok {
			done = d.Answer
		}
	}
	return done, nil
}

func (k *talk) read(t *testing.T, id string) (answer.Conversation, []answer.Message) {
	t.Helper()
	found, messages, err := k.store.Conversation(t.Context(), anna, id)
	if err != nil {
		t.Fatal(err)
	}
	return found, messages
}

func TestMessagesAreKeptInOrderWithTheAnswersAsTheyWereGiven(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	id := k.begin(t)
	first := k.say(t, id, "How many vacation  days do employees get?")
	second := k.say(t, id, "And why?")
	if want := "And why? (vacation days employees)"; second.SearchedFor != want || first.SearchedFor != "" {
		t.Errorf("searched for %q, then for %q", first.SearchedFor, second.SearchedFor)
	}
	found, messages := k.read(t, id)
	if found.Title != "How many vacation days do employees get?" || found.Messages != 2 || !found.UpdatedAt.After(found.CreatedAt) {
		t.Errorf("conversation %+v", found)
	}
	for i, want := range []answer.Answer{first, second} {
		want.AsOf = messages[i].Answer.AsOf // the zero time of the scripted search, in another zone
		if diff := cmp.Diff(&want, messages[i].Answer); diff != "" || messages[i].AnswerID != want.ID || messages[i].SearchedFor != want.SearchedFor {
			t.Errorf("message %d (-want +got):\n%s", i, diff)
		}
	}
	if messages[1].Question != "And why?" || messages[1].AskedAt.Before(messages[0].AskedAt) {
		t.Errorf("messages %+v", messages)
	}
}

func TestConversationsBelongToWhoBeganThem(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	ids := []string{k.begin(t), k.begin(t), k.begin(t)}
	k.say(t, ids[0], "How many vacation days do employees get?") // now the one used last
	for _, id := range append(ids, "b9f0ab39-8d2f-4c6e-9a53-6ef1f0f0b111", "x", "") {
		who := ben
		if len(id) < 36 || strings.HasPrefix(id, "b9f0") {
			who = anna
		}
		_, _, readErr := k.store.Conversation(t.Context(), who, id)
		deleteErr := k.store.DeleteConversation(t.Context(), who, id)
		_, askErr := k.hear(t.Context(), who, answer.Question{Text: "How many vacation days?", ConversationID: id})
		for _, err := range []error{readErr, deleteErr, askErr} {
			if id == "" && err == nil {
				continue // asking without a conversation
			}
			if fault.CodeOf(err) != "unknown_conversation" || fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q for %s: %v", id, who.Name, err)
			}
		}
	}
	var listed []string
	after := answer.ConversationCursor{}
	for range ids { // pages of one
		page, err := k.store.Conversations(t.Context(), anna, after, 1)
		if err != nil || len(page) != 1 {
			t.Fatal(page, err)
		}
		listed, after = append(listed, page[0].ID), answer.ConversationCursor{UpdatedAt: page[0].UpdatedAt, ID: page[0].ID}
	}
	if diff := cmp.Diff([]string{ids[0], ids[2], ids[1]}, listed); diff != "" {
		t.Errorf("last used first (-want +got):\n%s", diff)
	}
	if none, err := k.store.Conversations(t.Context(), ben, answer.ConversationCursor{}, 10); len(none) != 0 || err != nil {
		t.Errorf("Ben sees %v, %v", none, err)
	}
}

func TestDeletingAConversationDeletesItsMessages(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	kept, gone := k.begin(t), k.begin(t)
	for _, id := range []string{kept, gone} {
		k.say(t, id, "How many vacation days do employees get?")
	}
	if err := k.store.DeleteConversation(t.Context(), anna, gone); err != nil {
		t.Fatal(err)
	}
	var messages int
	if err := k.pool.QueryRow(t.Context(), `select count(*) from messages`).Scan(&messages); err != nil || messages != 1 {
		t.Errorf("%d messages are left, error %v", messages, err)
	}
}

func TestUntouchedConversationsAreDropped(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	old, touched := k.begin(t), k.begin(t)
	if _, err := k.pool.Exec(t.Context(), `update conversations set created_at = now() - interval '2 years', updated_at = now() - interval '2 years'`); err != nil {
		t.Fatal(err)
	}
	k.say(t, touched, "How many vacation days do employees get?")
	if dropped, err := k.store.DropUntouched(t.Context(), time.Now().AddDate(0, 0, -365)); dropped != 1 || err != nil {
		t.Errorf("dropped %d, error %v", dropped, err)
	}
	if _, _, err := k.store.Conversation(t.Context(), anna, old); fault.CodeOf(err) != "unknown_conversation" {
		t.Errorf("the old one: %v", err)
	}
	k.read(t, touched)
}

func TestQuestionsAtTheSameTimeHaveTheirOwnPlaces(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	id := k.begin(t)
	var asking sync.WaitGroup
	for i := range 8 {
		asking.Go(func() {
			if _, err := k.hear(t.Context(), anna, answer.Question{Text: fmt.Sprintf("How many vacation days does employee %d get?", i), ConversationID: id}); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	if found, _ := k.read(t, id); found.Messages != 8 {
		t.Errorf("%d messages", found.Messages)
	}
}

// gated is a model that says its pieces one by one, each when the test lets it.
func gated(t *testing.T, pieces ...string) (inference.Chat, chan struct{}) {
	t.Helper()
	gate := make(chan struct{})
	server := inferencetest.New(t, 64)
	server.AnswerChat(inferencetest.Completion{Pieces: pieces, Gate: gate})
	return openChat(t, server), gate
}

func openChat(t *testing.T, server *inferencetest.Server) inference.Chat {
	t.Helper()
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: server.BaseURL(), Model: "scripted", Attempts: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return chat
}

var threeSentences = []string{"You get 28 vacation days a year [1]. ", "Unused days expire in March [1]. ", "This is for all employees [1]."}

func TestAnAnswerThatEndsEarlyIsKeptAsFarAsItWent(t *testing.T) {
	t.Parallel()
	const said = "You get 28 vacation days a year [1]."
	for name, c := range map[string]struct {
		cause    error // of the context's end; nil: the reader leaves
		isFailed bool  // and no Done comes
	}{
		"stopped": {cause: answer.ErrStopped}, "request gone": {cause: context.Canceled, isFailed: true}, "reader gone": {isFailed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chat, gate := gated(t, threeSentences...)
			k := newTalk(t, pgtest.New(t), vacation, chat)
			id := k.begin(t)
			ctx, end := context.WithCancelCause(t.Context())
			defer end(nil)
			var done answer.Answer
			go func() {
				gate <- struct{}{}
				gate <- struct{}{} // the first sentence is whole when the second one has begun
			}()
			for event, err := range k.Answer(ctx, anna, answer.Question{Text: "How many vacation days do employees get?", ConversationID: id}) {
				if d, ok := event.(answer.Done); ok {
					done = d.Answer
				}
				if _, ok := event.(answer.Text); ok && err == nil {
					if c.cause == nil {
						break
					}
					end(c.cause)
				}
			}
			_, messages := k.read(t, id)
			if len(messages) != 1 || messages[0].Answer == nil {
				t.Fatalf("messages %+v", messages)
			}
			kept := messages[0].Answer
			if strings.TrimSpace(kept.Text) != said || !kept.Stopped || len(kept.Citations) != 1 || len(kept.Passages) == 0 {
				t.Errorf("kept %+v", kept)
			}
			if c.isFailed != (done.ID == "") || !c.isFailed && (!done.Stopped || strings.TrimSpace(done.Text) != said) {
				t.Errorf("last came %+v", done)
			}
			if receipt, err := journal.New(k.pool).Receipt(t.Context(), messages[0].AnswerID); err != nil || receipt.Answer != kept.Text {
				t.Errorf("receipt %q, error %v", receipt.Answer, err)
			}
		})
	}
}

func TestAnAnswerStoppedBeforeItsFirstWordIsDoneAndEmpty(t *testing.T) {
	t.Parallel()
	chat, _ := gated(t, threeSentences...)
	k := newTalk(t, pgtest.New(t), vacation, chat)
	id := k.begin(t)
	ctx, end := context.WithCancelCause(t.Context())
	end(answer.ErrStopped)
	done, err := k.hear(ctx, anna, answer.Question{Text: "How many vacation days do employees get?", ConversationID: id})
	if err != nil || !done.Stopped || done.Text != "" || done.AsOf.IsZero() {
		t.Errorf("got %+v, error %v", done, err)
	}
	if _, messages := k.read(t, id); len(messages) != 1 || !messages[0].Answer.Stopped {
		t.Errorf("messages %+v", messages)
	}
}

func TestAQuestionThatFailedIsKeptWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), failing{}, nil)
	id := k.begin(t)
	if _, err := k.hear(t.Context(), anna, answer.Question{Text: "How many?", ConversationID: id}); fault.CodeOf(err) != "embedder_unavailable" {
		t.Errorf("got %v", err)
	}
	if _, messages := k.read(t, id); len(messages) != 1 || messages[0].Answer != nil || messages[0].Question != "How many?" {
		t.Errorf("messages %+v", messages)
	}
}

func TestAConversationDeletedMeanwhileStaysDeleted(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	id := k.begin(t)
	for event, err := range k.Answer(t.Context(), anna, answer.Question{Text: "How many vacation days do employees get?", ConversationID: id}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := event.(answer.Sources); ok {
			if err := k.store.DeleteConversation(t.Context(), anna, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, _, err := k.store.Conversation(t.Context(), anna, id); fault.CodeOf(err) != "unknown_conversation" {
		t.Errorf("got %v", err)
	}
}

func TestAFollowUpIsSearchedWithTheRightsOfItsMoment(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(t, "vacation", "Vacation policy", "Full-time employees get 28 vacation days a year. Ask your manager.", time.Now().AddDate(-1, 0, 0))
	k := newTalk(t, d.pool, retrieve.NewSearcher(d.pool, d.embedder, retrieve.Config{}), nil)
	id := k.begin(t)
	if got := k.say(t, id, "How many vacation days do employees get?"); !strings.Contains(got.Text, "28 vacation days") {
		t.Fatalf("got %q", got.Text)
	}
	limited := anna
	limited.Collections = []string{"legal"} // hr was taken away
	got, err := k.hear(t.Context(), limited, answer.Question{Text: "And who gets them?", ConversationID: id})
	if err != nil || !got.Abstained || len(got.Passages)+len(got.Nearest)+len(got.Citations) != 0 || strings.Contains(got.Text, "28") {
		t.Errorf("got %+v, error %v", got, err)
	}
	if got.SearchedFor != "And who gets them? (vacation days employees)" {
		t.Errorf("searched for %q", got.SearchedFor)
	}
}

func TestFeedbackComesFromWhoeverGotTheAnswer(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	id := k.begin(t)
	given := k.say(t, id, "How many vacation days do employees get?")
	other := k.say(t, id, "Where do visitors sign in at the office?")
	say := func(who access.Principal, answerID string, helpful bool, reason string) error {
		return k.store.SetFeedback(t.Context(), who, answer.Feedback{AnswerID: answerID, Helpful: helpful, Reason: reason})
	}
	for _, unknown := range []error{say(ben, given.ID, true, ""), say(anna, "x", true, ""), say(anna, id, true, "")} {
		if fault.CodeOf(unknown) != "unknown_answer" || fault.KindOf(unknown) != fault.NotFound {
			t.Errorf("got %v", unknown)
		}
	}
	if err := errors.Join(say(anna, given.ID, true, ""), say(anna, given.ID, false, "It is 30."), say(anna, other.ID, true, "")); err != nil {
		t.Fatal(err)
	}
	_, messages := k.read(t, id)
	if f := messages[0].Feedback; f == nil || f.Helpful || f.Reason != "It is 30." {
		t.Errorf("the last word counts, got %+v", f)
	}
	isHelpful := false
	list, err := k.store.Feedback(t.Context(), &isHelpful, time.Now().Add(-time.Hour), 10)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	list[0].At = time.Time{}
	want := answer.Feedback{AnswerID: given.ID, Question: "How many vacation days do employees get?", Reason: "It is 30.", Actor: anna.ID}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("feedback (-want +got):\n%s", diff)
	}
	if all, err := k.store.Feedback(t.Context(), nil, time.Now().Add(-time.Hour), 1); err != nil || len(all) != 1 || all[0].AnswerID != other.ID {
		t.Errorf("newest first, got %+v, %v", all, err)
	}
	if none, err := k.store.Feedback(t.Context(), nil, time.Now().Add(time.Hour), 10); err != nil || len(none) != 0 {
		t.Errorf("got %+v, %v", none, err)
	}
}

// An answer as it is kept in the table: renaming a field of Answer loses it in the conversations that there are.
func TestAnswersThatWereKeptEarlierAreRead(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	id := k.begin(t)
	const kept = `{"ID": "5b0a7c3e-52a1-4f0e-9d1c-0d8b7f6e5a41", "Text": "28 days [1].", "AsOf": "2026-01-02T00:00:00Z", "Model": "extractive", "Stopped": true,
		"Abstained": false, "Citations": [{"N": 1, "Quote": "28 days", "Start": 3, "End": 10, "IsFormer": false, "Passage": {"ChunkID": 5, "DocumentID": 7,
		"DocumentKey": "hr/vacation", "Collection": "hr", "Title": "Vacation", "Revision": 2, "EffectiveFrom": "2026-01-01T00:00:00Z", "EffectiveUntil": null,
		"Page": 1, "Headings": ["Leave"], "Context": "", "Text": "28 days", "Start": 3, "End": 10, "Score": 1.5}}],
		"Flags": [{"Start": 0, "End": 7, "Statement": "28 days", "Reason": "figure", "Missing": "28"}], "SearchedFor": "x", "IsGeneral": true}`
	_, err := k.pool.Exec(t.Context(), `
		insert into messages (conversation_id, position, question, searched_for, answer_id, answer, asked_at)
		values ($1::uuid, 1, 'How many?', 'x', '5b0a7c3e-52a1-4f0e-9d1c-0d8b7f6e5a41', $2, now())`, id, kept)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	want := &answer.Answer{
		ID: "5b0a7c3e-52a1-4f0e-9d1c-0d8b7f6e5a41", Text: "28 days [1].", AsOf: from.AddDate(0, 0, 1), Model: "extractive", Stopped: true, SearchedFor: "x",
		IsGeneral: true, Flags: []answer.Flag{{End: 7, Statement: "28 days", Reason: answer.FlagFigure, Missing: "28"}},
		Citations: []answer.Citation{{N: 1, Quote: "28 days", Start: 3, End: 10, Passage: retrieve.Passage{
			ChunkID: 5, DocumentID: 7, DocumentKey: "hr/vacation", Collection: "hr", Title: "Vacation", Revision: 2, EffectiveFrom: from,
			Page: 1, Headings: []string{"Leave"}, Text: "28 days", Start: 3, End: 10, Score: 1.5,
		}}},
	}
	_, messages := k.read(t, id)
	if diff := cmp.Diff(want, messages[0].Answer); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATitleIsTheFirstQuestionShortened(t *testing.T) {
	t.Parallel()
	k := newTalk(t, pgtest.New(t), vacation, nil)
	for question, want := range map[string]string{
		"How many\nvacation days?":    "How many vacation days?",
		strings.Repeat("day by ", 20): strings.TrimSpace(strings.Repeat("day by ", 11)) + "…",
		strings.Repeat("ä", 100):      strings.Repeat("ä", 79) + "…",
	} {
		id := k.begin(t)
		k.say(t, id, question)
		if found, _ := k.read(t, id); found.Title != want {
			t.Errorf("title %q, want %q", found.Title, want)
		}
	}
}
