import type { Citation, Feedback, Passage } from "../api";
import { formatDay } from "../dates";
import { isRunning, shownText, type Turn } from "../turn";
import { general } from "../wording";
import { AnswerText } from "./answer-text";
import { Disagreement } from "./disagreement";
import { Icon } from "./icon";
import { CitedSources, NearestSources } from "./source-list";
import { TurnFooter } from "./turn-footer";

interface Props {
  turn: Turn;
  openCitation: Citation | null;
  onCite: (citation: Citation) => void;
  onPassage: (passage: Passage) => void;
  onAgain: (turn: Turn) => void;
  onRate: (turn: Turn, feedback: Feedback) => Promise<void>;
}

/** A question with its answer, or with an honest word on why there is none. */
export function TurnView({ turn, openCitation, onCite, onPassage, onAgain, onRate }: Props) {
  const { answer } = turn;
  return (
    <article class="turn" data-testid="turn" data-phase={turn.phase}>
      <h2 class="question">{turn.question}</h2>
      {turn.asOf && (
        <p class="asked-for">
          <Icon name="calendar" />
          As of {formatDay(turn.asOf)}
        </p>
      )}
      {answer?.searched_for && (
        <p class="searched-for" data-testid="searched-for">
          Searched for: <q>{answer.searched_for}</q>
        </p>
      )}
      {/* Read out once, when the answer is complete: aria-busy holds the announcements back until then. */}
      <div class="reply" aria-live="polite" aria-busy={isRunning(turn)}>
        <Reply turn={turn} openCitation={openCitation} onCite={onCite} />
        {turn.phase === "stopped" && <Stopped turn={turn} onAgain={onAgain} />}
        {turn.phase === "failed" && <Failure turn={turn} onAgain={onAgain} />}
      </div>
      {answer && answer.conflicts.length > 0 && <Disagreement conflicts={answer.conflicts} onCite={onCite} />}
      {answer?.abstained && <NearestSources passages={turn.passages} onOpen={onPassage} />}
      {!isRunning(turn) && turn.citations.length > 0 && (
        <CitedSources citations={turn.citations} openCitation={openCitation} onCite={onCite} />
      )}
      {answer && turn.text && <TurnFooter turn={turn} answer={answer} onRate={onRate} />}
    </article>
  );
}

/** What is said so far: while it is searched, as it is written, and when it is whole. */
function Reply({ turn, openCitation, onCite }: Pick<Props, "turn" | "openCitation" | "onCite">) {
  const { answer, text } = turn;
  if (answer?.abstained) {
    return (
      <div class="abstention" data-testid="abstention">
        <Icon name="empty" />
        <p>{text}</p>
      </div>
    );
  }
  return (
    <>
      {turn.phase === "searching" && !turn.isReconnecting && <Searching turn={turn} />}
      {answer?.general && (
        <p class="general" data-testid="general-label">
          <Icon name="globe" />
          {general}
        </p>
      )}
      {text && (
        <div class={answer?.general ? "answer answer-general" : "answer"} data-testid="answer">
          <AnswerText
            text={shownText(turn)}
            flags={answer && !answer.general ? answer.flags : []}
            citations={turn.citations}
            openCitation={openCitation}
            onCite={onCite}
          />
          {turn.phase === "writing" && !turn.isReconnecting && <span class="caret" aria-hidden="true" />}
        </div>
      )}
      {turn.isReconnecting && (
        <p class="searching" data-testid="reconnecting">
          <span class="ripple" aria-hidden="true" />
          The connection was lost. Trying again
        </p>
      )}
    </>
  );
}

function Searching({ turn }: { turn: Turn }) {
  const documents = new Set(turn.passages.map((passage) => passage.document_id)).size;
  const day = turn.asOf ? `what was in force on ${formatDay(turn.asOf)}` : "what is in force";
  const found = `Reading ${documents} ${documents === 1 ? "document" : "documents"} in force`;
  return (
    <p class="searching">
      <span class="ripple" aria-hidden="true" />
      {documents === 0 ? `Searching ${day}` : found}
    </p>
  );
}

function Stopped({ turn, onAgain }: { turn: Turn; onAgain: (turn: Turn) => void }) {
  return (
    <p class="aside">
      {turn.text
        ? "This answer was stopped: it may be incomplete."
        : "This answer was stopped before it began."}
      <button type="button" class="text-button" onClick={() => onAgain(turn)} data-testid="ask-again">
        Ask again
      </button>
    </p>
  );
}

function Failure({ turn, onAgain }: { turn: Turn; onAgain: (turn: Turn) => void }) {
  return (
    <div class="failure" role="alert" data-testid="answer-problem">
      <p>
        <Icon name="alert" />
        {turn.problem}
      </p>
      <button type="button" class="button" onClick={() => onAgain(turn)} data-testid="try-again">
        Try again
      </button>
    </div>
  );
}
