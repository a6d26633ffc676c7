import { afterEach, expect, it } from "vitest";
import { takeToken } from "./session";

afterEach(() => history.replaceState(null, "", "/"));

it("takes the token out of the address at once", () => {
  history.replaceState(null, "", "/sign-in#token=abc%2B1");
  expect(takeToken()).toBe("abc+1");
  expect(location.href).not.toContain("abc");
  expect(location.pathname).toBe("/sign-in");
});

it("leaves other fragments alone", () => {
  history.replaceState(null, "", "/#main");
  expect(takeToken()).toBe("");
  expect(location.hash).toBe("#main");
});
