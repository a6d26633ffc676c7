// The conversation that is open: what was asked and answered before, and the answer that is being given.

import { readAnswer } from "./answer-stream";
import * as api from "./api";
import { type Feedback, Problem, type Question, sentenceOf } from "./api";
import type { ServerEvent } from "./sse";
import { applyEvent, breakOff, fail, goOn, isRunning, newTurn, stop, type Turn, turnOf } from "./turn";
import { forget, recall, remember } from "./unfinished";

export interface ConversationState {
  /** "" until the first question has made it. */
  id: string;
  phase: "loading" | "ready" | "failed";
  /** Why it could not be opened; empty otherwise. */
  problem: string;
  turns: Turn[];
  /** For the next questions: the day that they are about, and whether they may be answered from general knowledge. */
  choices: Choices;
}

export type Choices = Pick<Question, "asOf" | "isGeneral">;

export const blank: ConversationState = {
  id: "",
  phase: "ready",
  problem: "",
  turns: [],
  choices: { asOf: "", isGeneral: false },
};

/** Holds one conversation at a time. `changed` is called with a new state after each change. */
export class Conversation {
  private state = blank;
  private lastTurn = 0;
  /** Ends all that is loaded and read for the open conversation. */
  private here = new AbortController();
  /** Resolves with the id once the service has made the conversation. */
  private begun: Promise<string> | null = null;

  /** `asked` is called for each question that is sent, when the conversation has its id. */
  constructor(
    private readonly changed: (state: ConversationState) => void,
    private readonly asked: (id: string, question: string) => void,
  ) {}

  /** Opens the conversation of this id; "" is a new one. An answer that is being given goes on without a reader. */
  open(id: string): void {
    if (id === this.state.id && this.state.phase !== "failed") return;
    this.close();
    this.set({ ...blank, id, phase: id ? "loading" : "ready" });
    if (id) void this.load(id, this.here.signal);
  }

  /** Begins a new one, also when the open one has no id yet. */
  startOver(): void {
    this.close();
    this.set(blank);
  }

  /** Stops reading. */
  close(): void {
    this.here.abort();
    this.here = new AbortController();
    this.begun = null;
  }

  choose(choices: Partial<Choices>): void {
    this.set({ ...this.state, choices: { ...this.state.choices, ...choices } });
  }

  /** Asks; a question that is still being answered is stopped. */
  ask(question: string, { asOf, isGeneral }: Choices = this.state.choices): void {
    this.stop();
    const turn = newTurn(++this.lastTurn, { question, asOf, isGeneral });
    this.set({ ...this.state, turns: [...this.state.turns, turn] });
    void this.read(turn);
  }

  /** Goes on with an answer whose connection was lost; asks again where it failed otherwise. */
  tryAgain(turn: Turn): void {
    if (turn.canGoOn) {
      this.change(turn.id, goOn);
      void this.read(turn);
      return;
    }
    // A question that never reached the service is not asked twice.
    if (!turn.answerId && turn.phase === "failed") {
      this.set({ ...this.state, turns: this.state.turns.filter(({ id }) => id !== turn.id) });
    }
    this.ask(turn.question, turn);
  }

  /** Stops the answer that is being given: it shows at once, and is kept as far as it came. */
  stop(): void {
    for (const turn of this.state.turns.filter(isRunning)) {
      this.change(turn.id, stop);
      if (turn.answerId) this.sendStop(turn.answerId);
    }
  }

  /** Says whether an answer helped; shown at once, and taken back when it can't be noted. Rejects with a Problem then. */
  async rate({ id, answerId, feedback: before }: Turn, feedback: Feedback): Promise<void> {
    this.change(id, (turn) => ({ ...turn, feedback }));
    try {
      await api.giveFeedback(answerId, feedback);
    } catch (error) {
      this.change(id, (turn) => ({ ...turn, feedback: before }));
      throw error;
    }
  }

