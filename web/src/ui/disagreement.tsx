import type { Citation, Conflict } from "../api";
import { placeOf, trailOf } from "../place";
import { Icon } from "./icon";
import { Period } from "./period";

interface Props {
  conflicts: Conflict[];
  onCite: (citation: Citation) => void;
}

/** What documents in force say differently: each value with where it stands, the best supported first. */
export function Disagreement({ conflicts, onCite }: Props) {
  return (
    <section class="disagreement" aria-label="Documents disagree" data-testid="disagreement">
      <h3>
        <Icon name="differ" />
        Documents disagree
      </h3>
      <p>All of these are in force. Which one holds is for a person to settle.</p>
      {conflicts.map((conflict, index) => (
        <ul key={index}>
          {conflict.values.map(({ text, citation }) => (
            <li key={`${citation.document_id}/${citation.start}`} class="source" data-testid="value">
              <button type="button" class="source-open" onClick={() => onCite(citation)}>
                <strong class="disagreement-value">{text}</strong>
                <span class="disagreement-title">{citation.title}</span>
                <Facts citation={citation} />
              </button>
              <span class="source-more">
                <Icon name="chevron" />
              </span>
            </li>
          ))}
        </ul>
      ))}
    </section>
  );
}

function Facts({ citation }: { citation: Citation }) {
  const trail = trailOf(placeOf(citation));
  return (
    <span class="source-facts">
      <span>Revision {citation.revision}</span>
      <Period from={citation.effective_from} until={citation.effective_until} />
      {trail && <span>{trail}</span>}
    </span>
  );
}
