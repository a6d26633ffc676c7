import { expect, it } from "vitest";
import { conversationAt, conversationPath } from "./chats";

const at = (path: string) => conversationAt(new URL(path, "http://localhost"));

it("finds the conversation in its own address", () => {
  expect(at(conversationPath("3f0c"))).toBe("3f0c");
  expect(at(conversationPath("a/b"))).toBe("a/b");
  expect(at(conversationPath(""))).toBe("");
});

it("takes other fragments for no conversation, and other pages for none of its own", () => {
  expect(at("/#main")).toBe("");
  expect(at("/documents#/c/3f0c")).toBeNull();
});
