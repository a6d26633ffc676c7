import { describe, expect, it } from "vitest";
import type { Answer, Citation } from "./api";
import {
  applyEvent,
  breakOff,
  citationAt,
  citedSources,
  copyText,
  goOn,
  newTurn,
  shownText,
  stop,
  type Turn,
  turnOf,
} from "./turn";

function citation(n: number, over: Partial<Citation> = {}): Citation {
  return {
    n,
    document_id: "7",
    document_key: "vacation",
    collection: "hr",
    title: "Vacation policy",
    revision: 3,
    effective_from: "2026-01-01T00:00:00Z",
    effective_until: null,
    page: 2,
    heading: "Leave > Days",
    quote: "25 days",
    start: 10,
    end: 17,
    url: "/",
    former: false,
    ...over,
  };
}

const event = (name: string, data: unknown, id = "a:1") => ({ name, data: JSON.stringify(data), id });
const fresh = () => newTurn(1, { question: "How many?", asOf: "", isGeneral: false });
const answer = (over: Partial<Answer> = {}) =>
  ({ id: "a", answer: "25 days [1].", citations: [citation(1)], passages: [], ...over }) as Answer;

describe("applyEvent", () => {
  it("grows from sources over text and citations to the checked answer", () => {
    let turn = fresh();
    turn = applyEvent(turn, event("sources", { passages: [] }));
    expect(turn.phase).toBe("searching");
    turn = applyEvent(turn, event("text", { delta: "25 " }));
    turn = applyEvent(turn, event("text", { delta: "days [1]" }));
    turn = applyEvent(turn, event("citation", citation(1)));
    expect(turn).toMatchObject({ phase: "writing", text: "25 days [1]", citations: [{ n: 1 }] });
    expect(applyEvent(turn, event("done", answer()))).toMatchObject({ phase: "done", text: "25 days [1]." });
  });

  it("shows the sentence of a problem and keeps what was written", () => {
    const turn = applyEvent({ ...fresh(), text: "25" }, event("problem", { detail: "Try later." }));
    expect(turn).toMatchObject({ phase: "failed", problem: "Try later.", text: "25" });
  });

  it("knows what the answer is called and which event came last", () => {
    const turn = applyEvent(fresh(), event("start", { answer_id: "a", conversation_id: "c" }));
    expect(turn).toMatchObject({ answerId: "a", lastEventId: "a:1", phase: "searching" });
    expect(applyEvent(turn, event("text", { delta: "25" }, "a:2")).lastEventId).toBe("a:2");
  });

  it("shows nothing that comes after a stop, but for what the answer came to", () => {
    let turn = stop(applyEvent(fresh(), event("text", { delta: "25" })));
    turn = applyEvent(turn, event("text", { delta: " days" }));
    expect(turn).toMatchObject({ phase: "stopped", text: "25" });
    const done = event("done", answer({ stopped: true, answer: "25 days" }));
    expect(applyEvent(turn, done)).toMatchObject({ phase: "stopped", text: "25 days", answer: { id: "a" } });
  });

  it("ignores events that it does not know", () => {
    expect(applyEvent(fresh(), { name: "ping", data: "", id: "" })).toEqual(fresh());
  });
});

describe("breakOff", () => {
  it("fails a turn that is still running, and only that", () => {
    expect(breakOff(fresh()).phase).toBe("failed");
    expect(breakOff(stop(fresh())).phase).toBe("stopped");
    expect(breakOff({ ...fresh(), phase: "done" }).phase).toBe("done");
  });

  it("leaves a way on where the answer has a name", () => {
    expect(breakOff(fresh()).canGoOn).toBe(false);
    const broken = breakOff({ ...fresh(), answerId: "a", text: "25", phase: "writing" });
    expect(broken.canGoOn).toBe(true);
    expect(goOn(broken)).toMatchObject({ phase: "writing", isReconnecting: true, problem: "", text: "25" });
  });
});

describe("turnOf", () => {
  const asked_at = "2026-11-20T10:00:00Z";
  const kept = (given: Answer | null, feedback: Turn["feedback"] = null) =>
    turnOf(7, { question: "How many?", asked_at, answer: given, feedback });

  it("is the turn that the reader saw, with what they said of it", () => {
    const feedback = { helpful: false, reason: "Out of date" };
    const turn = kept(answer({ as_of: "2026-11-20T10:00:01Z" }), feedback);
    expect(turn).toMatchObject({ id: 7, phase: "done", answerId: "a", asOf: "", feedback });
    expect(turn.citations).toHaveLength(1);
  });

  it("knows the day that was asked about", () => {
    expect(kept(answer({ as_of: "2025-03-03T00:00:00Z" })).asOf).toBe("2025-03-03");
  });

  it("says when an answer was stopped, and when there was none", () => {
    expect(kept(answer({ as_of: asked_at, stopped: true })).phase).toBe("stopped");
    expect(kept(null)).toMatchObject({ phase: "failed", canGoOn: false });
  });
});

describe("citedSources", () => {
  it("groups the citations of one revision and keeps revisions of one document apart", () => {
    const groups = citedSources([citation(3), citation(1), citation(2, { revision: 2 })]);
    expect(groups.map((group) => group.citations.map((cited) => cited.n))).toEqual([[1, 3], [2]]);
  });
});

describe("citationAt", () => {
  const quotes = [citation(2, { start: 1 }), citation(1, { start: 2 }), citation(2, { start: 3 })];

  it("leads each occurrence of a number to its own quote", () => {
    expect([0, 1, 2].map((occurrence) => citationAt(quotes, 2, occurrence)?.start)).toEqual([1, 3, 3]);
    expect(citationAt(quotes, 9, 0)).toBeUndefined();
  });

  it("shows a number once among the sources", () => {
    expect(citedSources(quotes)[0]?.citations.map((cited) => cited.n)).toEqual([1, 2]);
  });
});

describe("copyText", () => {
  it("gives the answer and where it stands", () => {
    const turn = { ...fresh(), text: "**25 days** [1]", citations: [citation(1)] };
    const copied = copyText(turn, new Date("2026-11-22T00:00:00Z"));
    expect(copied).toMatch(
      /^25 days \[1\]\n\n\[1\] Vacation policy, revision 3\. In force since .*2026\. page 2, Leave > Days\.$/,
    );
  });
});

describe("shownText", () => {
  const text = "General knowledge of the model:\n\nIt is a mollusc.\n\nMore:\n\nNo.";

  it("leaves out the line that the label repeats", () => {
    expect(shownText({ ...fresh(), text, answer: answer({ general: true }) })).toBe(
      "It is a mollusc.\n\nMore:\n\nNo.",
    );
    expect(shownText({ ...fresh(), text, answer: answer() })).toBe(text);
  });
});
