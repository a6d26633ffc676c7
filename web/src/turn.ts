// A turn is one question and its answer, as it grows while the events of the stream arrive.

import type { Answer, Citation, ConversationMessage, Feedback, Passage, Question } from "./api";
import { formatPeriod } from "./dates";
import { plainText } from "./markdown";
import type { ServerEvent } from "./sse";

export interface Turn extends Question {
  /** Unique within this page. */
  id: number;
  /** What the service calls the answer; "" until it has begun. */
  answerId: string;
  /** The last event that was read; "" if none. */
  lastEventId: string;
  phase: "searching" | "writing" | "done" | "stopped" | "failed";
  /** The connection is lost, and being tried again. */
  isReconnecting: boolean;
  text: string;
  passages: Passage[];
  citations: Citation[];
  /** The whole answer, once it is done. */
  answer: Answer | null;
  /** Why it failed, as a sentence; empty otherwise. */
  problem: string;
  /** Failed only because the connection was lost: the answer may be going on. */
  canGoOn: boolean;
  /** What the reader said of the answer; null if nothing. */
  feedback: Feedback | null;
}

export function newTurn(id: number, question: Question): Turn {
  return {
    ...question,
    id,
    answerId: "",
    lastEventId: "",
    phase: "searching",
    isReconnecting: false,
    text: "",
    passages: [],
    citations: [],
    answer: null,
    problem: "",
    canGoOn: false,
    feedback: null,
  };
}

// An answer for "now" is given at once; anything further away was a day that the reader chose.
const nowWithin = 5 * 60_000;

/** Returns the turn of a question that was asked before, as its conversation keeps it. */
export function turnOf(id: number, { question, asked_at, answer, feedback }: ConversationMessage): Turn {
  const turn = { ...newTurn(id, { question, asOf: "", isGeneral: false }), feedback };
  if (!answer) return fail(turn, "This question got no answer.");
  const isForNow = Math.abs(Date.parse(answer.as_of) - Date.parse(asked_at)) < nowWithin;
  return { ...finish(turn, answer), asOf: isForNow ? "" : answer.as_of.slice(0, 10) };
}

export const isRunning = (turn: Turn) => turn.phase === "searching" || turn.phase === "writing";

/** Returns the turn after an event of its stream. Unknown events change nothing that shows. */
export function applyEvent(before: Turn, event: ServerEvent): Turn {
  const turn = { ...before, lastEventId: event.id, isReconnecting: false };
  // What still comes after the reader has stopped is not shown, but for what the answer came to.
  if (turn.phase === "stopped" && event.name !== "start" && event.name !== "done") return turn;
  switch (event.name) {
    case "start": {
      const { answer_id } = JSON.parse(event.data) as { answer_id: string };
      return { ...turn, answerId: answer_id };
    }
    case "sources": {
      const { passages } = JSON.parse(event.data) as { passages: Passage[] };
      return { ...turn, passages };
    }
    case "text": {
      const { delta } = JSON.parse(event.data) as { delta: string };
      return { ...turn, phase: "writing", text: turn.text + delta };
    }
    case "citation":
      return { ...turn, citations: [...turn.citations, JSON.parse(event.data) as Citation] };
    case "done":
      return finish(turn, JSON.parse(event.data) as Answer);
    case "problem": {
      const { detail } = JSON.parse(event.data) as { detail: string };
      return fail(turn, detail);
    }
    default:
      return turn;
  }
}

/** Returns the turn with its whole, checked answer: it replaces what was put together on the way. */
function finish(turn: Turn, answer: Answer): Turn {
  const { id: answerId, passages, citations } = answer;
  const phase = answer.stopped ? "stopped" : "done";
  return { ...turn, phase, answerId, text: answer.answer, passages, citations, answer };
}

export const fail = (turn: Turn, problem: string): Turn => ({
  ...turn,
  phase: "failed",
  isReconnecting: false,
  problem,
  canGoOn: false,
});

/** Returns the turn after its connection was lost for good; one that has ended stays as it is. */
export function breakOff(turn: Turn): Turn {
  if (!isRunning(turn)) return turn;
  const failed = fail(turn, "The connection was lost before the answer was complete.");
  return { ...failed, canGoOn: turn.answerId !== "" };
}

/** Returns a turn that was broken off, as it goes on. */
export const goOn = (turn: Turn): Turn => ({
  ...turn,
  phase: turn.text ? "writing" : "searching",
  isReconnecting: true,
  problem: "",
  canGoOn: false,
});

export const stop = (turn: Turn): Turn =>
  isRunning(turn) ? { ...turn, phase: "stopped", isReconnecting: false } : turn;

/** The answer's text as the page shows it: what is general knowledge begins with a line that says so, as the label does. */
export function shownText({ text, answer }: Turn): string {
  return answer?.general ? text.replace(/^[^\n]*:\n\n/, "") : text;
}

/** Returns the citation behind the given occurrence of number n; the last one when there are fewer. */
export function citationAt(citations: Citation[], n: number, occurrence: number): Citation | undefined {
  const own = citations.filter((citation) => citation.n === n);
  return own[Math.min(occurrence, own.length - 1)];
}

/** Whether two citations lead to the same words: the last event brings each anew. */
export function isSameCitation(a: Citation, b: Citation | null): boolean {
  return (
    b !== null && a.n === b.n && a.start === b.start && a.end === b.end && a.document_id === b.document_id
  );
}

/** A revision that an answer cites, with the numbers that cite it. */
export interface CitedSource {
  first: Citation;
  /** One for each number: the first. */
  citations: Citation[];
}

/** Groups citations by revision, in the order of their first number. */
export function citedSources(citations: Citation[]): CitedSource[] {
  const sources = new Map<string, CitedSource>();
  for (const citation of citations.toSorted((a, b) => a.n - b.n)) {
    const id = `${citation.document_id}/${citation.revision}`;
    const source = sources.get(id);
    if (!source) sources.set(id, { first: citation, citations: [citation] });
    else if (source.citations.at(-1)?.n !== citation.n) source.citations.push(citation);
  }
  return [...sources.values()];
}

/** What the copy button copies: the answer, then its sources, one a line. */
export function copyText(turn: Turn, now: Date): string {
  const sources = citedSources(turn.citations)
    .flatMap((source) => source.citations)
    .toSorted((a, b) => a.n - b.n)
    .map((cited) => {
      const period = formatPeriod(cited.effective_from, cited.effective_until, now);
      const place = [cited.page === null ? "" : `page ${cited.page}`, cited.heading]
        .filter(Boolean)
        .join(", ");
      return `[${cited.n}] ${cited.title}, revision ${cited.revision}. ${period}.${place ? ` ${place}.` : ""}`;
    });
  return [plainText(turn.text), sources.join("\n")].filter(Boolean).join("\n\n");
}
