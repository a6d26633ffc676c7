import { describe, expect, it } from "vitest";
import { parseAnswer, parseSpans, plainText } from "./markdown";

describe("parseSpans", () => {
  it("finds citations, bold and text in order", () => {
    expect(parseSpans("You get **25 days** [1] a year.")).toEqual([
      { kind: "text", text: "You get " },
      { kind: "bold", text: "25 days" },
      { kind: "text", text: " " },
      { kind: "citation", n: 1, occurrence: 0 },
      { kind: "text", text: " a year." },
    ]);
  });

  it("reads grouped and adjacent citations", () => {
    expect(parseSpans("[1, 2][13]")).toEqual([
      { kind: "citation", n: 1, occurrence: 0 },
      { kind: "citation", n: 2, occurrence: 0 },
      { kind: "citation", n: 13, occurrence: 0 },
    ]);
  });

  it("leaves brackets that are no citation alone", () => {
    const line = "See [2026], [a], [1 and <b>[</b>";
    expect(parseSpans(line)).toEqual([{ kind: "text", text: line }]);
  });

  it("keeps a citation inside bold text", () => {
    expect(parseSpans("**25 [1]**")).toEqual([
      { kind: "bold", text: "25 " },
      { kind: "citation", n: 1, occurrence: 0 },
    ]);
  });
});

describe("parseAnswer", () => {
  it("separates paragraphs at blank lines and keeps line breaks", () => {
    const blocks = parseAnswer("One\ntwo\n\nThree");
    expect(blocks.map((block) => block.kind === "paragraph" && block.lines.length)).toEqual([2, 1]);
  });

  it("reads lists, over blank lines too, and keeps the first number", () => {
    const blocks = parseAnswer("Rules:\n- a\n\n- b\n\n3. c\n4. d");
    expect(blocks).toMatchObject([
      { kind: "paragraph" },
      { kind: "list", ordered: false, items: [[{ text: "a" }], [{ text: "b" }]] },
      { kind: "list", ordered: true, start: 3, items: [[{ text: "c" }], [{ text: "d" }]] },
    ]);
  });

  it("joins a wrapped line to its list item", () => {
    const [list] = parseAnswer("- first\n  second");
    expect(list).toMatchObject({ items: [[{ text: "first" }, { text: " " }, { text: "second" }]] });
  });

  it("shows a heading as a bold line of its own", () => {
    expect(parseAnswer("## Title\nText")).toEqual([
      { kind: "paragraph", lines: [[{ kind: "bold", text: "Title" }]] },
      { kind: "paragraph", lines: [[{ kind: "text", text: "Text" }]] },
    ]);
  });

  it("counts how often a number stood before, over the whole answer", () => {
    const blocks = parseAnswer("One [2], two [1].\n\n- three [2]\n- four **[2]**");
    const spans = blocks.flatMap((block) => (block.kind === "list" ? block.items : block.lines)).flat();
    const cited = spans.flatMap((span) => (span.kind === "citation" ? [[span.n, span.occurrence]] : []));
    expect(cited).toEqual([
      [2, 0],
      [1, 0],
      [2, 1],
      [2, 2],
    ]);
  });

  it("never makes anything of HTML", () => {
    expect(parseAnswer("<img src=x onerror=alert(1)>")).toEqual([
      { kind: "paragraph", lines: [[{ kind: "text", text: "<img src=x onerror=alert(1)>" }]] },
    ]);
  });

  it("cuts spans where a mark begins and ends, over bold, citations and lines", () => {
    const source = "Yes.\r\n- You get **45 days** [1], always.";
    const start = source.indexOf("get");
    const [, list] = parseAnswer(source, [{ start, end: source.indexOf(", always") }]);
    expect(list).toMatchObject({
      items: [
        [
          { kind: "text", text: "You " },
          { kind: "text", text: "get ", mark: 0 },
          { kind: "bold", text: "45 days", mark: 0 },
          { kind: "text", text: " ", mark: 0 },
          { kind: "citation", n: 1, mark: 0, endsMark: true },
          { kind: "text", text: ", always." },
        ],
      ],
    });
  });

  it("tells marks that follow each other apart", () => {
    const [block] = parseAnswer("One. Two. Three.", [
      { start: 0, end: 4 },
      { start: 5, end: 9 },
    ]);
    const spans = block?.kind === "paragraph" ? block.lines.flat() : [];
    expect(spans.map(({ mark, endsMark }) => [mark, endsMark])).toEqual([
      [0, true],
      [undefined, undefined],
      [1, true],
      [undefined, undefined],
    ]);
  });

  it("parses every beginning of an answer without failing", () => {
    const answer = "Yes, **25 days** [1].\n\n1. one [2]\n2. two";
    for (let length = 0; length <= answer.length; length++) {
      expect(() => parseAnswer(answer.slice(0, length))).not.toThrow();
    }
  });
});

describe("plainText", () => {
  it("drops the stars and keeps the citations", () => {
    expect(plainText("**25 days** [1] \n")).toBe("25 days [1]");
  });
});
