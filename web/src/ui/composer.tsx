import { useEffect, useRef, useState } from "preact/hooks";
import { AsOf } from "./as-of";
import { Icon } from "./icon";

interface Props {
  /** The day asked about, YYYY-MM-DD; "" means today. */
  asOf: string;
  onAsOf: (date: string) => void;
  /** Whether the chat model may answer from what it knows; null where there is none to do so. */
  isGeneral: boolean | null;
  onGeneral: (isOn: boolean) => void;
  isAnswering: boolean;
  /** Changes when another conversation is opened: the box then takes the focus. */
  conversationId: string;
  onAsk: (question: string) => void;
  onStop: () => void;
  /** Begins a new conversation; absent while this one is new. */
  onStartOver?: () => void;
}

// Where a focus would bring up a keyboard over the answer. It stays on the button then: the box is a tap away.
const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** The question box with its choices. Enter sends, Shift+Enter breaks the line, Escape stops the answer. */
export function Composer(props: Props) {
  const { isAnswering, conversationId, onAsk, onStop, onStartOver } = props;
  const [question, setQuestion] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);

  const focus = () => {
    if (!isTouch()) box.current?.focus({ preventScroll: true });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation is what moves the focus.
  useEffect(focus, [conversationId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows with the question.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [question]);

  const send = () => {
    const text = question.trim();
    if (text) onAsk(text);
    if (text) setQuestion("");
    focus();
  };
  const stop = () => {
    onStop();
    focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  // In the whole box, so that it stops from its buttons too.
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isAnswering || event.isComposing) return;
    event.preventDefault();
    stop();
  };

  return (
    <form
      class="composer"
      onKeyDown={onEscape}
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
        <AsOf date={props.asOf} onChange={props.onAsOf} />
        {props.isGeneral !== null && <GeneralSwitch isOn={props.isGeneral} onChange={props.onGeneral} />}
        {onStartOver && (
          <button
            type="button"
            class="chip chip-start-over"
            onClick={onStartOver}
            title="New conversation"
            data-testid="start-over"
          >
            <Icon name="plus" />
            <span class="chip-label">New</span>
            <span class="sr-only">conversation</span>
          </button>
        )}
        <span class="composer-hint" aria-hidden="true">
          <kbd>{isAnswering ? "Esc" : "Enter"}</kbd> {isAnswering ? "stops" : "sends"}
        </span>
        {isAnswering ? (
          <button
            type="button"
            class="round-button"
            onClick={stop}
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
            aria-disabled={question.trim() === ""}
            data-testid="send"
          >
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

interface SwitchProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** Lets the chat model answer from what it knows where the library doesn't say. */
function GeneralSwitch({ isOn, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label="Also answer from general knowledge"
      class={isOn ? "chip chip-on chip-general" : "chip chip-general"}
      onClick={() => onChange(!isOn)}
      title={
        isOn
          ? "Where your library doesn't say, the model answers from what it knows"
          : "Answers come from your library only"
      }
      data-testid="general"
    >
      <Icon name={isOn ? "check" : "globe"} />
      <span class="chip-label chip-label-long">Also answer from general knowledge</span>
      <span class="chip-label chip-label-short">General knowledge</span>
    </button>
  );
}
