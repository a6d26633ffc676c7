import type { Document } from "../api";
import { inForceNote, latestNote } from "../wording";
import { Icon } from "./icon";

interface Props {
  document: Document;
  isOpen: boolean;
  onOpen: () => void;
  onNewRevision: () => void;
}

/** A document in the list: what it is called, what is in force, and what needs a look. */
export function DocumentRow({ document, isOpen, onOpen, onNewRevision }: Props) {
  const inForce = inForceNote(document);
  const latest = latestNote(document);
  return (
    <li
      class={isOpen ? "document document-open" : "document"}
      data-testid="document-row"
      data-key={document.key}
      data-collection={document.collection}
    >
      <div class="document-name">
        <button
          type="button"
          class="document-title"
          onClick={onOpen}
          aria-expanded={isOpen}
          data-testid="document-open"
        >
          {document.title || document.key}
        </button>
        <p class="document-key">
          <span class="tag">{document.collection}</span>
          <code>{document.key}</code>
        </p>
      </div>
      <div class="document-state">
        <p class={`state tone-${inForce.tone}`} data-testid="in-force">
          {inForce.text}
        </p>
        {latest && (
          <p class={`state tone-${latest.tone}`} data-testid="latest">
            {latest.text}
          </p>
        )}
      </div>
      <button
        type="button"
        class="button button-plain document-new"
        onClick={onNewRevision}
        aria-label={`New revision of ${document.title || document.key}`}
        data-testid="new-revision"
      >
        <Icon name="upload" />
        New revision
      </button>
    </li>
  );
}
