import { expect, it } from "vitest";
import type { Flag } from "./api";
import { flaggedText } from "./flags";

const flag = (text: string, statement: string): Flag => {
  const start = [...text.slice(0, text.indexOf(statement))].length;
  return { start, end: start + [...statement].length, statement, reason: "unsupported", missing: "" };
};

it("finds the statements, and leaves out what the text says behind them", () => {
  const text =
    "🌊 Yes [1]. You get a pony. [not in the sources] And a car [2]. [nicht in den Quellen] Ask [a].";
  const statements = ["You get a pony.", "And a car [2]."];
  const shown = flaggedText(
    text,
    statements.map((statement) => flag(text, statement)),
  );
  expect(shown.text).toBe("🌊 Yes [1]. You get a pony. And a car [2]. Ask [a].");
  expect(shown.marks.map(({ start, end }) => shown.text.slice(start, end))).toEqual(statements);
});

it("finds the note in front of the end of a row", () => {
  const text = "| Days | 30 [not in the sources] |\n| Hours | 8 [1] |";
  const shown = flaggedText(text, [flag(text, "| Days | 30")]);
  expect(shown.text).toBe("| Days | 30 |\n| Hours | 8 [1] |");
});

it("leaves a citation behind a statement alone", () => {
  const text = "You get a pony. [12] Ask.";
  expect(flaggedText(text, [flag(text, "You get a pony.")]).text).toBe(text);
});

it("changes nothing without flags", () => {
  expect(flaggedText("25 days [1].", [])).toEqual({ text: "25 days [1].", marks: [] });
});
