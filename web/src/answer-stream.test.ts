import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readAnswer, waits } from "./answer-stream";
import type { ServerEvent } from "./sse";

const text = (n: number, delta: string) => `id: a:${n}\nevent: text\ndata: {"delta":"${delta}"}\n\n`;
const started = 'id: a:1\nevent: start\ndata: {"answer_id":"a","conversation_id":"c"}\n\n';
const done = "id: a:9\nevent: done\ndata: {}\n\n";

/** A body that holds these events and then ends, or breaks. */
function body(events: string, breaks = false): Response {
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (events) controller.enqueue(new TextEncoder().encode(events));
      else if (breaks) controller.error(new TypeError("network error"));
      else controller.close();
      events = "";
    },
  });
  return new Response(stream);
}

const refusal = (status: number, code: string) =>
  new Response(JSON.stringify({ code, detail: `${code}.` }), { status });

/** Answers the requests to go on, one after the other; throws for null, as fetch does without a network. */
function followedBy(...responses: (Response | null)[]) {
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => {
    const response = responses.shift();
    if (!response) throw new TypeError("Failed to fetch");
    return response;
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function read(first: Response, at = { answerId: "", lastEventId: "" }) {
  const events: ServerEvent[] = [];
  const onLost = vi.fn();
  const controller = new AbortController();
  const ask = vi.fn(async () => first);
  const isWhole = readAnswer(
    { ask, ...at },
    { onEvent: (event) => events.push(event), onLost },
    controller.signal,
  );
  isWhole.catch(() => {}); // looked at by the test
  await vi.advanceTimersByTimeAsync(waits.reduce((sum, wait) => sum + wait, 0));
  return { isWhole, names: events.map(({ name }) => name), events, onLost, ask };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("reads an answer to its end without asking again", async () => {
  const fetch = followedBy();
  const { isWhole, names, onLost } = await read(body(started + text(2, "25") + done));
  expect(await isWhole).toBe(true);
  expect(names).toEqual(["start", "text", "done"]);
  expect(fetch).not.toHaveBeenCalled();
  expect(onLost).not.toHaveBeenCalled();
});

it("goes on after the last event when the connection breaks", async () => {
  const fetch = followedBy(body(text(3, " days") + done));
  const { isWhole, events, onLost } = await read(body(started + text(2, "25"), true));
  expect(await isWhole).toBe(true);
  expect(events.map(({ id }) => id)).toEqual(["a:1", "a:2", "a:3", "a:9"]);
  expect(onLost).toHaveBeenCalledOnce();
  expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/answers/a/events");
  expect(fetch.mock.calls[0]?.[1].headers).toMatchObject({ "Last-Event-ID": "a:2" });
});

it("goes on when a proxy ends the stream as if it were whole", async () => {
  followedBy(body(done));
  const { isWhole } = await read(body(started));
  expect(await isWhole).toBe(true);
});

it("tries three times, then gives up", async () => {
  const fetch = followedBy(null, refusal(503, "starting"), null, body(done));
  const { isWhole, onLost } = await read(body(started, true));
  expect(await isWhole).toBe(false);
  expect(fetch).toHaveBeenCalledTimes(3);
  expect(onLost).toHaveBeenCalledTimes(3);
});

it("does not ask a question twice whose answer has no name yet", async () => {
  const { isWhole, ask } = await read(body("", true));
  expect(await isWhole).toBe(false);
  expect(ask).toHaveBeenCalledOnce();
});

it("passes a refusal on", async () => {
  followedBy(refusal(404, "answer_not_kept"));
  const { isWhole } = await read(body(started, true));
  await expect(isWhole).rejects.toMatchObject({ code: "answer_not_kept" });
});

it("takes up an answer that was begun before, from its first event", async () => {
  const fetch = followedBy(body(started + done));
  const { isWhole, ask, names } = await read(body(""), { answerId: "a", lastEventId: "" });
  expect(await isWhole).toBe(true);
  expect(names).toEqual(["start", "done"]);
  expect(ask).not.toHaveBeenCalled();
  expect(fetch.mock.calls[0]?.[1].headers).not.toHaveProperty("Last-Event-ID");
});
