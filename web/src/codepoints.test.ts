import { describe, expect, it } from "vitest";
import { CodePointText, excerpt } from "./codepoints";

describe("CodePointText", () => {
  it("cuts plain text like slice does", () => {
    const text = new CodePointText("Twenty-five days");
    expect(text.slice(0, 6)).toBe("Twenty");
    expect(text.length).toBe(16);
  });

  it("counts a character outside the basic plane as one", () => {
    const text = new CodePointText("🌊🌊 25 days 𝒙!");
    expect(text.length).toBe(13);
    expect(text.slice(3, 10)).toBe("25 days");
    expect(text.slice(11, 13)).toBe("𝒙!");
  });

  it("counts combining marks and joiners separately, as the service does", () => {
    const text = new CodePointText("e\u0301👩‍💻x");
    expect(text.length).toBe(6);
    expect(text.slice(5, 6)).toBe("x");
  });

  it("keeps a lone surrogate as one code point", () => {
    const text = new CodePointText("\uD83Dx🌊y");
    expect(text.length).toBe(4);
    expect(text.slice(3, 4)).toBe("y");
  });

  it("moves offsets that are out of range into it", () => {
    const text = new CodePointText("abc🌊");
    expect(text.slice(-5, 99)).toBe("abc🌊");
    expect(text.slice(9, 12)).toBe("");
  });
});

describe("excerpt", () => {
  const source = "First paragraph here.\n\nThe limit is 25 days a year.\n\nThird paragraph there.";
  const text = new CodePointText(source);
  const start = source.indexOf("25 days");

  it("shows all when there is little", () => {
    const cut = excerpt(text, start, start + 7, 500);
    expect(cut.before + cut.quote + cut.after).toBe(source);
    expect([cut.cutBefore, cut.cutAfter]).toEqual([false, false]);
  });

  it("cuts at boundaries and says so", () => {
    const cut = excerpt(text, start, start + 7, 18);
    expect(cut).toEqual({
      cutBefore: true,
      cutAfter: true,
      before: "The limit is ",
      quote: "25 days",
      after: " a year.",
    });
  });
});
