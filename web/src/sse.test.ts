import { describe, expect, it } from "vitest";
import { EventParser, readEvents, type ServerEvent } from "./sse";

function parse(...pieces: string[]): ServerEvent[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.feed(piece));
}

describe("EventParser", () => {
  it("reads name and data of an event", () => {
    expect(parse('event: text\ndata: {"delta":"Hi"}\n\n')).toEqual([
      { name: "text", data: '{"delta":"Hi"}', id: "" },
    ]);
  });

  it("gives the same events wherever the stream is cut", () => {
    const stream = ': beat\r\n\r\nevent: text\r\ndata: {"delta":"ä 🌊"}\r\n\r\nevent: done\rdata: {}\r\rx';
    const whole = parse(stream);
    expect(whole).toHaveLength(2);
    for (let at = 1; at < stream.length; at++) {
      expect(parse(stream.slice(0, at), stream.slice(at))).toEqual(whole);
    }
    expect(parse(...stream)).toEqual(whole);
  });

  it("joins several data lines with a line break", () => {
    expect(parse("data: one\ndata:two\ndata\n\n")).toEqual([{ name: "message", data: "one\ntwo\n", id: "" }]);
  });

  it("takes only one space after the colon away", () => {
    expect(parse("data:  indented\n\n")[0]?.data).toBe(" indented");
  });

  it("skips heartbeats, unknown fields and events without data", () => {
    expect(parse(": beat\n\nretry: 10\n\nevent: empty\n\ndata: x\n\n")).toEqual([
      { name: "message", data: "x", id: "" },
    ]);
  });

  it("gives each event the last id, also one that came without data", () => {
    expect(parse("id: a:1\ndata: x\n\ndata: y\n\nid: a:3\n\ndata: z\n\n").map(({ id }) => id)).toEqual([
      "a:1",
      "a:1",
      "a:3",
    ]);
  });

  it("forgets a name whose event had no data", () => {
    expect(parse("event: text\n\ndata: x\n\n")).toEqual([{ name: "message", data: "x", id: "" }]);
  });

  it("drops a byte order mark at the beginning", () => {
    expect(parse("\uFEFFdata: x\n\n")).toEqual([{ name: "message", data: "x", id: "" }]);
  });

  it("holds back an event that is not finished", () => {
    expect(parse("event: done\ndata: {}\n")).toEqual([]);
  });
});

describe("readEvents", () => {
  it("decodes characters whose bytes arrive in two pieces", async () => {
    const bytes = new TextEncoder().encode("data: 🌊\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events: ServerEvent[] = [];
    for await (const event of readEvents(body)) events.push(event);
    expect(events).toEqual([{ name: "message", data: "🌊", id: "" }]);
  });
});
