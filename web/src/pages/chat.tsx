import { useEffect, useRef, useState } from "preact/hooks";
import { type Citation, listDocuments } from "../api";
import type { Conversation } from "../conversation";
import { type Place, placeOf } from "../place";
import { isRunning } from "../turn";
import { Composer } from "../ui/composer";
import { PlaceView } from "../ui/place-view";
import { Sheet } from "../ui/sheet";
import { TurnView } from "../ui/turn-view";

interface Props {
  conversation: Conversation;
}

interface Open {
  place: Place;
  /** Null for a passage that is near, but not cited. */
  citation: Citation | null;
}

/** Ask, read the answer, look at what it stands on. */
export function ChatPage({ conversation }: Props) {
  const { turns, ask, stop, clear } = conversation;
  const [open, setOpen] = useState<Open | null>(null);
  const [asOf, setAsOf] = useState("");
  const end = useRef<HTMLDivElement>(null);
  const count = turns.length;

  // A new question goes to the top of the view; while its answer grows below, nothing moves.
  useEffect(() => {
    if (count > 0) end.current?.querySelector(".turn:last-of-type")?.scrollIntoView({ block: "start" });
  }, [count]);

  const openCitation = (citation: Citation) => setOpen({ place: placeOf(citation), citation });
  const startOver = () => {
    clear();
    setOpen(null);
    setAsOf("");
  };

  const composer = (
    <Composer
      isAnswering={turns.some(isRunning)}
      lastQuestion={turns.at(-1)?.question ?? ""}
      asOf={asOf}
      onAsOf={setAsOf}
      onAsk={(question) => ask(question, asOf)}
      onStop={stop}
      {...(count > 0 ? { onStartOver: startOver } : {})}
    />
  );

  return (
    <div class={open ? "chat chat-beside-panel" : "chat"}>
      {count === 0 ? (
        <div class="welcome">
          <h1>What would you like to know?</h1>
          <p>Answers stand only on what is in force, and show where it is written.</p>
          {composer}
          <Examples onAsk={(question) => ask(question, asOf)} />
        </div>
      ) : (
        <>
          <h1 class="sr-only">Your questions</h1>
          <div class="thread" ref={end}>
            {turns.map((turn) => (
              <TurnView
                key={turn.id}
                turn={turn}
                openCitation={open?.citation ?? null}
                onCite={openCitation}
                onPassage={(passage) => setOpen({ place: placeOf(passage), citation: null })}
                onAgain={({ question, asOf }) => ask(question, asOf)}
              />
            ))}
          </div>
          <div class="dock">{composer}</div>
        </>
      )}
      {open && (
        <Sheet
          label={open.citation ? `Source ${open.citation.n}` : "Source"}
          subject={`${open.place.documentId}/${open.place.revision}/${open.place.start}`}
          testId="citation-panel"
          onClose={() => setOpen(null)}
        >
          <p class="eyebrow">{open.citation ? `Source ${open.citation.n}` : "Not cited, but close"}</p>
          <PlaceView place={open.place} />
        </Sheet>
      )}
    </div>
  );
}

const examplesShown = 3;

// Pages from the web often carry their site's name: "Office and visitors | Handbook".
const ownTitle = (title: string) => title.split(" | ", 1)[0] ?? title;

/** First questions, made of the titles that this reader's library has. None is shown when it has none. */
function Examples({ onAsk }: { onAsk: (question: string) => void }) {
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
