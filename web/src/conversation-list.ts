// The reader's own conversations, last used first, as the list beside the chat has them.

import { useCallback, useEffect, useState } from "preact/hooks";
import { type ConversationSummary, deleteConversation, listConversations, sentenceOf } from "./api";
import { today } from "./dates";

export interface ConversationList {
  phase: "loading" | "ready" | "failed";
  /** Why it could not be read; empty otherwise. */
  problem: string;
  conversations: ConversationSummary[];
  hasMore: boolean;
  /** Reads it again from its beginning. */
  reload(): void;
  /** Reads the next page. */
  more(): void;
  /** Puts a conversation first, where a question was just asked. */
  touch(id: string, question: string): void;
  /** Deletes one; rejects with a Problem. */
  remove(id: string): Promise<void>;
}

export function useConversationList(): ConversationList {
  const [conversations, setConversations] = useState<ConversationSummary[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [phase, setPhase] = useState<ConversationList["phase"]>("loading");
  const [problem, setProblem] = useState("");

  const read = useCallback(async (from: string) => {
    try {
      const page = await listConversations(from);
      setConversations((before) => joined(from ? before : [], page.conversations));
      setCursor(page.next_cursor);
      setPhase("ready");
    } catch (error) {
      setProblem(sentenceOf(error));
      setPhase("failed");
    }
  }, []);
  useEffect(() => void read(""), [read]);

  const touch = useCallback(
    (id: string, question: string) => setConversations((before) => touched(before, id, question, new Date())),
    [],
  );
  const remove = useCallback(async (id: string) => {
    await deleteConversation(id);
    setConversations((before) => before.filter((conversation) => conversation.id !== id));
  }, []);

  return {
    phase,
    problem,
    conversations,
    hasMore: cursor !== null,
    reload: useCallback(() => void read(""), [read]),
    more: useCallback(() => void read(cursor ?? ""), [read, cursor]),
    touch,
    remove,
  };
}

/** Appends a page. One that has moved up in the meantime comes a second time, and is left where it is. */
function joined(before: ConversationSummary[], page: ConversationSummary[]): ConversationSummary[] {
  const seen = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !seen.has(id))];
}

/** The list after a question in one of its conversations, or in one that is not in it yet. */
export function touched(
  before: ConversationSummary[],
  id: string,
  question: string,
  now: Date,
): ConversationSummary[] {
  const at = now.toISOString();
  const known = before.find((conversation) => conversation.id === id);
  const first: ConversationSummary = known ?? { id, title: "", created_at: at, updated_at: at, messages: 0 };
  return [
    { ...first, title: first.title || question, updated_at: at, messages: first.messages + 1 },
    ...before.filter((conversation) => conversation !== known),
  ];
}

export interface Day {
  name: string;
  conversations: ConversationSummary[];
}

/** Groups conversations by the day of their last question. Those without a question are left out. */
export function byDay(conversations: ConversationSummary[], now: Date): Day[] {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  const days = new Map<string, ConversationSummary[]>();
  for (const conversation of conversations.filter(({ messages }) => messages > 0)) {
    const day = today(new Date(conversation.updated_at));
    const name = day === today(now) ? "Today" : day === today(yesterday) ? "Yesterday" : "Earlier";
    days.set(name, [...(days.get(name) ?? []), conversation]);
  }
  return [...days].map(([name, conversations]) => ({ name, conversations }));
}
