// An answer's events, read to their end. A connection that drops is taken up again where it broke.

import { followAnswer, Problem } from "./api";
import { readEvents, type ServerEvent } from "./sse";

/** Milliseconds before each attempt to go on. An event that arrives begins the count anew. */
export const waits = [500, 1500, 4000] as const;

export interface Start {
  /** Sends the question; not called when an answer is named. */
  ask: (signal: AbortSignal) => Promise<Response>;
  /** The answer to go on with; "" for one that is still to be asked for. */
  answerId: string;
  /** The last event of it that was read; "" if none. */
  lastEventId: string;
}

interface Listener {
  onEvent: (event: ServerEvent) => void;
  /** The connection is lost; it will be tried again. */
  onLost: () => void;
}

/**
 * Reads until the answer is done, and resolves with true; with false when the connection was lost for good.
 * Rejects with a Problem when the service refuses, and with anything when the signal is aborted.
 */
export async function readAnswer(start: Start, listener: Listener, signal: AbortSignal): Promise<boolean> {
  let { answerId, lastEventId } = start;
  let losses = 0;
  for (;;) {
    try {
      const response = await (answerId ? followAnswer(answerId, lastEventId, signal) : start.ask(signal));
      if (!response.body) return true; // 204: nothing is left to read
      for await (const event of readEvents(response.body)) {
        losses = 0;
        lastEventId = event.id;
        if (event.name === "start") answerId = answerOf(event);
        listener.onEvent(event);
        if (event.name === "done" || event.name === "problem") return true;
      }
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      // Without a name the answer can't be found again; the caller has the words for what happened.
      if (!answerId) {
        if (error instanceof Problem) throw error;
        return false;
      }
    }
    const wait = waits[losses++];
    if (!answerId || wait === undefined) return false;
    listener.onLost();
    await pause(wait, signal);
  }
}

const answerOf = (event: ServerEvent) => (JSON.parse(event.data) as { answer_id: string }).answer_id;

// A connection that breaks in the middle is a TypeError of the reader; a proxy whose service is away answers 502 to 504.
const isPassing = (error: unknown) =>
  error instanceof TypeError || (error instanceof Problem && [0, 502, 503, 504].includes(error.status));

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
