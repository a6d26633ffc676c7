// Statements that the sources don't bear out, found in the answer's text.

import type { Flag } from "./api";
import { CodePointText } from "./codepoints";
import type { Mark } from "./markdown";

// Behind each the text itself says so, for readers who see nothing but the text: "… 45 days. [not in the sources]".
const saidInText = /[ \t]*\[[^\]\n\d][^\]\n]{0,60}\]/y;

/** Returns the text without the words that a note will say, and for each flag where its statement stands in that. */
export function flaggedText(text: string, flags: Flag[]): { text: string; marks: Mark[] } {
  const points = new CodePointText(text);
  const marks: Mark[] = [];
  let kept = "";
  let at = 0;
  for (const flag of flags.toSorted((a, b) => a.start - b.start)) {
    const [start, end] = [points.toUnits(flag.start), points.toUnits(flag.end)];
    const shift = kept.length - at;
    marks[flags.indexOf(flag)] = { start: start + shift, end: end + shift };
    saidInText.lastIndex = end;
    const said = saidInText.exec(text)?.[0] ?? "";
    kept += text.slice(at, end);
    at = Math.max(at, end + said.length);
  }
  return { text: kept + text.slice(at), marks };
}
