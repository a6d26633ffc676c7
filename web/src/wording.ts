// States of documents and uploads as sentences, in one place so that the pages speak with one voice.

import type { Document, Flag, Revision } from "./api";
import { formatDay, formatPeriod } from "./dates";
import { shareOf, stepOf, steps, type UploadState } from "./upload";

/** How a note looks: calm, waiting, in force, or asking for attention. */
export type Tone = "quiet" | "busy" | "good" | "warning" | "danger";

export interface Note {
  tone: Tone;
  text: string;
}

const bytes = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** "1.2 MB"; decimal units, as file managers show them. */
export function formatSize(size: number): string {
  for (const [unit, scale] of [
    ["GB", 1e9],
    ["MB", 1e6],
    ["KB", 1e3],
  ] as const) {
    if (size >= scale) return `${bytes.format(size / scale)} ${unit}`;
  }
  return size === 1 ? "1 byte" : `${size} bytes`;
}

/** "under 0.1 s", "1.4 s". */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 100 ? "under 0.1 s" : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Stands on every answer that is not the library's. */
export const general = "General knowledge, not from your library";

/** Stands at every statement of an answer that its sources don't bear out. */
export const notFound = "Not found in the sources";

/** What exactly wasn't found. */
export function flagText({ reason, missing }: Flag): string {
  switch (reason) {
    case "figure":
      return `No cited passage has “${missing}”.`;
    case "quote":
      return `No cited passage has the words “${missing}”.`;
    default:
      return "No cited passage says this.";
  }
}

/** What of a document is in force. */
export function inForceNote(document: Document): Note {
  const { current } = document;
  if (!current) return { tone: "quiet", text: "Nothing in force" };
  const since = formatDay(current.effective_from);
  // A scheduled revision says by itself when this one ends.
  const until =
    current.effective_until && !document.latest.scheduled
      ? ` until ${formatDay(current.effective_until)}`
      : "";
  return { tone: "good", text: `Revision ${current.revision} since ${since}${until}` };
}

/** What is worth saying about a document's newest revision; null if it is simply the one in force. */
export function latestNote({ latest }: Document): Note | null {
  const name = `Revision ${latest.revision}`;
  switch (latest.status) {
    case "queued":
    case "running":
      return { tone: "busy", text: `${name} is being processed` };
    case "failed":
      return { tone: "danger", text: `${name} failed: ${reasonOf(latest)}` };
    case "held":
      return { tone: "warning", text: `${name} is held: ${reasonOf(latest)}` };
    case "rejected":
      return { tone: "warning", text: `${name} was rejected` };
    case "duplicate":
      return { tone: "quiet", text: `${name} is a duplicate` };
    case "withdrawn":
      return { tone: "quiet", text: `${name} was withdrawn` };
    case "published":
      return latest.scheduled
        ? { tone: "busy", text: `${name} takes effect on ${formatDay(latest.effective_from)}` }
        : null;
  }
}

export function reasonOf(revision: Revision): string {
  return revision.reason?.message ?? "The server gave no reason.";
}

/** The badge of a revision in its document's history. */
export function badgeOf(revision: Revision): Note {
  if (revision.in_force) return { tone: "good", text: "In force" };
  if (revision.scheduled) return { tone: "busy", text: "Scheduled" };
  switch (revision.status) {
    case "queued":
      return { tone: "busy", text: "Queued" };
    case "running":
      return { tone: "busy", text: "Processing" };
    case "held":
      return { tone: "warning", text: "Held" };
    case "failed":
      return { tone: "danger", text: "Failed" };
    case "published":
      return { tone: "quiet", text: "Superseded" };
    case "withdrawn":
      return { tone: "quiet", text: "Withdrawn" };
    case "rejected":
      return { tone: "quiet", text: "Rejected" };
    case "duplicate":
      return { tone: "quiet", text: "Duplicate" };
  }
}

const dateSources: Record<Revision["effective_source"], string> = {
  explicit: "the date was given at upload",
  front_matter: "the date is from the file's front matter",
  text: "the date is from the document's text",
  file_properties: "the date is from the file's properties",
  upload_time: "no date was found, so it counts from the upload",
};

/** Where a revision's effective date was found. */
export const dateSourceOf = (revision: Revision) => dateSources[revision.effective_source];

/** When a revision applied or applies; for one that never did, nothing. */
export function periodOf(revision: Revision, now: Date): string {
  if (revision.status !== "published" && revision.status !== "withdrawn") return "";
  if (revision.published_at === null) return "";
  // A revision may end without a known moment when another was filed over all of its time.
  if (revision.superseded && revision.effective_until === null) return "Was superseded";
  return formatPeriod(revision.effective_from, revision.effective_until, now);
}

/** An upload's state as one sentence. */
export function uploadNote(state: UploadState, now: Date): Note {
  switch (state.phase) {
    case "waiting":
      return { tone: "quiet", text: "Waiting for its turn" };
    case "sending":
      return { tone: "busy", text: `Sending, ${percent(state.total > 0 ? state.sent / state.total : 0)}` };
    case "processing":
      return { tone: "busy", text: processingText(state.stage) };
    case "published":
      return publishedNote(state.revision, now);
    case "unchanged":
      return {
        tone: "quiet",
        text: `Nothing to do: this file is revision ${state.receipt.revision} already.`,
      };
    case "stopped":
      return stoppedNote(state.revision);
    case "refused":
      return { tone: "danger", text: state.message };
  }
}

const percent = (share: number) => `${Math.floor(share * 100)} %`;

function processingText(stage: string): string {
  const label = steps[stepOf(stage)]?.label;
  if (!label) return "Queued";
  const share = shareOf(stage);
  return share === null ? `${label}…` : `${label}, ${percent(share)}`;
}

function publishedNote(revision: Revision, now: Date): Note {
  if (revision.in_force || revision.scheduled) {
    const period = formatPeriod(revision.effective_from, revision.effective_until, now);
    return { tone: "good", text: `Published as revision ${revision.revision}. ${period}.` };
  }
  return { tone: "quiet", text: `Filed into history as revision ${revision.revision}: its time is over.` };
}

function stoppedNote(revision: Revision): Note {
  const badge = badgeOf(revision);
  const reason = revision.reason ? `: ${revision.reason.message}` : ".";
  return { tone: badge.tone, text: `${badge.text}${reason}` };
}
