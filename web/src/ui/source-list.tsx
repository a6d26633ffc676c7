import type { Citation, Passage } from "../api";
import { placeOf, trailOf } from "../place";
import { citedSources, isSameCitation } from "../turn";
import { CitationChip } from "./answer-text";
import { Icon } from "./icon";
import { Period } from "./period";

interface CitedProps {
  citations: Citation[];
  openCitation: Citation | null;
  onCite: (citation: Citation) => void;
}

/** The revisions that an answer cites, each with the numbers that stand on it. */
export function CitedSources({ citations, openCitation, onCite }: CitedProps) {
  return (
    <section class="sources" aria-label="Sources">
      <h3 class="small-heading">Sources</h3>
      <ul>
        {citedSources(citations).map(({ first, citations: own }) => (
          <li key={`${first.document_id}/${first.revision}`} class="source" data-testid="source">
            <button type="button" class="source-open" onClick={() => onCite(first)}>
              <span class="source-title">{first.title}</span>
              <span class="source-facts">
                <span>Revision {first.revision}</span>
                <Period from={first.effective_from} until={first.effective_until} />
              </span>
            </button>
            <span class="source-numbers">
              {own.map((citation) => (
                <CitationChip
                  key={citation.n}
                  citation={citation}
                  isOpen={isSameCitation(citation, openCitation)}
                  onCite={onCite}
                />
              ))}
            </span>
            <span class="source-more">
              <Icon name="chevron" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const nearestShown = 4;

interface NearestProps {
  passages: Passage[];
  onOpen: (passage: Passage) => void;
}

/** What comes closest when there is no answer: at most one passage of a revision. */
export function NearestSources({ passages, onOpen }: NearestProps) {
  const seen = new Set<string>();
  const nearest = passages.filter(({ document_id, revision }) => {
    const id = `${document_id}/${revision}`;
    return !seen.has(id) && seen.add(id);
  });
  if (nearest.length === 0) return null;
  return (
    <section class="sources" aria-label="Closest sources">
      <h3 class="small-heading">What comes closest</h3>
      <ul>
        {nearest.slice(0, nearestShown).map((passage) => {
          const trail = trailOf(placeOf(passage));
          return (
            <li key={`${passage.document_id}/${passage.revision}`} class="source" data-testid="nearest">
              <button type="button" class="source-open" onClick={() => onOpen(passage)}>
                <span class="source-title">{passage.title}</span>
                <span class="source-snippet">{passage.text}</span>
                <span class="source-facts">
                  <span>Revision {passage.revision}</span>
                  {trail && <span>{trail}</span>}
                </span>
              </button>
              <span class="source-more">
                <Icon name="chevron" />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
