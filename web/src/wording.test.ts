import { describe, expect, it } from "vitest";
import type { Document, Revision } from "./api";
import {
  badgeOf,
  flagText,
  formatDuration,
  formatSize,
  inForceNote,
  latestNote,
  periodOf,
  uploadNote,
} from "./wording";

const now = new Date("2026-11-22T12:00:00Z");

function revision(over: Partial<Revision>): Revision {
  return {
    document_id: "7",
    document_key: "vacation",
    collection: "hr",
    revision: 3,
    title: "Vacation policy",
    file_name: "vacation.pdf",
    media_type: "application/pdf",
    size: 1200,
    sha256: "",
    source: "",
    created_by: "me",
    received_at: "2026-01-01T09:00:00Z",
    status: "published",
    stage: "",
    reason: null,
    in_force: true,
    superseded: false,
    scheduled: false,
    effective_from: "2026-01-01T00:00:00Z",
    effective_until: null,
    effective_source: "text",
    effective_quote: "Effective 1 January 2026",
    version_label: "",
    identified_by: "key",
    identity: { because: "", candidates: [] },
    duplicate_of: null,
    history_dropped: false,
    published_at: "2026-01-01T09:00:00Z",
    chunks: 4,
    ...over,
  };
}

const document = (current: Revision | null, latest: Revision) => ({ current, latest }) as Document;

describe("what the list says of a document", () => {
  it("names the revision in force and since when", () => {
    expect(inForceNote(document(revision({}), revision({}))).text).toMatch(/^Revision 3 since .*2026$/);
    expect(inForceNote(document(null, revision({}))).text).toBe("Nothing in force");
  });

  it("says nothing of a newest revision that is in force", () => {
    expect(latestNote(document(revision({}), revision({})))).toBeNull();
  });

  it("gives the reason of a newest revision that failed", () => {
    const reason = { code: "encrypted", message: "Remove the password and upload it again." };
    const failed = revision({ revision: 4, status: "failed", reason, in_force: false });
    expect(latestNote(document(revision({}), failed))).toEqual({
      tone: "danger",
      text: "Revision 4 failed: Remove the password and upload it again.",
    });
  });

  it("announces a scheduled revision", () => {
    const scheduled = revision({
      revision: 4,
      in_force: false,
      scheduled: true,
      effective_from: "2027-03-01T00:00:00Z",
    });
    expect(latestNote(document(revision({}), scheduled))?.text).toMatch(
      /^Revision 4 takes effect on .*2027$/,
    );
  });
});

describe("badgeOf", () => {
  it("tells in force, scheduled and superseded apart", () => {
    const badges = [{}, { in_force: false, scheduled: true }, { in_force: false, superseded: true }];
    expect(badges.map((over) => badgeOf(revision(over)).text)).toEqual([
      "In force",
      "Scheduled",
      "Superseded",
    ]);
  });
});

describe("periodOf", () => {
  it("is empty for a revision that never applied", () => {
    expect(periodOf(revision({ status: "failed", published_at: null }), now)).toBe("");
  });
});

describe("uploadNote", () => {
  const receipt = { document_id: "7", revision: 3, status: "queued" as const, status_url: "/r/3" };

  it("says how far a file is", () => {
    expect(uploadNote({ phase: "sending", sent: 50, total: 200 }, now).text).toBe("Sending, 25 %");
    expect(uploadNote({ phase: "sending", sent: 0, total: 0 }, now).text).toBe("Sending, 0 %");
    expect(uploadNote({ phase: "processing", receipt, stage: "" }, now).text).toBe("Queued");
    expect(uploadNote({ phase: "processing", receipt, stage: "parse" }, now).text).toBe("Reading…");
    expect(uploadNote({ phase: "processing", receipt, stage: "embed 50 of 200" }, now).text).toBe(
      "Indexing, 25 %",
    );
  });

  it("gives the reason of a failure as a sentence", () => {
    const failed = revision({
      status: "failed",
      in_force: false,
      reason: { code: "empty", message: "The file is empty." },
    });
    expect(uploadNote({ phase: "stopped", receipt, revision: failed }, now)).toEqual({
      tone: "danger",
      text: "Failed: The file is empty.",
    });
  });

  it("does not claim that a late old revision took over", () => {
    const late = revision({ in_force: false, superseded: true });
    expect(uploadNote({ phase: "published", receipt, revision: late }, now).text).toMatch(
      /^Filed into history/,
    );
  });
});

describe("formatSize", () => {
  it("chooses the unit", () => {
    expect([0, 1, 999, 1200, 1_234_567].map(formatSize)).toEqual([
      "0 bytes",
      "1 byte",
      "999 bytes",
      "1.2 KB",
      "1.23 MB",
    ]);
  });
});

describe("formatDuration", () => {
  it("never says that an answer took no time", () => {
    expect([0, 40, 99, 100, 1449].map(formatDuration)).toEqual([
      "under 0.1 s",
      "under 0.1 s",
      "under 0.1 s",
      "0.1 s",
      "1.4 s",
    ]);
  });
});

describe("flagText", () => {
  it("says what exactly wasn't found", () => {
    const flag = { start: 0, end: 9, statement: "", missing: "45 days" };
    expect(flagText({ ...flag, reason: "figure" })).toBe("No cited passage has “45 days”.");
    expect(flagText({ ...flag, reason: "quote" })).toBe("No cited passage has the words “45 days”.");
    expect(flagText({ ...flag, reason: "unsupported", missing: "" })).toBe("No cited passage says this.");
  });
});
