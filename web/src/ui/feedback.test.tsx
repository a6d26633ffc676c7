import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem, type Feedback as Said } from "../api";
import { Feedback } from "./feedback";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

async function show(feedback: Said | null, onRate = vi.fn(async (_said: Said) => {})) {
  await act(() => render(<Feedback feedback={feedback} onRate={onRate} />, root));
  return onRate;
}

const part = <T extends HTMLElement>(id: string) => root.querySelector<T>(`[data-testid="${id}"]`);
const press = (id: string) => act(async () => part(id)?.click());

it("notes that an answer helped, and shows what was said before", async () => {
  const onRate = await show(null);
  await press("helpful");
  expect(onRate).toHaveBeenCalledExactlyOnceWith({ helpful: true, reason: "" });
  await show({ helpful: true, reason: "" });
  expect(part("helpful")?.getAttribute("aria-pressed")).toBe("true");
  expect(part("not-helpful")?.getAttribute("aria-pressed")).toBe("false");
});

it("notes a no at once, and its reason when one is given", async () => {
  const onRate = await show(null);
  await press("not-helpful");
  expect(onRate).toHaveBeenCalledExactlyOnceWith({ helpful: false, reason: "" });
  const field = part<HTMLInputElement>("feedback-reason");
  expect(document.activeElement).toBe(field);
  await act(() => {
    if (field) field.value = " Out of date ";
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await press("feedback-send");
  expect(onRate).toHaveBeenLastCalledWith({ helpful: false, reason: "Out of date" });
  expect(part("feedback-reason")).toBeNull();
  expect(document.activeElement).toBe(part("not-helpful"));
});

it("says when it could not be noted", async () => {
  await show(
    null,
    vi.fn(() => Promise.reject(new Problem(503, "busy", "Try again soon."))),
  );
  await press("helpful");
  expect(root.querySelector('[role="alert"]')?.textContent).toBe("That could not be noted. Try again soon.");
});
