// The service counts offsets in Unicode code points; JavaScript's strings count UTF-16 units.

/** Text that can be cut at code point offsets. */
export class CodePointText {
  private readonly text: string;
  /** For each code point its UTF-16 offset; null while the text holds no surrogate pair. */
  private readonly offsets: Uint32Array | null;
  /** In code points. */
  readonly length: number;

  constructor(text: string) {
    this.text = text;
    const offsets = indexOffsets(text);
    this.offsets = offsets;
    this.length = offsets ? offsets.length - 1 : text.length;
  }

  /** Returns the text from start (inclusive) to end (exclusive); offsets out of range are moved into it. */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUnits(start), this.toUnits(end));
  }

  /** Returns the offset in UTF-16 units; offsets out of range are moved into it. */
  toUnits(codePoint: number): number {
    const inside = Math.min(Math.max(codePoint, 0), this.length);
    return this.offsets ? (this.offsets[inside] ?? this.text.length) : inside;
  }
}

function indexOffsets(text: string): Uint32Array | null {
  if (!/[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text)) return null;
  const offsets: number[] = [];
  let unit = 0;
  for (const character of text) {
    offsets.push(unit);
    unit += character.length;
  }
  offsets.push(unit);
  return Uint32Array.from(offsets);
}

/** A passage with what stands around it. Before, quote and after, joined, are one stretch of the text. */
export interface Excerpt {
  /** More text stands before, respectively after, what is shown. */
  cutBefore: boolean;
  cutAfter: boolean;
  before: string;
  quote: string;
  after: string;
}

/**
 * Cuts out [start, end) with about `around` code points on each side, widened or narrowed to the
 * nearest paragraph or word boundary so that no word is shown in part.
 */
export function excerpt(text: CodePointText, start: number, end: number, around: number): Excerpt {
  const from = Math.max(0, start - around);
  const until = Math.min(text.length, end + around);
  const rawBefore = text.slice(from, start);
  const rawAfter = text.slice(end, until);
  const before = from > 0 ? dropFirstPart(rawBefore) : rawBefore;
  const after = until < text.length ? dropLastPart(rawAfter) : rawAfter;
  return {
    cutBefore: from > 0,
    cutAfter: until < text.length,
    before: before.trimStart(),
    quote: text.slice(start, end),
    after: after.trimEnd(),
  };
}

// Prefer to begin at a paragraph, then at a line, then at a word, if that gives up less than two thirds.
function dropFirstPart(text: string): string {
  for (const boundary of ["\n\n", "\n", " "]) {
    const at = text.indexOf(boundary);
    if (at >= 0 && at < (text.length * 2) / 3) return text.slice(at + boundary.length);
  }
  return text;
}

function dropLastPart(text: string): string {
  for (const boundary of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(boundary);
    if (at > text.length / 3) return text.slice(0, at);
  }
  return text;
}
