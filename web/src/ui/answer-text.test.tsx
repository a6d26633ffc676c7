import { render } from "preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Citation, Flag } from "../api";
import { AnswerText } from "./answer-text";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

const citation = (n: number) => ({ n, title: "Vacation <b>policy</b>", revision: 3 }) as Citation;

function show(text: string, citations: Citation[], flags: Flag[] = []) {
  const onCite = vi.fn();
  render(
    <AnswerText text={text} citations={citations} openCitation={null} onCite={onCite} flags={flags} />,
    root,
  );
  return onCite;
}

it("makes a button of a number that has a citation, and opens that citation", () => {
  const second = citation(2);
  const onCite = show("25 days [1], or 30 [2].", [citation(1), second]);
  const chips = [...root.querySelectorAll<HTMLButtonElement>("[data-testid=citation]")];
  expect(chips.map((chip) => chip.textContent)).toEqual(["1", "2"]);
  expect(chips[1]?.getAttribute("aria-label")).toBe("Source 2: Vacation <b>policy</b>, revision 3");
  chips[1]?.click();
  expect(onCite).toHaveBeenCalledWith(second);
});

it("shows a number without a citation, but nothing to press", () => {
  show("25 days [7].", [citation(1)]);
  expect(root.querySelector("button")).toBeNull();
  expect(root.textContent).toBe("25 days\u00A07.");
});

it("renders lists and bold text, and HTML as the text that it is", () => {
  show('**Rules** <img src=x onerror="alert(1)">\n\n3. one\n4. two', []);
  expect(root.querySelector("strong")?.textContent).toBe("Rules");
  expect(root.querySelector("img")).toBeNull();
  expect(root.textContent).toContain('<img src=x onerror="alert(1)">');
  expect(root.querySelector("ol")?.start).toBe(3);
  expect(root.querySelectorAll("li")).toHaveLength(2);
});

it("marks a statement that the sources don't bear out, in words too", () => {
  const text = "🌊 Yes. You get **45 days** [1]. Ask.";
  const start = [..."🌊 Yes. "].length; // in code points
  const statement = "You get **45 days** [1].";
  const end = start + statement.length;
  show(text, [citation(1)], [{ start, end, statement, reason: "figure", missing: "45 days" }]);
  const flagged = [...root.querySelectorAll("[data-testid=flagged]")];
  expect(flagged.map((piece) => piece.textContent).join("")).toBe("You get 45 days\u00A01.");
  expect(flagged[0]?.getAttribute("title")).toBe("Not found in the sources. No cited passage has “45 days”.");
  const notes = [...root.querySelectorAll("[data-testid=flag-note]")];
  expect(notes.map((note) => note.textContent)).toEqual(["Not found in the sources"]);
  expect(flagged.at(-1)?.nextSibling).toBe(notes[0]);
});
