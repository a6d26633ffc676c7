import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConversationMessage } from "./api";
import { blank, Conversation, type ConversationState } from "./conversation";
import { recall, remember } from "./unfinished";

let state: ConversationState;
let conversation: Conversation;
const asked = vi.fn();

beforeEach(() => {
  state = blank;
  sessionStorage.clear();
  asked.mockClear();
  conversation = new Conversation((next) => {
    state = next;
  }, asked);
});
afterEach(() => {
  conversation.close();
  vi.unstubAllGlobals();
});

type Handler = (init: RequestInit) => Response | Promise<Response>;

/** A service: conversation c, and answers whose streams the test writes. Own handlers go by "METHOD path". */
function serve(handlers: Record<string, Handler> = {}) {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const calls: { call: string; body: unknown }[] = [];
  const stream: Handler = (init) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          streams.push(controller);
          init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
        },
      }),
    );
  const nothing = () => new Response(null, { status: 204 });
  const known: Record<string, Handler> = {
    "POST /conversations": () => Response.json({ id: "c" }),
    "GET /conversations/c": () => Response.json({ id: "c", messages: [] }),
    "POST /ask": stream,
    "GET /answers/a/events": stream,
    "POST /answers/a/stop": nothing,
    "POST /feedback": nothing,
    ...handlers,
  };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const call = `${init.method ?? "GET"} ${path.replace("/api/v1", "")}`;
    calls.push({ call, body: init.body ? JSON.parse(String(init.body)) : null });
    const handler = known[call];
    if (!handler) throw new Error(`no handler for ${call}`);
    return handler(init);
  });
  const send = async (index: number, name: string, data: unknown) => {
    await vi.waitFor(() => expect(streams.length).toBeGreaterThan(index));
    streams[index]?.enqueue(
      new TextEncoder().encode(`id: a:1\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
    );
  };
  return { calls, streams, send, names: () => calls.map(({ call }) => call) };
}

const start = { answer_id: "a", conversation_id: "c" };
const answer = { id: "a", answer: "25 days.", citations: [], passages: [], conflicts: [], stopped: false };
const refuse = (status: number, code: string) => () =>
  new Response(JSON.stringify({ code, detail: "Said by the service." }), { status });
const phases = () => state.turns.map((turn) => turn.phase);
const reached = (...expected: string[]) => vi.waitFor(() => expect(phases()).toEqual(expected));
const message = (question: string, over: Partial<ConversationMessage> = {}) => ({
  question,
  asked_at: "2026-11-20T10:00:00Z",
  answer: { ...answer, id: question, as_of: "2026-11-20T10:00:00Z" },
  feedback: null,
  ...over,
});

it("makes the conversation by its first question, and asks the second in it", async () => {
  const { calls, names, send } = serve();
  conversation.choose({ asOf: "2025-03-03" });
  conversation.ask("How many?");
  await send(0, "start", start);
  await send(0, "text", { delta: "25 days" });
  await vi.waitFor(() => expect(state.turns[0]).toMatchObject({ phase: "writing", text: "25 days" }));
  await send(0, "done", answer);
  await reached("done");
  expect(state).toMatchObject({ id: "c", choices: { asOf: "2025-03-03" } });

  conversation.choose({ asOf: "", isGeneral: true });
  conversation.ask("And then?");
  await vi.waitFor(() => expect(names()).toEqual(["POST /conversations", "POST /ask", "POST /ask"]));
  expect(calls.slice(1).map(({ body }) => body)).toEqual([
    { question: "How many?", conversation_id: "c", as_of: "2025-03-03" },
    { question: "And then?", conversation_id: "c", general_knowledge: true },
  ]);
  expect(asked.mock.calls).toEqual([
    ["c", "How many?"],
    ["c", "And then?"],
  ]);
});

it("opens what was asked before, and forgets the choices made elsewhere", async () => {
  const feedback = { helpful: true, reason: "" };
  serve({
    "GET /conversations/c": () =>
      Response.json({
        id: "c",
        messages: [message("One?", { feedback }), message("Two?", { answer: null })],
      }),
  });
  conversation.choose({ isGeneral: true });
  conversation.open("c");
  expect(state).toMatchObject({ id: "c", phase: "loading", turns: [], choices: { isGeneral: false } });
  await reached("done", "failed");
  expect(state.turns.map(({ question }) => question)).toEqual(["One?", "Two?"]);
  expect(state.turns[0]?.feedback).toEqual(feedback);
});

it("says why a conversation can't be opened", async () => {
  serve({ "GET /conversations/c": refuse(404, "unknown_conversation") });
  conversation.open("c");
  await vi.waitFor(() => expect(state).toMatchObject({ phase: "failed", problem: "Said by the service." }));
});

it("stops at once, tells the service, and keeps what the answer came to", async () => {
  const { names, send } = serve();
  conversation.ask("How many?");
  await send(0, "start", start);
  await send(0, "text", { delta: "25" });
  await reached("writing");
  conversation.stop();
  expect(state.turns[0]).toMatchObject({ phase: "stopped", text: "25" });
  await vi.waitFor(() => expect(names()).toContain("POST /answers/a/stop"));
  await send(0, "done", { ...answer, answer: "25 d", stopped: true });
  await vi.waitFor(() => expect(state.turns[0]).toMatchObject({ phase: "stopped", text: "25 d" }));
});

it("stops an answer that has no name yet as soon as it has one", async () => {
  const { names, send, streams } = serve();
  conversation.ask("How many?");
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  conversation.stop();
  expect(names()).not.toContain("POST /answers/a/stop");
  await send(0, "start", start);
  await vi.waitFor(() => expect(names()).toContain("POST /answers/a/stop"));
});

it("does not send a question that was stopped before", async () => {
  const { names } = serve();
  conversation.ask("One?");
  conversation.ask("Two?");
  await vi.waitFor(() => expect(names()).toEqual(["POST /conversations", "POST /ask"]));
  expect(phases()).toEqual(["stopped", "searching"]);
});

it("goes on by itself with an answer that a reload broke off", async () => {
  remember({ conversationId: "c", answerId: "a", question: "How many?", asOf: "", isGeneral: false });
  const { names, send } = serve();
  conversation.open("c");
  await send(0, "start", start);
  await send(0, "done", answer);
  await reached("done");
  expect(names()).toEqual(["GET /conversations/c", "GET /answers/a/events"]);
  expect(recall("c")).toBeNull();
});

it("takes an answer whose events are gone from the conversation", async () => {
  remember({ conversationId: "c", answerId: "a", question: "How many?", asOf: "", isGeneral: false });
  const kept = [[], [message("How many?", { answer: { ...answer, as_of: "" } as never })]];
  serve({
    "GET /conversations/c": () => Response.json({ id: "c", messages: kept.shift() }),
    "GET /answers/a/events": refuse(404, "answer_not_kept"),
  });
  conversation.open("c");
  await reached("done");
  expect(state.turns[0]?.text).toBe("25 days.");
});

it("leaves an answer that is being given when another conversation is opened", async () => {
  const { send } = serve();
  conversation.ask("How many?");
  await send(0, "start", start);
  await vi.waitFor(() => expect(recall("c")?.answerId).toBe("a"));
  conversation.startOver();
  expect(state).toEqual(blank);
  await send(0, "text", { delta: "25" }).catch(() => {}); // the page doesn't read it any more
  expect(state).toEqual(blank);
});

it("shows the sentence of a refused question, and asks it again in its place", async () => {
  const { names } = serve({ "POST /conversations": refuse(503, "busy") });
  conversation.ask("One?");
  await reached("failed");
  const [turn] = state.turns;
  expect(turn?.problem).toBe("Said by the service.");
  if (turn) conversation.tryAgain(turn);
  await reached("failed");
  expect(names()).toEqual(["POST /conversations", "POST /conversations"]);
  expect(state.turns[0]?.id).not.toBe(turn?.id);
});

it("shows feedback at once, and takes it back when it can't be noted", async () => {
  const { calls, send } = serve();
  conversation.ask("How many?");
  await send(0, "done", answer);
  await reached("done");
  const rate = (helpful: boolean, reason: string) => {
    const [turn] = state.turns;
    return turn ? conversation.rate(turn, { helpful, reason }) : Promise.reject(new Error("no turn"));
  };
  await rate(false, "Out of date");
  expect(calls.at(-1)?.body).toEqual({ answer_id: "a", helpful: false, reason: "Out of date" });
  expect(state.turns[0]?.feedback?.helpful).toBe(false);

  serve({ "POST /feedback": refuse(500, "internal") });
  const noted = rate(true, "");
  expect(state.turns[0]?.feedback?.helpful).toBe(true);
  await expect(noted).rejects.toThrow("Said by the service.");
  expect(state.turns[0]?.feedback?.helpful).toBe(false);
});
