// A cited place with its document, its dates and the text around it.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { contentUrl, getRevision, getText, sentenceOf } from "../api";
import { CodePointText, excerpt } from "../codepoints";
import { type Place, trailOf } from "../place";
import { Link } from "../router";
import { Icon } from "./icon";
import { Period } from "./period";

const firstView = 360; // code points on each side of the quote
const more = 2400;

interface Props {
  place: Place;
  /** Code points to show around the quote at first. */
  around?: number;
  /** Brings the quote into view, on a page where much stands above it. */
  isScrolledTo?: boolean;
}

export function PlaceView({ place, around = firstView, isScrolledTo = false }: Props) {
  const trail = trailOf(place);
  const { from, until } = usePeriodNow(place);
  return (
    <article class="place">
      <h2 class="place-title" data-testid="citation-title">
        {place.title}
      </h2>
      <p class="place-facts">
        <span class="tag" data-testid="citation-revision">
          Revision {place.revision}
        </span>
        <Period from={from} until={until} />
      </p>
      {trail && <p class="place-trail">{trail}</p>}
      <PlaceText
        key={`${place.documentId}/${place.revision}/${place.start}`}
        place={place}
        around={around}
        isScrolledTo={isScrolledTo}
      />
      <p class="place-links">
        <a class="button" href={contentUrl(place.documentId, place.revision)} download>
          <Icon name="download" />
          Original file
        </a>
        {place.url && (
          <Link to={place.url} class="button button-plain">
            Open as a page
          </Link>
        )}
      </p>
    </article>
  );
}

/** When the revision applies as of now: it may have been superseded since the answer was given. */
function usePeriodNow({ documentId, revision, effectiveFrom, effectiveUntil }: Place) {
  const [period, setPeriod] = useState({ from: effectiveFrom, until: effectiveUntil });
  useEffect(() => {
    const controller = new AbortController();
    setPeriod({ from: effectiveFrom, until: effectiveUntil });
    getRevision(documentId, revision, controller.signal)
      .then((now) => setPeriod({ from: now.effective_from, until: now.effective_until }))
      .catch(() => undefined); // what came with the answer stays
    return () => controller.abort();
  }, [documentId, revision, effectiveFrom, effectiveUntil]);
  return period;
}

function PlaceText({ place, around, isScrolledTo }: Required<Props>) {
  const [text, setText] = useState<CodePointText | null>(null);
  const [problem, setProblem] = useState("");
  const [reach, setReach] = useState(around);
  const { documentId, revision, start, end } = place;

  useEffect(() => {
    const controller = new AbortController();
    getText(documentId, revision, controller.signal)
      .then((source) => setText(new CodePointText(source)))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setProblem(sentenceOf(error));
      });
    return () => controller.abort();
  }, [documentId, revision]);

  const shown = useMemo(() => (text ? excerpt(text, start, end, reach) : null), [text, start, end, reach]);

  const quote = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isScrolledTo && text) quote.current?.scrollIntoView({ block: "center" });
  }, [isScrolledTo, text]);

  if (!shown) {
    // Until the text is here, and when it can't be had, the words that came with the answer stand alone.
    return (
      <>
        <blockquote class="excerpt" aria-busy={!problem}>
          <mark data-testid="cited-quote">{place.words}</mark>
        </blockquote>
        {problem && <p class="problem">{`The text around it can't be shown. ${problem}`}</p>}
      </>
    );
  }
  return (
    <>
      <blockquote class="excerpt">
        {shown.cutBefore && <span class="excerpt-cut">… </span>}
        {shown.before}
        <mark ref={quote} data-testid="cited-quote">
          {shown.quote}
        </mark>
        {shown.after}
        {shown.cutAfter && <span class="excerpt-cut"> …</span>}
      </blockquote>
      {(shown.cutBefore || shown.cutAfter) && (
        <button type="button" class="button button-plain" onClick={() => setReach(reach + more)}>
          Show more of the text
        </button>
      )}
    </>
  );
}
