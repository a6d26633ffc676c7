import { Fragment } from "preact";
import type { Citation } from "../api";
import { type Block, parseAnswer, type Span } from "../markdown";
import { citationAt, isSameCitation } from "../turn";

interface Citing {
  citations: Citation[];
  /** The citation whose passage is open, or null. */
  openCitation: Citation | null;
  onCite: (citation: Citation) => void;
}

/** An answer's text as elements: text stays text, numbers with a citation behind them become buttons. */
export function AnswerText({ text, ...citing }: Citing & { text: string }) {
  // Keyed by position: an answer only grows at its end.
  return parseAnswer(text).map((block, index) => <BlockView key={index} block={block} {...citing} />);
}

function BlockView({ block, ...citing }: Citing & { block: Block }) {
  if (block.kind === "paragraph") {
    return (
      <p>
        {block.lines.map((line, index) => (
          <Fragment key={index}>
            {index > 0 && <br />}
            <SpansView spans={line} {...citing} />
          </Fragment>
        ))}
      </p>
    );
  }
  const items = block.items.map((item, index) => (
    <li key={index}>
      <SpansView spans={item} {...citing} />
    </li>
  ));
  return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
}

function SpansView({ spans, citations, openCitation, onCite }: Citing & { spans: Span[] }) {
  return spans.map((span, index) => {
    if (span.kind === "text") {
      // A citation stays on the line of the word that it follows.
      const isBeforeCitation = spans[index + 1]?.kind === "citation";
      return isBeforeCitation ? span.text.replace(/ $/, "\u00A0") : span.text;
    }
    if (span.kind === "bold") return <strong key={index}>{span.text}</strong>;
    const citation = citationAt(citations, span.n, span.occurrence);
    if (!citation) {
      return (
        <span key={index} class="cite cite-pending">
          {span.n}
        </span>
      );
    }
    return (
      <CitationChip
        key={index}
        citation={citation}
        isOpen={isSameCitation(citation, openCitation)}
        onCite={onCite}
      />
    );
  });
}

interface ChipProps {
  citation: Citation;
  isOpen: boolean;
  onCite: (citation: Citation) => void;
}

/** A citation's number, as a button that opens its passage. */
export function CitationChip({ citation, isOpen, onCite }: ChipProps) {
  return (
    <button
      type="button"
      class="cite"
      aria-expanded={isOpen}
      aria-label={`Source ${citation.n}: ${citation.title}, revision ${citation.revision}`}
      title={`${citation.title}, revision ${citation.revision}`}
      data-testid="citation"
      data-n={citation.n}
      onClick={() => onCite(citation)}
    >
      {citation.n}
    </button>
  );
}
