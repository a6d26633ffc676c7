// A turn is one question and its answer, as it grows while the events of the stream arrive.

import type { Answer, Citation, Passage } from "./api";
import { formatPeriod } from "./dates";
import { plainText } from "./markdown";
import type { ServerEvent } from "./sse";

export interface Turn {
  /** Unique within this page. */
  id: number;
  question: string;
  /** The date asked about, YYYY-MM-DD; "" means now. */
  asOf: string;
  phase: "searching" | "writing" | "done" | "stopped" | "failed";
  text: string;
  passages: Passage[];
  citations: Citation[];
  /** The whole answer, once it is done. */
  answer: Answer | null;
  /** Why it failed, as a sentence; empty otherwise. */
  problem: string;
}

export function newTurn(id: number, question: string, asOf: string): Turn {
  return {
    id,
    question,
    asOf,
    phase: "searching",
    text: "",
    passages: [],
    citations: [],
    answer: null,
    problem: "",
  };
}

export const isRunning = (turn: Turn) => turn.phase === "searching" || turn.phase === "writing";

/** Returns the turn after an event of its stream. Unknown events change nothing. */
export function applyEvent(turn: Turn, event: ServerEvent): Turn {
  switch (event.name) {
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
    case "done": {
      // The last event holds the whole checked answer: it replaces what was put together on the way.
      const answer = JSON.parse(event.data) as Answer;
      const { passages, citations } = answer;
      return { ...turn, phase: "done", text: answer.answer, passages, citations, answer };
    }
    case "problem": {
      const { detail } = JSON.parse(event.data) as { detail: string };
      return fail(turn, detail);
    }
    default:
      return turn;
  }
}

export const fail = (turn: Turn, problem: string): Turn => ({ ...turn, phase: "failed", problem });

/** Returns the turn after its stream has ended: one that is still running was broken off. */
export function endStream(turn: Turn): Turn {
  return isRunning(turn) ? fail(turn, "The answer broke off before it was complete. Ask again.") : turn;
}

export const stop = (turn: Turn): Turn => (isRunning(turn) ? { ...turn, phase: "stopped" } : turn);

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
