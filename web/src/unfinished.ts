// The answer that this tab is reading, remembered so that a reload in the middle can go on with it.

import type { Question } from "./api";

export interface Unfinished extends Question {
  conversationId: string;
  answerId: string;
}

const key = "clearwell.unfinished";

export function remember({ conversationId, answerId, question, asOf, isGeneral }: Unfinished): void {
  sessionStorage.setItem(key, JSON.stringify({ conversationId, answerId, question, asOf, isGeneral }));
}

/** Returns the unfinished answer of this conversation; null if there is none. */
export function recall(conversationId: string): Unfinished | null {
  const stored = sessionStorage.getItem(key);
  if (!stored) return null;
  const answer = JSON.parse(stored) as Unfinished;
  return answer.conversationId === conversationId ? answer : null;
}

/** Forgets this answer; without one, whichever it is. */
export function forget(answerId?: string): void {
  const stored = sessionStorage.getItem(key);
  if (stored && (!answerId || (JSON.parse(stored) as Unfinished).answerId === answerId)) {
    sessionStorage.removeItem(key);
  }
}
