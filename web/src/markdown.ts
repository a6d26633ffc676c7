// The little Markdown that an answer may use: paragraphs, lists, bold, and citations like [1].
// Everything else stays what it is: text. The result is data; ui/answer-text.tsx makes elements of it.

export type Span = Kind & {
  /** Which mark it lies in; absent if none. */
  mark?: number;
  /** It is the last one of its mark. */
  endsMark?: true;
};

type Kind =
  | { kind: "text"; text: string }
  | { kind: "bold"; text: string }
  /** `occurrence` counts from 0 how often the number stood in the answer before. */
  | { kind: "citation"; n: number; occurrence: number };

export type Block =
  | { kind: "paragraph"; lines: Span[][] }
  | { kind: "list"; ordered: boolean; start: number; items: Span[][] };

/** A stretch of the answer's source, in UTF-16 units; `end` is exclusive. */
export interface Mark {
  start: number;
  end: number;
}

const bullet = /^\s{0,3}[-*•]\s+(.*)$/;
const numbered = /^\s{0,3}(\d{1,3})[.)]\s+(.*)$/;
const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/;

/** Parses an answer. Safe on text that is still arriving: half a marker is shown as text. */
export function parseAnswer(source: string, marks: Mark[] = []): Block[] {
  const blocks: Block[] = [];
  let isOpen = false; // whether a further line may continue the last block
  for (const { line, at } of linesOf(source)) {
    if (line.trim() === "") {
      isOpen = false;
      continue;
    }
    const last = blocks.at(-1);
    const block = parseLine(line, at, marks);
    if (block.kind === "list") {
      // A blank line between items does not end a list.
      if (last?.kind === "list" && last.ordered === block.ordered) last.items.push(...block.items);
      else blocks.push(block);
    } else if (isOpen && last?.kind === "paragraph" && !heading.test(line)) {
      last.lines.push(...block.lines);
    } else if (isOpen && last?.kind === "list") {
      last.items.at(-1)?.push({ kind: "text", text: " " }, ...block.lines.flat());
    } else {
      blocks.push(block);
    }
    isOpen = !heading.test(line);
  }
  const spans = blocks.flatMap((block) => (block.kind === "list" ? block.items : block.lines)).flat();
  countOccurrences(spans);
  endMarks(spans);
  return blocks;
}

function* linesOf(source: string): Generator<{ line: string; at: number }> {
  let at = 0;
  for (const line of source.split("\n")) {
    yield { line: line.replace(/\r$/, ""), at };
    at += line.length + 1;
  }
}

// The same number may stand for several quotes of one passage: the first [2] for the first, and so on.
function countOccurrences(spans: Span[]): void {
  const seen = new Map<number, number>();
  for (const span of spans) {
    if (span.kind !== "citation") continue;
    span.occurrence = seen.get(span.n) ?? 0;
    seen.set(span.n, span.occurrence + 1);
  }
}

function endMarks(spans: Span[]): void {
  const last = new Map(spans.filter(({ mark }) => mark !== undefined).map((span) => [span.mark, span]));
  for (const span of last.values()) span.endsMark = true;
}

function parseLine(line: string, at: number, marks: Mark[]): Block {
  // What a pattern finds stands at the end of its line, but for the closing # of a heading.
  const spansOf = (text: string) => parseSpans(text, at + line.lastIndexOf(text), marks);
  const title = heading.exec(line)?.[1];
  if (title) return { kind: "paragraph", lines: [spansOf(title).map(bolder)] };
  const item = bullet.exec(line)?.[1];
  if (item !== undefined) return { kind: "list", ordered: false, start: 1, items: [spansOf(item)] };
  const entry = numbered.exec(line);
  if (entry) {
    return { kind: "list", ordered: true, start: Number(entry[1]), items: [spansOf(entry[2] ?? "")] };
  }
  return { kind: "paragraph", lines: [spansOf(line.trim())] };
}

// Citations may be grouped: [1, 2]. A number of more than three digits is a year or an amount, not a citation.
const marker = /\*\*([^*\n]+?)\*\*|\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;

/**
 * Splits a line into text, bold and citations, and cuts them where marks begin and end. `at` is where the line
 * stands in what the marks were counted in. Occurrences are counted by parseAnswer.
 */
export function parseSpans(line: string, at = 0, marks: Mark[] = []): Span[] {
  const spans: Span[] = [];
  let done = 0;
  const pushText = (text: string, from: number) => {
    for (const piece of cut(text, at + from, marks)) spans.push({ kind: "text", ...piece });
  };
  for (const match of line.matchAll(marker)) {
    pushText(line.slice(done, match.index), done);
    done = match.index + match[0].length;
    // A citation within bold text is still a citation.
    if (match[1] !== undefined) spans.push(...parseSpans(match[1], at + match.index + 2, marks).map(bolder));
    for (const n of match[2]?.split(",") ?? []) {
      const mark = markAt(at + match.index, marks);
      spans.push({ kind: "citation", n: Number(n), occurrence: 0, ...mark });
    }
  }
  pushText(line.slice(done), done);
  return spans;
}

const bolder = (span: Span): Span => (span.kind === "text" ? { ...span, kind: "bold" } : span);

function markAt(at: number, marks: Mark[]): { mark?: number } {
  const mark = marks.findIndex(({ start, end }) => start <= at && at < end);
  return mark < 0 ? {} : { mark };
}

/** Cuts text that stands at `at` where marks begin and end. */
function cut(text: string, at: number, marks: Mark[]): { text: string; mark?: number }[] {
  const edges = marks.flatMap(({ start, end }) => [start - at, end - at]);
  const inside = edges.filter((edge) => 0 < edge && edge < text.length).toSorted((a, b) => a - b);
  return [0, ...inside]
    .map((from, index) => ({
      text: text.slice(from, inside[index] ?? text.length),
      ...markAt(at + from, marks),
    }))
    .filter((piece) => piece.text !== "");
}

/** The answer without its marks, for the clipboard. */
export function plainText(answer: string): string {
  return answer.replaceAll(/\*\*([^*\n]+?)\*\*/g, "$1").trim();
}
