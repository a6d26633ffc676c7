import { useState } from "preact/hooks";
import type { ConversationSummary } from "../api";
import { type Chats, conversationPath } from "../chats";
import { byDay } from "../conversation-list";
import { Link, navigate } from "../router";
import { Confirm } from "./confirm";
import { Icon } from "./icon";

interface Props {
  chats: Chats;
  /** A conversation was chosen, or a new one begun. */
  onGo?: () => void;
}

/** The reader's conversations by day, with a way to begin and to delete one. */
export function ConversationNav({ chats: { open, conversation, list }, onGo = () => {} }: Props) {
  const [doomed, setDoomed] = useState<ConversationSummary | null>(null);

  const startOver = () => {
    conversation.startOver();
    navigate(conversationPath(""));
    onGo();
  };
  const remove = async ({ id }: ConversationSummary) => {
    await list.remove(id);
    if (id === open.id) startOver();
  };

  const days = byDay(list.conversations, new Date());
  return (
    <nav class="conversations" aria-label="Conversations" data-testid="conversations">
      <button type="button" class="conversation-new" onClick={startOver} data-testid="new-conversation">
        <Icon name="plus" />
        New conversation
      </button>
      {days.map((day) => (
        <section key={day.name} aria-label={day.name}>
          <h2 class="small-heading">{day.name}</h2>
          <ul>
            {day.conversations.map((conversation) => (
              <Item
                key={conversation.id}
                conversation={conversation}
                isOpen={conversation.id === open.id}
                onGo={onGo}
                onDelete={() => setDoomed(conversation)}
              />
            ))}
          </ul>
        </section>
      ))}
      {list.phase === "ready" && days.length === 0 && (
        <p class="conversations-note">What you ask is kept here, for you alone.</p>
      )}
      {list.phase === "failed" && (
        <p class="conversations-note" role="alert">
          {list.problem}{" "}
          <button type="button" class="text-button" onClick={list.reload}>
            Try again
          </button>
        </p>
      )}
      {list.hasMore && (
        <button type="button" class="text-button conversations-more" onClick={list.more}>
          Show earlier ones
        </button>
      )}
      {doomed && (
        <Confirm
          question={{
            title: "Delete this conversation?",
            text: `“${doomed.title}” and its answers can't be brought back.`,
            action: "Delete",
            isDangerous: true,
            run: () => remove(doomed),
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </nav>
  );
}

interface ItemProps {
  conversation: ConversationSummary;
  isOpen: boolean;
  onGo: () => void;
  onDelete: () => void;
}

function Item({ conversation: { id, title }, isOpen, onGo, onDelete }: ItemProps) {
  return (
    <li class="conversation" data-testid="conversation">
      <Link to={conversationPath(id)} isCurrent={isOpen} title={title} onFollow={onGo}>
        {title}
      </Link>
      <button
        type="button"
        class="icon-button"
        onClick={onDelete}
        aria-label={`Delete “${title}”`}
        title="Delete"
        data-testid="delete-conversation"
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}
