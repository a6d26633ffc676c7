import { contentUrl, type Revision } from "../api";
import { formatMoment } from "../dates";
import { badgeOf, dateSourceOf, formatSize, periodOf } from "../wording";

interface Props {
  revision: Revision;
  onPublish: () => void;
  onWithdraw: () => void;
}

/** A revision in its document's history. */
export function RevisionItem({ revision, onPublish, onWithdraw }: Props) {
  const badge = badgeOf(revision);
  const period = periodOf(revision, new Date());
  const isLive = revision.in_force || revision.scheduled;
  return (
    <li
      class={revision.in_force ? "revision revision-in-force" : "revision"}
      data-testid="revision-row"
      data-revision={revision.revision}
      data-status={revision.status}
    >
      <p class="revision-head">
        <strong>Revision {revision.revision}</strong>
        <span class={`badge tone-${badge.tone}`}>{badge.text}</span>
      </p>
      {period && <p class="revision-period">{period}</p>}
      {revision.reason && <p class={`revision-reason tone-${badge.tone}`}>{revision.reason.message}</p>}
      <p class="revision-facts">
        {revision.file_name}, {formatSize(revision.size)}, by {revision.created_by},{" "}
        {formatMoment(revision.received_at)}
        {period && `; ${dateSourceOf(revision)}`}
      </p>
      <p class="revision-actions">
        <a
          class="text-button"
          href={contentUrl(revision.document_id, revision.revision)}
          download
          aria-label={`Download the original of revision ${revision.revision}`}
        >
          Original
        </a>
        {mayPublish(revision) && (
          <button type="button" class="text-button" onClick={onPublish} data-testid="publish">
            Put in force now
          </button>
        )}
        {isLive && (
          <button
            type="button"
            class="text-button text-button-danger"
            onClick={onWithdraw}
            data-testid="withdraw"
          >
            Withdraw
          </button>
        )}
      </p>
    </li>
  );
}

// What was staged once can be put in force again; what never got that far can't.
function mayPublish({ status, in_force }: Revision): boolean {
  return !in_force && (status === "published" || status === "withdrawn" || status === "held");
}
