import { expect, it, vi } from "vitest";
import { Problem, type Revision, type UploadReceipt } from "./api";
import { type Transport, type Upload, UploadQueue } from "./upload-queue";

const receipt: UploadReceipt = { document_id: "7", revision: 1, status: "queued", status_url: "/r/1" };
const fields = { key: "", collection: "", effective_from: "" };
const file = (name: string) => new File(["x"], name);

function start(over: Partial<Transport>) {
  let uploads: Upload[] = [];
  const transport: Transport = {
    send: async () => ({ receipt, isNew: true }),
    status: async () => ({ status: "published" }) as Revision,
    wait: async () => {},
    ...over,
  };
  const queue = new UploadQueue((list) => {
    uploads = list;
  }, transport);
  return { queue, phases: () => uploads.map((upload) => upload.state.phase), list: () => uploads };
}

it("sends two files at a time, in the order in which they were chosen", async () => {
  const sent: string[] = [];
  const releases: (() => void)[] = [];
  const { queue, phases } = start({
    send: (file) => {
      sent.push(file.name);
      return new Promise((resolve) => releases.push(() => resolve({ receipt, isNew: true })));
    },
  });
  queue.add([file("a"), file("b"), file("c")], fields);
  expect(sent).toEqual(["a", "b"]);
  expect(phases()).toEqual(["sending", "sending", "waiting"]);
  releases[0]?.();
  await vi.waitFor(() => expect(sent).toEqual(["a", "b", "c"]));
});

it("follows a file until it is published", async () => {
  const stages = ["parse", "embed"];
  const { queue, phases } = start({
    status: async () => {
      const stage = stages.shift();
      return (stage ? { status: "running", stage } : { status: "published", stage: "" }) as Revision;
    },
  });
  queue.add([file("a")], fields);
  await vi.waitFor(() => expect(phases()).toEqual(["published"]));
  expect(stages).toEqual([]);
});

it("forgives a failed poll, and gives up after several in a row", async () => {
  const problem = new Problem(0, "unreachable", "Can't be reached.");
  let failures = 0;
  const forgiving = start({
    status: async () => {
      if (failures++ < 5) throw problem;
      return { status: "published" } as Revision;
    },
  });
  forgiving.queue.add([file("a")], fields);
  await vi.waitFor(() => expect(forgiving.phases()).toEqual(["published"]));

  const lost = start({ status: () => Promise.reject(problem) });
  lost.queue.add([file("a")], fields);
  await vi.waitFor(() =>
    expect(lost.list()[0]?.state).toMatchObject({ message: "Can't be reached.", receipt }),
  );
});

it("says why a file was refused, and sends it again when asked", async () => {
  let isFull = true;
  const { queue, phases, list } = start({
    send: async () => {
      if (isFull) throw new Problem(413, "too_large", "The file is too large.");
      return { receipt, isNew: true };
    },
  });
  queue.add([file("a")], fields);
  await vi.waitFor(() => expect(list()[0]?.state).toMatchObject({ message: "The file is too large." }));
  isFull = false;
  queue.retry(list()[0]?.id ?? 0);
  await vi.waitFor(() => expect(phases()).toEqual(["published"]));
  queue.clearEnded();
  expect(phases()).toEqual([]);
});
