import { useEffect, useState } from "preact/hooks";
import { listDocuments } from "../api";

const examplesShown = 3;

// Pages from the web often carry their site's name: "Office and visitors | Handbook".
const ownTitle = (title: string) => title.split(" | ", 1)[0] ?? title;

/** First questions, made of the titles that this reader's library has. None is shown when it has none. */
export function Examples({ onAsk }: { onAsk: (question: string) => void }) {
  const [titles, setTitles] = useState<string[]>([]);

  useEffect(() => {
    const controller = new AbortController();
    listDocuments({ limit: 20 }, controller.signal)
      .then(({ documents }) => {
        const inForce = documents.filter((document) => document.current !== null);
        setTitles([...new Set(inForce.map(({ title }) => ownTitle(title)))].slice(0, examplesShown));
      })
      .catch(() => {}); // The page is whole without examples.
    return () => controller.abort();
  }, []);

  return (
    <ul class="examples" aria-label="Examples">
      {titles.map((title) => (
        <li key={title}>
          <button
            type="button"
            class="example"
            onClick={() => onAsk(`What does “${title}” say?`)}
            data-testid="example"
          >
            What does <em>“{title}”</em> say?
          </button>
        </li>
      ))}
    </ul>
  );
}
