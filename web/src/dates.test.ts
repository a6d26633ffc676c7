import { describe, expect, it } from "vitest";
import { formatDay, formatMoment, formatPeriod, phaseOf, preferredEnglish, today } from "./dates";

const now = new Date("2026-11-22T12:00:00Z");

describe("formatDay", () => {
  it("shows a rule's day as that day, west of Greenwich too", () => {
    expect(formatDay("2026-01-01T00:00:00Z", "en-GB", "America/Los_Angeles")).toBe("1 January 2026");
  });

  it("shows any other moment in the reader's time zone", () => {
    expect(formatDay("2026-01-01T03:30:00Z", "en-GB", "America/Los_Angeles")).toBe("31 December 2025");
  });

  it("follows the reader's English", () => {
    expect(formatDay("2026-01-01T00:00:00Z", "en-US")).toBe("January 1, 2026");
  });

  it("shows an unreadable date as it came", () => {
    expect(formatDay("soon")).toBe("soon");
  });
});

describe("formatMoment", () => {
  it("gives the time where it matters", () => {
    expect(formatMoment("2026-11-22T19:40:00Z", "en-GB", "UTC")).toBe("22 Nov 2026, 19:40");
    expect(formatMoment("2026-11-22T00:00:00Z", "en-GB", "UTC")).toBe("22 November 2026");
  });
});

describe("formatPeriod", () => {
  const start = "2026-01-01T00:00:00Z";

  it("says since when", () => {
    expect(formatPeriod(start, null, now, "en-GB")).toBe("In force since 1 January 2026");
  });

  it("says until when, if an end is known", () => {
    expect(formatPeriod(start, "2027-01-01T00:00:00Z", now, "en-GB")).toBe(
      "In force since 1 January 2026, until 1 January 2027",
    );
  });

  it("says that the time is over", () => {
    expect(formatPeriod(start, "2026-06-01T00:00:00Z", now, "en-GB")).toBe(
      "Was in force from 1 January 2026 to 1 June 2026",
    );
  });

  it("says that it is still to come", () => {
    expect(formatPeriod("2027-03-01T00:00:00Z", null, now, "en-GB")).toBe("Takes effect on 1 March 2027");
  });

  it("treats the end as exclusive and the start as inclusive", () => {
    expect(phaseOf(start, "2026-11-22T12:00:00Z", now)).toBe("was");
    expect(phaseOf("2026-11-22T12:00:00Z", null, now)).toBe("is");
  });
});

describe("preferredEnglish", () => {
  it("takes the first English of the browser's languages", () => {
    expect(preferredEnglish(["de-DE", "en-US", "en"])).toBe("en-US");
    expect(preferredEnglish(["de"])).toBe("en-GB");
  });
});

describe("today", () => {
  it("pads month and day", () => {
    expect(today(new Date(2026, 2, 3))).toBe("2026-03-03");
  });
});
