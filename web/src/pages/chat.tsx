import { useEffect, useRef, useState } from "preact/hooks";
import type { Citation, Features } from "../api";
import { type Chats, conversationPath } from "../chats";
import { type Place, placeOf } from "../place";
import { navigate } from "../router";
import { isRunning } from "../turn";
import { Composer } from "../ui/composer";
import { ConversationNav } from "../ui/conversation-nav";
import { Examples } from "../ui/examples";
import { PlaceView } from "../ui/place-view";
import { Sheet } from "../ui/sheet";
import { TurnView } from "../ui/turn-view";

interface Props {
  chats: Chats;
  features: Features;
  /** The list of conversations is shown over the page; where there is room it stands beside it anyway. */
  isListOpen: boolean;
  onCloseList: () => void;
}

interface Open {
  place: Place;
  /** Null for a passage that is near, but not cited. */
  citation: Citation | null;
}

/** Ask, read the answer, look at what it stands on. */
export function ChatPage({ chats, features, isListOpen, onCloseList }: Props) {
  const [open, setOpen] = useState<Open | null>(null);

  // What was open belongs to the conversation before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setOpen(null), [chats.open.id]);

  return (
    <div class="chat-page">
      <aside class="rail">
        <ConversationNav chats={chats} />
      </aside>
      <div class={open ? "chat-room chat-room-beside-panel" : "chat-room"}>
        <Chat chats={chats} features={features} open={open} onOpen={setOpen} />
      </div>
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
      {isListOpen && (
        <Sheet
          label="Conversations"
          subject="conversations"
          isModal
          from="left"
          testId="conversations-drawer"
          onClose={onCloseList}
        >
          <ConversationNav chats={chats} onGo={onCloseList} />
        </Sheet>
      )}
    </div>
  );
}

interface ChatProps {
  chats: Chats;
  features: Features;
  open: Open | null;
  onOpen: (open: Open | null) => void;
}

/** The open conversation with the box to ask in; a greeting while there is nothing in it. */
function Chat({ chats, features, open, onOpen }: ChatProps) {
  const { conversation, open: shown } = chats;
  const { turns } = shown;
  const { asOf, isGeneral } = shown.choices;
  const thread = useRef<HTMLDivElement>(null);
  const count = turns.length;
  const isNew = shown.phase === "ready" && count === 0;

  // A new question goes to the top of the view; while its answer grows below, nothing moves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation has another last question.
  useEffect(() => {
    if (count > 0) thread.current?.querySelector(".turn:last-of-type")?.scrollIntoView({ block: "start" });
  }, [count, shown.id]);

  const ask = (question: string) => conversation.ask(question);
  const startOver = () => {
    conversation.startOver();
    navigate(conversationPath(""));
    onOpen(null);
  };
  const cite = (citation: Citation) => onOpen({ place: placeOf(citation), citation });

  return (
    <div class={isNew ? "chat chat-new" : "chat"}>
      {isNew ? (
        <div key="welcome" class="welcome">
          <h1>What would you like to know?</h1>
          <p>Answers stand only on what is in force, and show where it is written.</p>
        </div>
      ) : (
        <div key="thread" class="thread" ref={thread} aria-busy={shown.phase === "loading"}>
          <h1 class="sr-only">Your questions</h1>
          {shown.phase === "loading" && <div class="thread-loading" aria-hidden="true" />}
          {shown.phase === "failed" && (
            <div class="failure" role="alert" data-testid="conversation-problem">
              <p>{shown.problem}</p>
              <button type="button" class="button" onClick={startOver}>
                New conversation
              </button>
            </div>
          )}
          {turns.map((turn) => (
            <TurnView
              key={turn.id}
              turn={turn}
              openCitation={open?.citation ?? null}
              onCite={cite}
              onPassage={(passage) => onOpen({ place: placeOf(passage), citation: null })}
              onAgain={(turn) => conversation.tryAgain(turn)}
              onRate={(turn, feedback) => conversation.rate(turn, feedback)}
            />
          ))}
        </div>
      )}
      {/* The same box before and after the first question, so that it keeps the focus. */}
      {shown.phase !== "failed" && (
        <div key="dock" class={isNew ? "dock dock-new" : "dock"}>
          <Composer
            isAnswering={turns.some(isRunning)}
            conversationId={shown.id}
            asOf={asOf}
            onAsOf={(asOf) => conversation.choose({ asOf })}
            isGeneral={features.chat ? isGeneral : null}
            onGeneral={(isGeneral) => conversation.choose({ isGeneral })}
            onAsk={ask}
            onStop={() => conversation.stop()}
            {...(isNew ? {} : { onStartOver: startOver })}
          />
        </div>
      )}
      {isNew && <Examples key="examples" onAsk={ask} />}
    </div>
  );
}
