// The little Markdown that an answer may use: paragraphs, lists, bold, and citations like [1].
// Everything else stays what it is: text. The result is data; ui/answer-text.tsx makes elements of it.

export type Span =
  | { kind: "text"; text: string }
  | { kind: "bold"; text: string }
  /** `occurrence` counts from 0 how often the number stood in the answer before. */
  | { kind: "citation"; n: number; occurrence: number };

export type Block =
  | { kind: "paragraph"; lines: Span[][] }
  | { kind: "list"; ordered: boolean; start: number; items: Span[][] };

const bullet = /^\s{0,3}[-*•]\s+(.*)$/;
const numbered = /^\s{0,3}(\d{1,3})[.)]\s+(.*)$/;
const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/;

/** Parses an answer. Safe on text that is still arriving: half a marker is shown as text. */
export function parseAnswer(source: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false; // whether a further line may continue the last block
  for (const line of source.replaceAll("\r\n", "\n").split("\n")) {
    if (line.trim() === "") {
      isOpen = false;
      continue;
    }
    const last = blocks.at(-1);
    const block = parseLine(line);
    if (block.kind === "list") {
      // A blank line between items does not end a list.
      if (last?.kind === "list" && last.ordered === block.ordered) last.items.push(...block.items);
      else blocks.push(block);
    } else if (isOpen && last?.kind === "paragraph" && !heading.test(line)) {
      last.lines.push(...block.lines);
    } else if (isOpen && last?.kind === "list") {
      last.items.at(-1)?.push({ kind: "text", text: " " }, ...parseSpans(line.trim()));
    } else {
      blocks.push(block);
    }
    isOpen = !heading.test(line);
  }
  countOccurrences(blocks);
  return blocks;
}

// The same number may stand for several quotes of one passage: the first [2] for the first, and so on.
function countOccurrences(blocks: Block[]): void {
  const seen = new Map<number, number>();
  const spans = blocks.flatMap((block) => (block.kind === "list" ? block.items : block.lines)).flat();
  for (const span of spans) {
    if (span.kind !== "citation") continue;
    span.occurrence = seen.get(span.n) ?? 0;
    seen.set(span.n, span.occurrence + 1);
  }
}

function parseLine(line: string): Block {
  const title = heading.exec(line)?.[1];
  if (title) return { kind: "paragraph", lines: [[{ kind: "bold", text: title.replaceAll("**", "") }]] };
  const item = bullet.exec(line)?.[1];
  if (item !== undefined) return { kind: "list", ordered: false, start: 1, items: [parseSpans(item)] };
  const entry = numbered.exec(line);
  if (entry) {
    return { kind: "list", ordered: true, start: Number(entry[1]), items: [parseSpans(entry[2] ?? "")] };
  }
  return { kind: "paragraph", lines: [parseSpans(line.trim())] };
}

// Citations may be grouped: [1, 2]. A number of more than three digits is a year or an amount, not a citation.
const marker = /\*\*([^*\n]+?)\*\*|\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;

/** Splits a line into text, bold and citations; their occurrences are counted by parseAnswer. */
export function parseSpans(line: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  const pushText = (text: string) => {
    if (text) spans.push({ kind: "text", text });
  };
  for (const match of line.matchAll(marker)) {
    pushText(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1] !== undefined) spans.push(...parseBold(match[1]));
    for (const n of match[2]?.split(",") ?? []) spans.push({ kind: "citation", n: Number(n), occurrence: 0 });
  }
  pushText(line.slice(at));
  return spans;
}

// A citation within bold text is still a citation.
function parseBold(text: string): Span[] {
  return parseSpans(text).map((span) => (span.kind === "text" ? { kind: "bold", text: span.text } : span));
}

/** The answer without its marks, for the clipboard. */
export function plainText(answer: string): string {
  return answer.replaceAll(/\*\*([^*\n]+?)\*\*/g, "$1").trim();
}
