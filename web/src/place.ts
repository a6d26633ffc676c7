// A place in a revision's text: what the citation panel and the passage page show.

import type { Citation, Passage } from "./api";

export interface Place {
  documentId: string;
  revision: number;
  title: string;
  effectiveFrom: string;
  effectiveUntil: string | null;
  page: number | null;
  /** The trail of headings, outermost first. */
  headings: string[];
  /** In code points of the revision's text. */
  start: number;
  end: number;
  /** The words at the place as they came with the answer: shown when the text can't be had. */
  words: string;
  /** The page that shows the place; empty on that page itself. */
  url: string;
}

export function placeOf(found: Citation | Passage): Place {
  return {
    documentId: found.document_id,
    revision: found.revision,
    title: found.title,
    effectiveFrom: found.effective_from,
    effectiveUntil: found.effective_until,
    page: found.page,
    headings: found.heading ? found.heading.split(" > ") : [],
    start: found.start,
    end: found.end,
    words: "quote" in found ? found.quote : found.text,
    url: found.url,
  };
}

/** "Page 2 · Leave › Days"; empty when neither is known. */
export function trailOf({ page, headings }: Pick<Place, "page" | "headings">): string {
  return [page === null ? "" : `Page ${page}`, headings.join(" › ")].filter(Boolean).join(" · ");
}
