import { useEffect, useRef, useState } from "preact/hooks";
import { formatDay, today } from "../dates";
import { Icon } from "./icon";

interface Props {
  date: string;
  onChange: (date: string) => void;
}

/** Which day the question is about: today, or one that the reader chooses. */
export function AsOf({ date, onChange }: Props) {
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