  private async load(id: string, signal: AbortSignal): Promise<void> {
    try {
      const { messages } = await api.getConversation(id, signal);
      const turns = messages.map((message) => turnOf(++this.lastTurn, message));
      const left = recall(id);
      const isOn = left !== null && !turns.some(({ answerId }) => answerId === left.answerId);
      if (!isOn) {
        this.set({ ...this.state, phase: "ready", turns });
        return;
      }
      const turn = { ...newTurn(++this.lastTurn, left), answerId: left.answerId };
      this.set({ ...this.state, phase: "ready", turns: [...turns, turn] });
      void this.read(turn);
    } catch (error) {
      if (!signal.aborted) this.set({ ...this.state, phase: "failed", problem: sentenceOf(error) });
    }
  }

  /** Reads an answer to its end, from its beginning or from where it was broken off. */
  private async read(turn: Turn): Promise<void> {
    const { signal } = this.here;
    try {
      const start = { ...turn, ask: (signal: AbortSignal) => this.send(turn, signal) };
      const listener = {
        onEvent: (event: ServerEvent) => this.take(turn.id, event),
        onLost: () =>
          this.change(turn.id, (now) => (isRunning(now) ? { ...now, isReconnecting: true } : now)),
      };
      await readAnswer(start, listener, signal);
      if (!signal.aborted) this.change(turn.id, breakOff); // unless it is whole
    } catch (error) {
      if (signal.aborted) return;
      const isGone = error instanceof Problem && error.code === "answer_not_kept";
      if (isGone) await this.lookUp(turn.id, signal);
      else this.change(turn.id, (now) => (isRunning(now) ? fail(now, sentenceOf(error)) : now));
    }
  }

  private async send(turn: Turn, signal: AbortSignal): Promise<Response> {
    this.begun ??= this.state.id ? Promise.resolve(this.state.id) : this.begin(signal);
    const id = await this.begun.catch((error: unknown) => {
      this.begun = null;
      throw error;
    });
    // Stopped before it was sent: there is nothing to ask for.
    if (this.turn(turn.id)?.phase === "stopped") return new Response(null, { status: 204 });
    this.asked(id, turn.question);
    return api.ask(turn, id, signal);
  }

  private async begin(signal: AbortSignal): Promise<string> {
    const { id } = await api.startConversation(signal);
    signal.throwIfAborted();
    this.set({ ...this.state, id });
    return id;
  }

  private take(turnId: number, event: ServerEvent): void {
    this.change(turnId, (turn) => applyEvent(turn, event));
    const turn = this.turn(turnId);
    if (!turn) return;
    if (event.name === "done" || event.name === "problem") forget(turn.answerId);
    if (event.name !== "start") return;
    remember({ ...turn, conversationId: this.state.id });
    if (turn.phase === "stopped") this.sendStop(turn.answerId);
  }

  // An answer whose stop doesn't arrive ends by itself when nobody reads it any more.
  private sendStop(answerId: string): void {
    api.stopAnswer(answerId).catch(() => {});
  }

  /** Takes an answer whose events are gone from the conversation, where it is kept. */
  private async lookUp(turnId: number, signal: AbortSignal): Promise<void> {
    const answerId = this.turn(turnId)?.answerId ?? "";
    try {
      const { messages } = await api.getConversation(this.state.id, signal);
      forget(answerId);
      const kept = messages.find(({ answer }) => answer?.id === answerId);
      this.change(turnId, (turn) => (kept ? turnOf(turn.id, kept) : fail(turn, lost)));
    } catch (error) {
      if (!signal.aborted) this.change(turnId, (turn) => fail(turn, sentenceOf(error)));
    }
  }

  private turn(id: number): Turn | undefined {
    return this.state.turns.find((turn) => turn.id === id);
  }

  private change(turnId: number, update: (turn: Turn) => Turn): void {
    this.set({
      ...this.state,
      turns: this.state.turns.map((turn) => (turn.id === turnId ? update(turn) : turn)),
    });
  }

  private set(state: ConversationState): void {
    this.state = state;
    this.changed(state);
  }
}

const lost = "The connection was lost before the answer was complete, and the answer is not kept.";
