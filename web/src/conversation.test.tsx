import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Conversation, useConversation } from "./conversation";

let root: HTMLElement;
let conversation: Conversation;

function Probe() {
  conversation = useConversation();
  return null;
}

beforeEach(async () => {
  root = document.createElement("div");
  await act(() => render(<Probe />, root));
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

/** A server that answers every question with a stream that the test writes. */
function serve() {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const fetch = vi.fn(async (_path: string, init: RequestInit) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.push(controller);
        init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
      },
    });
    return new Response(body);
  });
  vi.stubGlobal("fetch", fetch);
  const send = (index: number, event: string, data: unknown) =>
    act(() =>
      streams[index]?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)),
    );
  return { fetch, streams, send };
}

const ask = (question: string, asOf = "") => act(() => conversation.ask(question, asOf));
const phases = () => conversation.turns.map((turn) => turn.phase);

it("sends the question with its day, and shows the answer while it comes", async () => {
  const { fetch, send } = serve();
  await ask("How many?", "2025-03-03");
  expect(JSON.parse(String(fetch.mock.calls[0]?.[1].body))).toEqual({
    question: "How many?",
    as_of: "2025-03-03",
  });
  await send(0, "text", { delta: "25 days" });
  await vi.waitFor(() => expect(conversation.turns[0]).toMatchObject({ phase: "writing", text: "25 days" }));
  await send(0, "done", { answer: "25 days.", citations: [], passages: [], abstained: false });
  await vi.waitFor(() => expect(conversation.turns[0]).toMatchObject({ phase: "done", text: "25 days." }));
});

it("keeps what was written when the reader stops, and aborts the request", async () => {
  const { fetch, send } = serve();
  await ask("How many?");
  await send(0, "text", { delta: "25" });
  await vi.waitFor(() => expect(phases()).toEqual(["writing"]));
  await act(() => conversation.stop());
  expect(conversation.turns[0]).toMatchObject({ phase: "stopped", text: "25" });
  expect(fetch.mock.calls[0]?.[1].signal?.aborted).toBe(true);
});

it("stops the question before when the next one is asked", async () => {
  serve();
  await ask("One?");
  await ask("Two?");
  expect(phases()).toEqual(["stopped", "searching"]);
});

it("says so when the stream ends too early", async () => {
  const { streams } = serve();
  await ask("How many?");
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  await act(() => streams[0]?.close());
  await vi.waitFor(() => expect(phases()).toEqual(["failed"]));
});

it("shows the sentence of a refused question, and a general one when nobody answers", async () => {
  const problem = { code: "busy", detail: "Too many questions at once. Try again soon." };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(problem), { status: 503 }));
  await ask("One?");
  await vi.waitFor(() => expect(conversation.turns[0]?.problem).toBe(problem.detail));
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  await ask("Two?");
  await vi.waitFor(() => expect(conversation.turns[1]?.problem).toMatch(/can't be reached/));
});

it("forgets everything when asked to", async () => {
  serve();
  await ask("One?");
  await act(() => conversation.clear());
  expect(conversation.turns).toEqual([]);
});
