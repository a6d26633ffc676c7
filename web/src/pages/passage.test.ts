import { expect, it } from "vitest";
import { passageAddress } from "./passage";

const at = (path: string) => passageAddress(new URL(path, "http://localhost"));

it("reads the address of a citation", () => {
  expect(at("/documents/7?revision=3&start=10&end=17")).toEqual({
    documentId: "7",
    revision: 3,
    start: 10,
    end: 17,
  });
});

it("shows the beginning when no place is named, and never an end before the start", () => {
  expect(at("/documents/7?revision=1")).toMatchObject({ start: 0, end: 0 });
  expect(at("/documents/7?revision=1&start=9&end=2")).toMatchObject({ start: 9, end: 9 });
});

it("leaves other addresses to other pages", () => {
  expect([at("/documents"), at("/documents/7"), at("/documents/7?revision=0"), at("/")]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
