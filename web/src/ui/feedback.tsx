import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type Feedback as Said, sentenceOf } from "../api";
import { Icon } from "./icon";

interface Props {
  /** What the reader said before; null if nothing. */
  feedback: Said | null;
  /** Rejects with a Problem when it could not be noted. */
  onRate: (feedback: Said) => Promise<void>;
}

/** Two thumbs: did the answer help? A "no" may be given a reason. */
export function Feedback({ feedback, onRate }: Props) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState("");
  const down = useRef<HTMLButtonElement>(null);

  const rate = async (helpful: boolean, reason = "") => {
    setProblem("");
    try {
      await onRate({ helpful, reason });
    } catch (error) {
      setProblem(`That could not be noted. ${sentenceOf(error)}`);
    }
  };
  const up = () => {
    setAsking(false);
    if (!feedback?.helpful) void rate(true);
  };
  const dislike = () => {
    setAsking(true);
    if (feedback?.helpful !== false) void rate(false);
  };
  const close = () => {
    setAsking(false);
    down.current?.focus({ preventScroll: true });
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: two buttons are no fieldset. */}
      <span class="thumbs" role="group" aria-label="Did this answer help?">
        <button
          type="button"
          class="icon-button"
          aria-pressed={feedback?.helpful === true}
          aria-label="This helped"
          title="This helped"
          onClick={up}
          data-testid="helpful"
        >
          <Icon name="thumbUp" />
        </button>
        <button
          type="button"
          class="icon-button"
          ref={down}
          aria-pressed={feedback?.helpful === false}
          aria-label="This did not help"
          title="This did not help"
          onClick={dislike}
          data-testid="not-helpful"
        >
          <Icon name="thumbDown" />
        </button>
      </span>
      {isAsking && (
        <Reason
          before={feedback?.reason ?? ""}
          onSend={(reason) => {
            close();
            void rate(false, reason);
          }}
          onClose={close}
        />
      )}
      {problem && (
        <p class="problem feedback-problem" role="alert">
          {problem}
        </p>
      )}
      {!isAsking && feedback?.helpful === false && feedback.reason && (
        <p class="feedback-said">You said: {feedback.reason}</p>
      )}
    </>
  );
}

interface ReasonProps {
  before: string;
  onSend: (reason: string) => void;
  onClose: () => void;
}

function Reason({ before, onSend, onClose }: ReasonProps) {
  const [reason, setReason] = useState(before);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  return (
    <form
      class="feedback-reason"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(reason.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <label for={id}>What was wrong with it?</label>
      <input
        id={id}
        ref={field}
        value={reason}
        maxLength={2000}
        placeholder="Out of date, beside the point, …"
        autocomplete="off"
        onInput={(event) => setReason(event.currentTarget.value)}
        data-testid="feedback-reason"
      />
      <button type="submit" class="button" disabled={reason.trim() === ""} data-testid="feedback-send">
        Send
      </button>
      <button type="button" class="icon-button" onClick={onClose} aria-label="Close" title="Close (Esc)">
        <Icon name="close" />
      </button>
    </form>
  );
}
