// Server-sent events over fetch: EventSource can't POST. Follows the WHATWG event stream format.

export interface ServerEvent {
  /** The event's name; "message" if the stream gave none. */
  name: string;
  data: string;
  /** The last id that the stream gave, with this event or before; "" if none. */
  id: string;
}

/** Cuts a stream of text into events. Feed it pieces as they arrive, cut anywhere. */
export class EventParser {
  private buffer = "";
  private name = "";
  private data: string[] = [];
  private id = "";
  private sawFirst = false;

  /** Returns the events that this piece completes. */
  feed(piece: string): ServerEvent[] {
    this.buffer += piece;
    if (!this.sawFirst && this.buffer !== "") {
      this.sawFirst = true;
      if (this.buffer.startsWith("\uFEFF")) this.buffer = this.buffer.slice(1);
    }
    const events: ServerEvent[] = [];
    for (;;) {
      const end = this.buffer.search(/[\r\n]/);
      // A CR at the very end may be the first half of CRLF: wait for the next piece.
      if (end < 0 || (this.buffer[end] === "\r" && end === this.buffer.length - 1)) return events;
      const line = this.buffer.slice(0, end);
      const width = this.buffer.startsWith("\r\n", end) ? 2 : 1;
      this.buffer = this.buffer.slice(end + width);
      const event = this.take(line);
      if (event) events.push(event);
    }
  }

  private take(line: string): ServerEvent | null {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    if (field === "data") this.data.push(value);
    if (field === "id" && !value.includes("\0")) this.id = value;
    return null;
  }

  private dispatch(): ServerEvent | null {
    const event =
      this.data.length > 0 ? { name: this.name || "message", data: this.data.join("\n"), id: this.id } : null;
    this.name = "";
    this.data = [];
    return event;
  }
}

/** Reads a body to its end, yielding events. What the last blank line did not complete is dropped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
