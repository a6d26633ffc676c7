import { useState } from "preact/hooks";
import type { Citation, Passage } from "../api";
import { formatDay } from "../dates";
import { copyText, isRunning, type Turn } from "../turn";
import { AnswerText } from "./answer-text";
import { Icon } from "./icon";
import { CitedSources, NearestSources } from "./source-list";

interface Props {
  turn: Turn;
  openCitation: Citation | null;
  onCite: (citation: Citation) => void;
  onPassage: (passage: Passage) => void;
  onAgain: (turn: Turn) => void;
}

/** A question with its answer, or with an honest word on why there is none. */
export function TurnView({ turn, openCitation, onCite, onPassage, onAgain }: Props) {
  const isAbstained = turn.answer?.abstained ?? false;
  return (
    <article class="turn" data-testid="turn" data-phase={turn.phase}>
      <h2 class="question">{turn.question}</h2>
      {turn.asOf && (
        <p class="asked-for">
          <Icon name="calendar" />
          As of {formatDay(turn.asOf)}
        </p>
      )}
      {/* Read out once, when the answer is complete: aria-busy holds the announcements back until then. */}
      <div class="reply" aria-live="polite" aria-busy={isRunning(turn)}>
        {turn.phase === "searching" && <Searching turn={turn} />}
        {isAbstained ? (
          <div class="abstention" data-testid="abstention">
            <Icon name="empty" />
            <p>{turn.text}</p>
          </div>
        ) : (
          turn.text && (
            <div class="answer" data-testid="answer">
              <AnswerText
                text={turn.text}
                citations={turn.citations}
                openCitation={openCitation}
                onCite={onCite}
              />
              {turn.phase === "writing" && <span class="caret" aria-hidden="true" />}
            </div>
          )
        )}
        {turn.phase === "stopped" && (
          <p class="aside">You stopped this answer. What stands here may be incomplete.</p>
        )}
        {turn.phase === "failed" && <Failure turn={turn} onAgain={onAgain} />}
      </div>
      {turn.phase === "done" && isAbstained && <NearestSources passages={turn.passages} onOpen={onPassage} />}
      {!isRunning(turn) && turn.citations.length > 0 && (
        <CitedSources citations={turn.citations} openCitation={openCitation} onCite={onCite} />
      )}
      {turn.phase === "done" && !isAbstained && <Footer turn={turn} />}
    </article>
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

function Failure({ turn, onAgain }: { turn: Turn; onAgain: (turn: Turn) => void }) {
  return (
    <div class="failure" role="alert" data-testid="answer-problem">
      <p>
        <Icon name="alert" />
        {turn.problem}
      </p>
      <button type="button" class="button" onClick={() => onAgain(turn)}>
        Ask again
      </button>
    </div>
  );
}

function Footer({ turn }: { turn: Turn }) {
  const [isCopied, setCopied] = useState(false);
  const { answer } = turn;
  if (!answer) return null;

  const copy = async () => {
    await navigator.clipboard.writeText(copyText(turn, new Date()));
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };

  const author = answer.model === "extractive" ? "Quoted from the documents" : `Written by ${answer.model}`;
  const seconds = (answer.usage.total_ms / 1000).toFixed(1);
  return (
    <footer class="turn-footer">
      <button type="button" class="button button-plain" onClick={copy} data-testid="copy">
        <Icon name={isCopied ? "check" : "copy"} />
        <span aria-live="polite">{isCopied ? "Copied" : "Copy"}</span>
      </button>
      <span>{`${author} · ${seconds} s`}</span>
    </footer>
  );
}
