// The way of one uploaded file: waiting, sending, processing, and how it ended. Pure; upload-queue.ts drives it.

import type { Revision, UploadReceipt } from "./api";

export type UploadState =
  | { phase: "waiting" }
  | { phase: "sending"; sent: number; total: number }
  | { phase: "processing"; receipt: UploadReceipt; stage: string }
  | { phase: "published"; receipt: UploadReceipt; revision: Revision }
  | { phase: "unchanged"; receipt: UploadReceipt }
  /** The service took the file but did not publish it. */
  | { phase: "stopped"; receipt: UploadReceipt; revision: Revision }
  /** The service did not take the file, or can't be reached any more. */
  | { phase: "refused"; message: string; receipt: UploadReceipt | null };

export type UploadEvent =
  | { kind: "progress"; sent: number; total: number }
  /** `isNew` is false when the service said that there is nothing to do (200). */
  | { kind: "received"; receipt: UploadReceipt; isNew: boolean }
  | { kind: "status"; revision: Revision }
  | { kind: "problem"; message: string };

export const waiting: UploadState = { phase: "waiting" };

const isUnfinished = (status: Revision["status"]) => status === "queued" || status === "running";

/** Whether nothing more will happen to the file. */
export function isFinal(state: UploadState): boolean {
  return state.phase !== "waiting" && state.phase !== "sending" && state.phase !== "processing";
}

/** Returns the state after an event. A final state stays, and an event out of its turn changes nothing. */
export function next(state: UploadState, event: UploadEvent): UploadState {
  if (isFinal(state)) return state;
  switch (event.kind) {
    case "progress":
      if (state.phase === "processing") return state;
      return { phase: "sending", sent: event.sent, total: event.total };
    case "received":
      if (state.phase === "processing") return state;
      // The same bytes may be known but still on their way: follow those.
      if (!event.isNew && !isUnfinished(event.receipt.status)) {
        return { phase: "unchanged", receipt: event.receipt };
      }
      return { phase: "processing", receipt: event.receipt, stage: "" };
    case "status":
      return state.phase === "processing" ? afterStatus(state.receipt, event.revision) : state;
    case "problem": {
      const receipt = state.phase === "processing" ? state.receipt : null;
      return { phase: "refused", message: event.message, receipt };
    }
  }
}

function afterStatus(receipt: UploadReceipt, revision: Revision): UploadState {
  if (isUnfinished(revision.status)) return { phase: "processing", receipt, stage: revision.stage };
  if (revision.status === "published") return { phase: "published", receipt, revision };
  return { phase: "stopped", receipt, revision };
}

/** The steps that a person sees, with the stages of the pipeline that each stands for. */
export const steps = [
  { label: "Reading", stages: ["parse", "clean"] },
  { label: "Splitting", stages: ["identify", "screen", "chunk"] },
  { label: "Indexing", stages: ["embed", "stage"] },
  { label: "Publishing", stages: ["publish"] },
] as const;

/** Index into `steps` of a pipeline stage like "embed 32 of 200"; -1 while queued or for an unknown stage. */
export function stepOf(stage: string): number {
  const name = stage.split(" ", 1)[0] ?? "";
  return steps.findIndex((step) => (step.stages as readonly string[]).includes(name));
}

/** How much of its stage is done, between 0 and 1; null when the stage does not count. */
export function shareOf(stage: string): number | null {
  const [, done, total] = /(\d+) of (\d+)$/.exec(stage) ?? [];
  return done && Number(total) > 0 ? Math.min(Number(done) / Number(total), 1) : null;
}
