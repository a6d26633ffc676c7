import { type ComponentChildren, Fragment } from "preact";
import type { Citation, Flag } from "../api";
import { flaggedText } from "../flags";
import { type Block, parseAnswer, type Span } from "../markdown";
import { citationAt, isSameCitation } from "../turn";
import { flagText, notFound } from "../wording";

interface Citing {
  citations: Citation[];
  /** The citation whose passage is open, or null. */
  openCitation: Citation | null;
  onCite: (citation: Citation) => void;
  /** Statements that the sources don't bear out. */
  flags: Flag[];
}

/** An answer's text as elements: text stays text, numbers with a citation behind them become buttons. */
export function AnswerText({ text, ...citing }: Citing & { text: string }) {
  const shown = flaggedText(text, citing.flags);
  // Keyed by position: an answer only grows at its end.
  return parseAnswer(shown.text, shown.marks).map((block, index) => (
    <BlockView key={index} block={block} {...citing} />
  ));
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

function SpansView({ spans, ...citing }: Citing & { spans: Span[] }) {
  return spans.map((span, index) => {
    // A citation stays on the line of the word that it follows.
    const isBeforeCitation = spans[index + 1]?.kind === "citation";
    const shown = <SpanView key={index} span={span} isBeforeCitation={isBeforeCitation} {...citing} />;
    const flag = span.mark === undefined ? undefined : citing.flags[span.mark];
    return flag ? (
      <Flagged key={index} flag={flag} isEnd={span.endsMark ?? false}>
        {shown}
      </Flagged>
    ) : (
      shown
    );
  });
}

interface SpanProps extends Citing {
  span: Span;
  isBeforeCitation: boolean;
}

function SpanView({ span, isBeforeCitation, citations, openCitation, onCite }: SpanProps) {
  if (span.kind === "text") return <>{isBeforeCitation ? span.text.replace(/ $/, "\u00A0") : span.text}</>;
  if (span.kind === "bold") return <strong>{span.text}</strong>;
  const citation = citationAt(citations, span.n, span.occurrence);
  if (!citation) return <span class="cite cite-pending">{span.n}</span>;
  return <CitationChip citation={citation} isOpen={isSameCitation(citation, openCitation)} onCite={onCite} />;
}

interface FlaggedProps {
  flag: Flag;
  /** It is the statement's last piece: the note stands after it. */
  isEnd: boolean;
  children: ComponentChildren;
}

/** A piece of a statement that the sources don't bear out. */
function Flagged({ flag, isEnd, children }: FlaggedProps) {
  const why = `${notFound}. ${flagText(flag)}`;
  return (
    <>
      <span class="flagged" title={why} data-testid="flagged">
        {children}
      </span>
      {isEnd && (
        <span class="flag-note" title={why} data-testid="flag-note">
          {notFound}
        </span>
      )}
    </>
  );
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
