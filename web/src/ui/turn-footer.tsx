import { useState } from "preact/hooks";
import type { Answer, Feedback as Said } from "../api";
import { copyText, type Turn } from "../turn";
import { formatDuration } from "../wording";
import { Feedback } from "./feedback";
import { Icon } from "./icon";

interface Props {
  turn: Turn;
  answer: Answer;
  onRate: (turn: Turn, feedback: Said) => Promise<void>;
}

/** Under an answer: copy it, say whether it helped, and who wrote it in how long. */
export function TurnFooter({ turn, answer, onRate }: Props) {
  const [isCopied, setCopied] = useState(false);

  const copy = async () => {
    await navigator.clipboard.writeText(copyText(turn, new Date()));
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };

  return (
    <footer class="turn-footer">
      {!answer.abstained && (
        <button type="button" class="button button-plain" onClick={copy} data-testid="copy">
          <Icon name={isCopied ? "check" : "copy"} />
          <span aria-live="polite">{isCopied ? "Copied" : "Copy"}</span>
        </button>
      )}
      <Feedback feedback={turn.feedback} onRate={(feedback) => onRate(turn, feedback)} />
      <span>{`${authorOf(answer)} · ${formatDuration(answer.usage.total_ms)}`}</span>
    </footer>
  );
}

function authorOf({ model, abstained }: Answer): string {
  if (abstained) return "Not in your library";
  if (model === "extractive") return "Quoted from the documents";
  return model === "changes" ? "From the comparison of two revisions" : `Written by ${model}`;
}
