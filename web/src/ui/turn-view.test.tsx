import { render } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Answer, Citation } from "../api";
import { breakOff, newTurn, type Turn } from "../turn";
import { TurnView } from "./turn-view";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

const citation = (n: number, title: string) =>
  ({
    n,
    document_id: title,
    title,
    revision: 3,
    heading: "Leave",
    page: null,
    start: 1,
    end: 2,
    effective_from: "2026-01-01T00:00:00Z",
    effective_until: null,
  }) as Citation;

const whole = {
  id: "a",
  answer: "",
  conflicts: [],
  flags: [],
  citations: [],
  passages: [],
  searched_for: "",
  general: false,
  abstained: false,
  model: "extractive",
  usage: { total_ms: 3 },
} as unknown as Answer;

function show(over: Partial<Answer> | null, turn: Partial<Turn> = {}) {
  const answer = over && { ...whole, ...over };
  const shown: Turn = {
    ...newTurn(1, { question: "How many?", asOf: "", isGeneral: false }),
    ...(answer && { answer, text: answer.answer, phase: "done" as const }),
    ...turn,
  };
  const calls = { onCite: vi.fn(), onPassage: vi.fn(), onAgain: vi.fn(), onRate: vi.fn() };
  render(<TurnView turn={shown} openCitation={null} {...calls} />, root);
  return calls;
}

const part = (id: string) => root.querySelector<HTMLElement>(`[data-testid="${id}"]`);

it("lists what documents disagree on, each value with its place", () => {
  const [first, second] = [citation(1, "Vacation policy"), citation(2, "Handbook")];
  const values = [
    { text: "20 days", citation: first },
    { text: "25 days", citation: second },
  ];
  const { onCite } = show({ answer: "It depends.", conflicts: [{ values }] });
  expect(part("disagreement")?.getAttribute("aria-label")).toBe("Documents disagree");
  const shown = [...root.querySelectorAll<HTMLElement>('[data-testid="value"]')];
  expect(shown.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^20 daysVacation policyRevision 3In force since .*2026Leave$/),
    expect.stringMatching(/^25 daysHandbookRevision 3/),
  ]);
  shown[1]?.querySelector("button")?.click();
  expect(onCite).toHaveBeenCalledExactlyOnceWith(second);
});

it("says nothing of disagreement where there is none", () => {
  show({ answer: "25 days." });
  expect(part("disagreement")).toBeNull();
  expect(part("general-label")).toBeNull();
  expect(part("searched-for")).toBeNull();
});

it("labels general knowledge once", () => {
  show({ general: true, answer: "General knowledge of the model:\n\nIt is a mollusc.", model: "m" });
  expect(part("general-label")?.textContent).toBe("General knowledge, not from your library");
  expect(part("answer")?.textContent).toBe("It is a mollusc.");
});

it("shows what a follow-up was searched as", () => {
  show({ answer: "25 days.", searched_for: "How many vacation days?" });
  expect(part("searched-for")?.textContent).toBe("Searched for: How many vacation days?");
});

it("says that it is trying again while the connection is lost, and offers it when that failed", () => {
  const lost: Partial<Turn> = { answerId: "a", phase: "writing", text: "25", isReconnecting: true };
  show(null, lost);
  expect(part("reconnecting")).not.toBeNull();
  const broken = breakOff({ ...newTurn(1, { question: "q", asOf: "", isGeneral: false }), ...lost });
  const { onAgain } = show(null, broken);
  expect(part("reconnecting")).toBeNull();
  expect(part("answer-problem")?.getAttribute("role")).toBe("alert");
  part("try-again")?.click();
  expect(onAgain).toHaveBeenCalledOnce();
});
