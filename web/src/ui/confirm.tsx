import { useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "../api";

export interface Question {
  title: string;
  text: string;
  /** What the button says that does it. */
  action: string;
  isDangerous: boolean;
  run: () => Promise<unknown>;
}

interface Props {
  question: Question;
  onClose: () => void;
}

/** Asks before something is done that can't simply be undone, does it, and says so when it failed. */
export function Confirm({ question, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  const run = async () => {
    setBusy(true);
    try {
      await question.run();
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };

  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="confirm-title"
      data-testid="confirm"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id="confirm-title">{question.title}</h2>
      <p>{question.text}</p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="confirm-buttons">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class={question.isDangerous ? "button button-danger" : "button button-primary"}
          disabled={isBusy}
          onClick={run}
          data-testid="confirm-action"
        >
          {question.action}
        </button>
      </div>
    </dialog>
  );
}
