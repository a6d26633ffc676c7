// The open conversation and the list of all as the app's state: both stay when the reader looks at another page.

import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { blank, Conversation, type ConversationState } from "./conversation";
import { type ConversationList, useConversationList } from "./conversation-list";
import { navigate } from "./router";

export interface Chats {
  open: ConversationState;
  conversation: Conversation;
  list: ConversationList;
}

/** Where a conversation is read; "" is the page for a new one. */
export const conversationPath = (id: string) => (id ? `/#/c/${encodeURIComponent(id)}` : "/");

/** The conversation that an address names; "" for a new one, null where the address is another page's. */
export function conversationAt({ pathname, hash }: URL): string | null {
  if (pathname !== "/") return null;
  return decodeURIComponent(/^#\/c\/([^/]+)$/.exec(hash)?.[1] ?? "");
}

/** Follows the address: a link, the way back and a reload all open the conversation that it names. */
export function useChats(address: URL): Chats {
  const list = useConversationList();
  const [open, setOpen] = useState(blank);
  const { touch } = list;
  const conversation = useMemo(
    () =>
      new Conversation(setOpen, (id, question) => {
        touch(id, question);
        // The first question makes the conversation; the way back leads to where the reader came from.
        if (conversationAt(new URL(location.href)) === "") navigate(conversationPath(id), { replace: true });
      }),
    [touch],
  );

  const id = conversationAt(address);
  // Before anything is painted, so that a conversation that is read again is not greeted as a new one.
  useLayoutEffect(() => {
    if (id !== null) conversation.open(id);
  }, [conversation, id]);
  useEffect(() => () => conversation.close(), [conversation]);
  return { open, conversation, list };
}
