// The calls that the pages make, typed by the OpenAPI description. A failure is always a Problem.

import type { components } from "./api.gen";

type Schemas = components["schemas"];

export type Answer = Schemas["Answer"];
export type Citation = Schemas["Citation"];
export type Conflict = Schemas["Conflict"];
export type Flag = Schemas["Flag"];
export type Passage = Schemas["Passage"];
export type Collection = Schemas["Collection"];
export type Document = Schemas["Document"];
export type DocumentList = Schemas["DocumentList"];
export type Revision = Schemas["Revision"];
export type UploadReceipt = Schemas["UploadReceipt"];
export type Principal = Schemas["Principal"];
export type Features = Schemas["Features"];
export type ConversationSummary = Schemas["ConversationSummary"];
export type ConversationList = Schemas["ConversationList"];
export type StoredConversation = Schemas["Conversation"];
export type ConversationMessage = Schemas["ConversationMessage"];
export type Feedback = Schemas["MessageFeedback"];
export type Session = Schemas["Session"];
type ProblemBody = Schemas["Problem"];

/** A failed call: a stable code, and a sentence that may be shown as it is. */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    /** The HTTP status; 0 when the service could not be reached. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** Names the request in the server's log; empty if the server did not say. */
    readonly requestId = "",
  ) {
    super(message);
  }
}

export const unreachable = () =>
  new Problem(0, "unreachable", "Clearwell can't be reached. Check your connection, then try again.");

/** Makes a Problem of a failed response's body, also when a proxy answered in its own words. */
export function problemFrom(status: number, body: string): Problem {
  try {
    const parsed = JSON.parse(body) as Partial<ProblemBody>;
    if (typeof parsed.code === "string" && typeof parsed.detail === "string") {
      return new Problem(status, parsed.code, parsed.detail, parsed.request_id ?? "");
    }
  } catch {
    // Not JSON: fall through to the general sentence.
  }
  return new Problem(status, "unexpected_response", `The server answered ${status}. Try again in a moment.`);
}

/** Sentence for any caught error: a Problem's own, or the general one. */
export function sentenceOf(error: unknown): string {
  return error instanceof Problem
    ? error.message
    : "Something went wrong in this page. Reload it and try again.";
}

let onSignedOut: () => void = () => {};

/** Sets what happens when any call finds that the session is over. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

/** Tells the app that a call got 401. For callers that don't go through `request`. */
export function reportSignedOut(): void {
  onSignedOut();
}

/** Sends a request; resolves with a successful response, throws a Problem otherwise. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  const problem = problemFrom(response.status, await response.text());
  if (problem.status === 401 && !path.endsWith("/session")) reportSignedOut();
  throw problem;
}

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await request(path, init);
  return (await response.json()) as T;
}

function jsonBody(method: string, value: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

// A signal may be absent, and fetch's own type wants the property to be absent then too.
const withSignal = (signal?: AbortSignal): RequestInit => (signal ? { signal } : {});

const api = "/api/v1";
const documentPath = (id: string) => `${api}/documents/${encodeURIComponent(id)}`;
const revisionPath = (id: string, n: number) => `${documentPath(id)}/revisions/${n}`;

export const getSession = () => json<Session>(`${api}/session`);
export const signIn = (token: string) => json<Session>(`${api}/session`, jsonBody("POST", { token }));
export const signOut = () => request(`${api}/session`, { method: "DELETE" });

/** What this service can do beyond what every one does. */
export const getFeatures = async () => (await json<Schemas["Me"]>(`${api}/me`)).features;

export interface Question {
  question: string;
  /** The date asked about, YYYY-MM-DD; "" means now. */
  asOf: string;
  /** The chat model may answer from what it knows where the library doesn't say. */
  isGeneral: boolean;
}

/** Asks for an answer as an event stream; the body is for sse.ts. */
export function ask(question: Question, conversationId: string, signal: AbortSignal): Promise<Response> {
  const body: Schemas["AskRequest"] = { question: question.question, conversation_id: conversationId };
  if (question.asOf) body.as_of = question.asOf;
  if (question.isGeneral) body.general_knowledge = true;
  const init = jsonBody("POST", body);
  init.headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  return request(`${api}/ask`, { ...init, signal });
}

const answerPath = (id: string) => `${api}/answers/${encodeURIComponent(id)}`;

/** Goes on with an answer's events after the one with this id; "" means from the first one on. */
export function followAnswer(id: string, lastEventId: string, signal: AbortSignal): Promise<Response> {
  const headers = { Accept: "text/event-stream", ...(lastEventId ? { "Last-Event-ID": lastEventId } : {}) };
  return request(`${answerPath(id)}/events`, { headers, signal });
}

export const stopAnswer = (id: string) => request(`${answerPath(id)}/stop`, { method: "POST" });

export const giveFeedback = (answerId: string, { helpful, reason }: Feedback) =>
  request(`${api}/feedback`, jsonBody("POST", { answer_id: answerId, helpful, reason }));

const conversationPath = (id: string) => `${api}/conversations/${encodeURIComponent(id)}`;

export const startConversation = (signal: AbortSignal) =>
  json<ConversationSummary>(`${api}/conversations`, { ...jsonBody("POST", {}), signal });

/** The caller's conversations, last used first; `cursor` is from the page before, "" for the first one. */
export const listConversations = (cursor = "") =>
  json<ConversationList>(`${api}/conversations${cursor ? `?${new URLSearchParams({ cursor })}` : ""}`);

export const getConversation = (id: string, signal?: AbortSignal) =>
  json<StoredConversation>(conversationPath(id), withSignal(signal));

export const deleteConversation = (id: string) => request(conversationPath(id), { method: "DELETE" });

export const listCollections = async () =>
  (await json<Schemas["CollectionList"]>(`${api}/collections`)).collections;

export interface ListOptions {
  /** Part of key or title. */
  text?: string;
  cursor?: string | null;
  limit?: number;
}

export function listDocuments(options: ListOptions = {}, signal?: AbortSignal): Promise<DocumentList> {
  const query = new URLSearchParams();
  if (options.text) query.set("text", options.text);
  if (options.cursor) query.set("cursor", options.cursor);
  if (options.limit) query.set("limit", String(options.limit));
  return json<DocumentList>(`${api}/documents?${query}`, withSignal(signal));
}

export const getDocument = (id: string) => json<Document>(documentPath(id));
export const deleteDocument = (id: string) => request(documentPath(id), { method: "DELETE" });

export const listRevisions = async (id: string) =>
  (await json<Schemas["RevisionList"]>(`${documentPath(id)}/revisions`)).revisions;

export const getRevision = (id: string, n: number, signal?: AbortSignal) =>
  json<Revision>(revisionPath(id, n), withSignal(signal));

/** Follows a receipt's status_url, which is a path of this server. */
export const getStatus = (statusUrl: string, signal?: AbortSignal) =>
  json<Revision>(statusUrl, withSignal(signal));

export const getText = async (id: string, n: number, signal?: AbortSignal) =>
  (await request(`${revisionPath(id, n)}/text`, withSignal(signal))).text();

/** Where the original file of a revision is downloaded from. */
export const contentUrl = (id: string, n: number) => `${revisionPath(id, n)}/content`;

export const publishRevision = (id: string, n: number) =>
  json<Revision>(`${revisionPath(id, n)}/publish`, { method: "POST" });

export const withdrawRevision = (id: string, n: number) =>
  json<Revision>(`${revisionPath(id, n)}/withdraw`, { method: "POST" });
