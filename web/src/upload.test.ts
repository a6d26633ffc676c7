import { describe, expect, it } from "vitest";
import type { Revision, UploadReceipt } from "./api";
import { isFinal, next, shareOf, stepOf, type UploadEvent, type UploadState, waiting } from "./upload";

const receipt: UploadReceipt = { document_id: "7", revision: 2, status: "queued", status_url: "/r/2" };

function revision(status: Revision["status"], stage = ""): Revision {
  return { status, stage, revision: 2 } as Revision;
}

const run = (...events: UploadEvent[]): UploadState => events.reduce(next, waiting);
const received: UploadEvent = { kind: "received", receipt, isNew: true };

describe("next", () => {
  it("goes from sending over the stages to published", () => {
    expect(run({ kind: "progress", sent: 1, total: 9 })).toEqual({ phase: "sending", sent: 1, total: 9 });
    expect(run(received)).toEqual({ phase: "processing", receipt, stage: "" });
    const embedding: UploadEvent = { kind: "status", revision: revision("running", "embed") };
    expect(run(received, embedding)).toMatchObject({ phase: "processing", stage: "embed" });
    const done: UploadEvent = { kind: "status", revision: revision("published") };
    expect(run(received, embedding, done).phase).toBe("published");
  });

  it("says that nothing changed when the bytes are known", () => {
    const known = { ...receipt, status: "published" as const };
    expect(run({ kind: "received", receipt: known, isNew: false }).phase).toBe("unchanged");
  });

  it("follows known bytes that are still on their way", () => {
    expect(run({ kind: "received", receipt, isNew: false }).phase).toBe("processing");
  });

  it.each(["held", "failed", "rejected", "duplicate", "withdrawn"] as const)("stops at %s", (status) => {
    const state = run(received, { kind: "status", revision: revision(status) });
    expect(state.phase).toBe("stopped");
    expect(isFinal(state)).toBe(true);
  });

  it("keeps the receipt when the trail is lost while processing", () => {
    expect(run(received, { kind: "problem", message: "Gone." })).toEqual({
      phase: "refused",
      message: "Gone.",
      receipt,
    });
    expect(run({ kind: "problem", message: "Too large." })).toMatchObject({ receipt: null });
  });

  it("stays as it ended, whatever comes late", () => {
    const refused = run({ kind: "problem", message: "No." });
    expect(next(refused, { kind: "progress", sent: 1, total: 1 })).toBe(refused);
    expect(next(refused, received)).toBe(refused);
  });

  it("ignores events out of their turn", () => {
    const processing = run(received);
    expect(next(processing, { kind: "progress", sent: 1, total: 1 })).toBe(processing);
    expect(next(waiting, { kind: "status", revision: revision("published") })).toBe(waiting);
  });
});

describe("stepOf", () => {
  it("finds the step of a stage, with or without a count", () => {
    expect([stepOf("parse"), stepOf("chunk"), stepOf("embed 32 of 200"), stepOf("publish")]).toEqual([
      0, 1, 2, 3,
    ]);
    expect([stepOf(""), stepOf("unheard_of")]).toEqual([-1, -1]);
  });
});

describe("shareOf", () => {
  it("reads the count of a stage", () => {
    expect(shareOf("embed 50 of 200")).toBe(0.25);
    expect([shareOf("embed"), shareOf("embed 0 of 0"), shareOf("")]).toEqual([null, null, null]);
  });
});
