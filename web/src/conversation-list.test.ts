import { describe, expect, it } from "vitest";
import type { ConversationSummary } from "./api";
import { byDay, touched } from "./conversation-list";

const summary = (id: string, updated_at: string, over: Partial<ConversationSummary> = {}) => ({
  id,
  title: id,
  created_at: updated_at,
  updated_at,
  messages: 1,
  ...over,
});

describe("byDay", () => {
  const now = new Date(2026, 10, 23, 0, 30);
  const at = (...moment: [number, number, number, number]) => new Date(...moment).toISOString();

  it("groups by the reader's own days", () => {
    const days = byDay(
      [
        summary("just now", at(2026, 10, 23, 0)),
        summary("an hour ago", at(2026, 10, 22, 23)),
        summary("yesterday morning", at(2026, 10, 22, 1)),
        summary("the day before", at(2026, 10, 21, 23)),
        summary("last year", at(2025, 10, 23, 0)),
      ],
      now,
    );
    expect(days.map(({ name, conversations }) => [name, ...conversations.map(({ id }) => id)])).toEqual([
      ["Today", "just now"],
      ["Yesterday", "an hour ago", "yesterday morning"],
      ["Earlier", "the day before", "last year"],
    ]);
  });

  it("leaves out what nobody asked anything in", () => {
    expect(byDay([summary("empty", at(2026, 10, 23, 0), { messages: 0 })], now)).toEqual([]);
  });
});

describe("touched", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  const before = [summary("a", "2026-11-22T10:00:00Z"), summary("b", "2026-11-21T10:00:00Z")];

  it("puts the conversation first and keeps its title", () => {
    const [first, ...others] = touched(before, "b", "And now?", now);
    expect(first).toMatchObject({ id: "b", title: "b", messages: 2, updated_at: "2026-11-23T12:00:00.000Z" });
    expect(others.map(({ id }) => id)).toEqual(["a"]);
  });

  it("adds a new one, named by its first question", () => {
    const after = touched(before, "c", "How many?", now);
    expect(after.map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(after[0]).toMatchObject({ title: "How many?", messages: 1 });
  });
});
