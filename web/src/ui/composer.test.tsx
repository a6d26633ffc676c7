import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Composer } from "./composer";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

async function show(isAnswering = false, isGeneral: boolean | null = null) {
  const onAsk = vi.fn();
  const onGeneral = vi.fn();
  const onStop = vi.fn();
  await act(() =>
    render(
      <Composer
        asOf=""
        onAsOf={() => {}}
        isAnswering={isAnswering}
        conversationId=""
        isGeneral={isGeneral}
        onGeneral={onGeneral}
        onAsk={onAsk}
        onStop={onStop}
      />,
      root,
    ),
  );
  const box = root.querySelector("textarea");
  if (!box) throw new Error("no question box");
  return { box, onAsk, onStop, onGeneral };
}

async function type(box: HTMLTextAreaElement, text: string) {
  await act(() => {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function press(box: HTMLTextAreaElement, key: string, init: KeyboardEventInit = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  await act(() => void box.dispatchEvent(event));
  return event;
}

it("has the focus from the first moment", async () => {
  const { box } = await show();
  expect(document.activeElement).toBe(box);
});

it("sends at Enter, without the spaces around, and is empty then", async () => {
  const { box, onAsk } = await show();
  await type(box, "  How many? \n");
  await press(box, "Enter");
  expect(onAsk).toHaveBeenCalledExactlyOnceWith("How many?");
  expect(box.value).toBe("");
});

it("leaves Enter to line breaks with Shift, and to input methods", async () => {
  const { box, onAsk } = await show();
  await type(box, "How");
  expect((await press(box, "Enter", { shiftKey: true })).defaultPrevented).toBe(false);
  expect((await press(box, "Enter", { isComposing: true })).defaultPrevented).toBe(false);
  expect(onAsk).not.toHaveBeenCalled();
});

it("sends nothing when there is nothing to send", async () => {
  const { box, onAsk } = await show();
  await type(box, "   ");
  await press(box, "Enter");
  expect(onAsk).not.toHaveBeenCalled();
});

it("stops at Escape while answering, and only then takes the key", async () => {
  const answering = await show(true);
  expect((await press(answering.box, "Escape")).defaultPrevented).toBe(true);
  expect(answering.onStop).toHaveBeenCalledOnce();
  const idle = await show(false);
  expect((await press(idle.box, "Escape")).defaultPrevented).toBe(false);
});

it("leaves the up arrow to the text", async () => {
  const { box } = await show();
  expect((await press(box, "ArrowUp")).defaultPrevented).toBe(false);
  expect(box.value).toBe("");
});

it("keeps the focus when a button sends", async () => {
  const { box, onAsk } = await show();
  await type(box, "How many?");
  const send = root.querySelector<HTMLButtonElement>('[data-testid="send"]');
  send?.focus();
  await act(() => send?.click());
  expect(onAsk).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(box);
});

it("offers general knowledge only where a model has it, and is off at first", async () => {
  const part = () => root.querySelector<HTMLButtonElement>('[role="switch"]');
  await show();
  expect(part()).toBeNull();
  const { onGeneral } = await show(false, false);
  expect(part()?.getAttribute("aria-checked")).toBe("false");
  await act(() => part()?.click());
  expect(onGeneral).toHaveBeenCalledExactlyOnceWith(true);
});
