// The list of documents as the page shows it: filtered, and longer with each "more".

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Document, listDocuments, sentenceOf } from "./api";

export interface DocumentListing {
  /** Null until the first page has come. */
  documents: Document[] | null;
  hasMore: boolean;
  problem: string;
  more(): void;
  /** Reads again what is shown, for after a change. */
  reload(): void;
}

const pageSize = 50;
const largestPage = 200; // the service's own limit

export function useDocumentList(text: string): DocumentListing {
  const [documents, setDocuments] = useState<Document[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const shown = useRef(0);
  const running = useRef<AbortController | null>(null);
  shown.current = documents?.length ?? 0;

  const load = useCallback(
    async (limit: number, after: string | null) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      try {
        const page = await listDocuments({ text, limit, cursor: after }, controller.signal);
        setDocuments((before) => (after ? [...(before ?? []), ...page.documents] : page.documents));
        setCursor(page.next_cursor);
        setProblem("");
      } catch (error) {
        if (!controller.signal.aborted) setProblem(sentenceOf(error));
      }
    },
    [text],
  );

  useEffect(() => {
    void load(pageSize, null);
    return () => running.current?.abort();
  }, [load]);

  const reload = useCallback(
    () => void load(Math.min(Math.max(shown.current, pageSize), largestPage), null),
    [load],
  );
  const more = useCallback(() => void load(pageSize, cursor), [load, cursor]);
  return { documents, hasMore: cursor !== null, problem, more, reload };
}
