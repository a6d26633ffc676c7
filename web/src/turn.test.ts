import { describe, expect, it } from "vitest";
import type { Citation } from "./api";
import { applyEvent, citationAt, citedSources, copyText, endStream, newTurn, stop } from "./turn";

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

const event = (name: string, data: unknown) => ({ name, data: JSON.stringify(data) });

describe("applyEvent", () => {
  it("grows from sources over text and citations to the checked answer", () => {
    let turn = newTurn(1, "How many?", "");
    turn = applyEvent(turn, event("sources", { passages: [] }));
    expect(turn.phase).toBe("searching");
    turn = applyEvent(turn, event("text", { delta: "25 " }));
    turn = applyEvent(turn, event("text", { delta: "days [1]" }));
    turn = applyEvent(turn, event("citation", citation(1)));
    expect(turn).toMatchObject({ phase: "writing", text: "25 days [1]", citations: [{ n: 1 }] });
    const answer = { answer: "25 days [1].", citations: [citation(1)], passages: [] };
    expect(applyEvent(turn, event("done", answer))).toMatchObject({ phase: "done", text: "25 days [1]." });
  });

  it("shows the sentence of a problem and keeps what was written", () => {
    const turn = applyEvent(
      { ...newTurn(1, "q", ""), text: "25" },
      event("problem", { detail: "Try later." }),
    );
    expect(turn).toMatchObject({ phase: "failed", problem: "Try later.", text: "25" });
  });

  it("ignores events that it does not know", () => {
    const turn = newTurn(1, "q", "");
    expect(applyEvent(turn, { name: "ping", data: "" })).toBe(turn);
  });
});

describe("endStream", () => {
  it("fails a turn whose stream ended too early, and only that", () => {
    const running = newTurn(1, "q", "");
    expect(endStream(running).phase).toBe("failed");
    expect(endStream(stop(running)).phase).toBe("stopped");
    expect(endStream({ ...running, phase: "done" }).phase).toBe("done");
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
    const turn = { ...newTurn(1, "q", ""), text: "**25 days** [1]", citations: [citation(1)] };
    const copied = copyText(turn, new Date("2026-11-22T00:00:00Z"));
    expect(copied).toMatch(
      /^25 days \[1\]\n\n\[1\] Vacation policy, revision 3\. In force since .*2026\. page 2, Leave > Days\.$/,
    );
  });
});
