import { useEffect, useRef, useState } from "preact/hooks";
import { formatDay, today } from "../dates";
import { Icon } from "./icon";

interface Props {
  /** The day asked about, YYYY-MM-DD; "" means today. */
  asOf: string;
  onAsOf: (date: string) => void;
  isAnswering: boolean;
  /** The question before, recalled by the up arrow in an empty box; "" if there is none. */
  lastQuestion: string;
  onAsk: (question: string) => void;
  onStop: () => void;
  /** Forgets the questions so far; absent while there are none. */
  onStartOver?: () => void;
}

/** The question box with its date. Enter sends, Shift+Enter breaks the line, Escape stops the answer. */
export function Composer({ isAnswering, lastQuestion, asOf, onAsOf, onAsk, onStop, onStartOver }: Props) {
  const [question, setQuestion] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);

  useEffect(() => box.current?.focus({ preventScroll: true }), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows with the question.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [question]);

  const send = () => {
    const text = question.trim();
    if (!text) return;
    onAsk(text);
    setQuestion("");
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && isAnswering) {
      event.preventDefault();
      onStop();
    } else if (event.key === "ArrowUp" && question === "" && lastQuestion) {
      event.preventDefault();
      setQuestion(lastQuestion);
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="sr-only" for="question">
        Your question
      </label>
      <textarea
        id="question"
        ref={box}
        rows={1}
        maxLength={4000}
        placeholder="Ask a question"
        autocomplete="off"
        enterkeyhint="send"
        data-testid="question"
        value={question}
        onInput={(event) => setQuestion(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="composer-bar">
        <AsOf date={asOf} onChange={onAsOf} />
        {onStartOver && (
          <button type="button" class="chip" onClick={onStartOver} data-testid="start-over">
            <Icon name="plus" />
            <span class="chip-label">Start over</span>
          </button>
        )}
        <span class="composer-hint" aria-hidden="true">
          <kbd>Enter</kbd> sends
        </span>
        {isAnswering ? (
          <button
            type="button"
            class="round-button"
            onClick={onStop}
            aria-label="Stop"
            title="Stop (Esc)"
            data-testid="stop"
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="round-button round-button-primary"
            aria-label="Ask"
            title="Ask (Enter)"
            disabled={question.trim() === ""}
            data-testid="send"
          >
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

interface AsOfProps {
  date: string;
  onChange: (date: string) => void;
}

/** Which day the question is about: today, or one that the reader chooses. */
function AsOf({ date, onChange }: AsOfProps) {
  const [isChoosing, setChoosing] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (isChoosing) input.current?.focus();
  }, [isChoosing]);

  const reset = () => {
    onChange("");
    setChoosing(false);
  };

  if (!isChoosing && !date) {
    return (
      <button
        type="button"
        class="chip"
        onClick={() => setChoosing(true)}
        title="Ask what was in force on another day"
        data-testid="as-of"
      >
        <Icon name="calendar" />
        As of today
      </button>
    );
  }
  return (
    <span class="chip chip-on">
      <label for="as-of">As of</label>
      <input
        id="as-of"
        ref={input}
        type="date"
        value={date || today()}
        data-testid="as-of-date"
        title={date ? `What was in force on ${formatDay(date)}` : "Choose a day"}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <button
        type="button"
        class="chip-close"
        onClick={reset}
        aria-label="As of today again"
        title="Today again"
      >
        <Icon name="close" />
      </button>
    </span>
  );
}
