// The questions asked in this tab. Kept in memory only: a reload forgets them.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask, sentenceOf } from "./api";
import { readEvents } from "./sse";
import { applyEvent, endStream, fail, newTurn, stop, type Turn } from "./turn";

export interface Conversation {
  turns: Turn[];
  /** Asks; a question that is still being answered is stopped. `asOf` is a date, "" means now. */
  ask(question: string, asOf: string): void;
  stop(): void;
  clear(): void;
}

export function useConversation(): Conversation {
  const [turns, setTurns] = useState<Turn[]>([]);
  const running = useRef<AbortController | null>(null);
  const lastId = useRef(0);

  const change = useCallback((id: number, update: (turn: Turn) => Turn) => {
    setTurns((all) => all.map((turn) => (turn.id === id ? update(turn) : turn)));
  }, []);

  const stopRunning = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setTurns((all) => all.map(stop));
  }, []);

  const start = useCallback(
    (question: string, asOf: string) => {
      stopRunning();
      const controller = new AbortController();
      running.current = controller;
      const turn = newTurn(++lastId.current, question, asOf);
      setTurns((all) => [...all, turn]);
      void stream(question, asOf, controller.signal, (update) => {
        if (!controller.signal.aborted) change(turn.id, update);
      });
    },
    [change, stopRunning],
  );

  const clear = useCallback(() => {
    stopRunning();
    setTurns([]);
  }, [stopRunning]);

  useEffect(() => () => running.current?.abort(), []);
  return { turns, ask: start, stop: stopRunning, clear };
}

async function stream(
  question: string,
  asOf: string,
  signal: AbortSignal,
  change: (update: (turn: Turn) => Turn) => void,
): Promise<void> {
  try {
    const response = await ask(question, asOf, signal);
    if (response.body) {
      for await (const event of readEvents(response.body)) change((turn) => applyEvent(turn, event));
    }
    change(endStream);
  } catch (error) {
    // A connection that breaks in the middle is a TypeError of the reader: endStream has the words for it.
    if (error instanceof TypeError) change(endStream);
    else change((turn) => fail(turn, sentenceOf(error)));
  }
}
