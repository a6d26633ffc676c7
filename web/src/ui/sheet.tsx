// A panel at the right edge, beside the page; on narrow screens a modal sheet from below.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";

/** From this width on a sheet stands beside the page; panel.css has the same number. */
export const besidePage = "(min-width: 64rem)";

interface Props {
  /** Names the sheet for screen readers. */
  label: string;
  /** Changes when the sheet shows something else: the focus then moves into it again. */
  subject: string;
  /** A sheet that is modal at any width. */
  isModal?: boolean;
  /** Where a modal sheet comes from; "edge" is the right one, or from below on narrow screens. */
  from?: "edge" | "left";
  testId: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Sheet({ label, subject, isModal = false, from = "edge", testId, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<Element | null>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    opener.current = document.activeElement; // before the dialog takes the focus
    if (isModal || !matchMedia(besidePage).matches) element.showModal();
    else element.show();
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog.confirm"))
        return;
      event.preventDefault();
      close.current();
    };
    document.addEventListener("keydown", onEscape);
    return () => {
      document.removeEventListener("keydown", onEscape);
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    };
  }, [isModal]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the subject is what makes the focus move.
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (!element.contains(document.activeElement)) opener.current = document.activeElement;
    element.querySelector<HTMLElement>(".sheet-body")?.focus({ preventScroll: true });
    element.scrollTop = 0;
  }, [subject]);

  // A click on the backdrop of a modal sheet has the dialog itself as its target.
  const onBackdrop = (event: MouseEvent) => {
    if (event.target === event.currentTarget) onClose();
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same for the keyboard.
    <dialog
      ref={dialog}
      class={from === "left" ? "sheet sheet-left" : "sheet"}
      aria-label={label}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={onBackdrop}
    >
      <div class="sheet-body" tabIndex={-1}>
        <button
          type="button"
          class="icon-button sheet-close"
          onClick={onClose}
          aria-label="Close"
          title="Close (Esc)"
        >
          <Icon name="close" />
        </button>
        {children}
      </div>
    </dialog>
  );
}
