import { useEffect, useState } from "preact/hooks";
import { getRevision, sentenceOf } from "../api";
import type { Place } from "../place";
import { Link } from "../router";
import { PlaceView } from "../ui/place-view";

/** Where a citation's address leads: the place in its revision. */
export interface PassageAddress {
  documentId: string;
  revision: number;
  start: number;
  end: number;
}

/** Reads /documents/{id}?revision=…&start=…&end=…; null for any other address. */
export function passageAddress(address: URL): PassageAddress | null {
  const documentId = /^\/documents\/([^/]+)$/.exec(address.pathname)?.[1];
  const number = (name: string) => Number.parseInt(address.searchParams.get(name) ?? "", 10);
  const revision = number("revision");
  if (!documentId || !(revision >= 1)) return null;
  const start = number("start") || 0;
  return {
    documentId: decodeURIComponent(documentId),
    revision,
    start,
    end: Math.max(number("end") || 0, start),
  };
}

const around = 4000;

/** A citation as a page of its own, to be linked to. */
export function PassagePage({ documentId, revision, start, end }: PassageAddress) {
  const [place, setPlace] = useState<Place | null>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const controller = new AbortController();
    getRevision(documentId, revision, controller.signal)
      .then((found) =>
        setPlace({
          documentId,
          revision,
          title: found.title,
          effectiveFrom: found.effective_from,
          effectiveUntil: found.effective_until,
          page: null,
          headings: [],
          start,
          end,
          words: "",
          url: "",
        }),
      )
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setProblem(sentenceOf(error));
      });
    return () => controller.abort();
  }, [documentId, revision, start, end]);

  return (
    <div class="page page-narrow">
      <Link to="/" class="back">
        Ask a question
      </Link>
      <h1 class="sr-only">A passage of a document</h1>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {place && <PlaceView place={place} around={around} isScrolledTo />}
    </div>
  );
}
