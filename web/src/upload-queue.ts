// Sends files, two at a time, and follows each through the pipeline until it ends.

import type { UploadReceipt } from "./api";
import { getStatus, type Problem, problemFrom, reportSignedOut, sentenceOf, unreachable } from "./api";
import { isFinal, next, type UploadEvent, type UploadState, waiting } from "./upload";

/** What is said about a file, as form fields; empty ones are left out. */
export interface UploadFields {
  key: string;
  collection: string;
  effective_from: string;
}

export interface Upload {
  /** Unique within the queue. */
  id: number;
  file: File;
  fields: UploadFields;
  state: UploadState;
}

type Progress = (sent: number, total: number) => void;

/** The outside world of a queue, so that a test can bring its own. */
export interface Transport {
  /** Resolves when the service took the file; rejects with a Problem. */
  send(
    file: File,
    fields: UploadFields,
    progress: Progress,
  ): Promise<{ receipt: UploadReceipt; isNew: boolean }>;
  status: typeof getStatus;
  wait(milliseconds: number): Promise<void>;
}

const parallel = 2;
const firstPoll = 300; // milliseconds; grows by half each time, so that a long file costs few requests
const slowestPoll = 3000;
const patience = 6; // failed polls in a row until the trail counts as lost

/** A list of uploads that works itself off. `changed` is called with a new list after each change. */
export class UploadQueue {
  private uploads: Upload[] = [];
  private lastId = 0;
  private sending = 0;

  constructor(
    private readonly changed: (uploads: Upload[]) => void,
    private readonly transport: Transport = browserTransport,
  ) {}

  add(files: readonly File[], fields: UploadFields): void {
    const added = files.map((file) => ({ id: ++this.lastId, file, fields, state: waiting }));
    this.replace([...added, ...this.uploads]);
    this.sendWaiting();
  }

  /** Sends a refused file again. */
  retry(id: number): void {
    this.replace(this.uploads.map((upload) => (upload.id === id ? { ...upload, state: waiting } : upload)));
    this.sendWaiting();
  }

  /** Takes the files that have ended off the list. */
  clearEnded(): void {
    this.replace(this.uploads.filter((upload) => !isFinal(upload.state)));
  }

  private sendWaiting(): void {
    while (this.sending < parallel) {
      const upload = this.uploads
        .filter((candidate) => candidate.state.phase === "waiting")
        .reduce<Upload | null>((first, other) => (first && first.id < other.id ? first : other), null);
      if (!upload) return;
      this.sending++;
      this.advance(upload.id, { kind: "progress", sent: 0, total: upload.file.size });
      void this.process(upload);
    }
  }

  private async process(upload: Upload): Promise<void> {
    let statusUrl = "";
    try {
      const sent = await this.transport.send(upload.file, upload.fields, (sent, total) =>
        this.advance(upload.id, { kind: "progress", sent, total }),
      );
      this.advance(upload.id, { kind: "received", ...sent });
      statusUrl = sent.receipt.status_url;
    } catch (error) {
      this.advance(upload.id, { kind: "problem", message: sentenceOf(error) });
    } finally {
      this.sending--;
      this.sendWaiting();
    }
    if (statusUrl) await this.follow(upload.id, statusUrl);
  }

  private async follow(id: number, statusUrl: string): Promise<void> {
    let pause = firstPoll;
    let failures = 0;
    while (this.stateOf(id)?.phase === "processing") {
      await this.transport.wait(pause);
      pause = Math.min(pause * 1.5, slowestPoll);
      try {
        this.advance(id, { kind: "status", revision: await this.transport.status(statusUrl) });
        failures = 0;
      } catch (error) {
        if (++failures >= patience) this.advance(id, { kind: "problem", message: sentenceOf(error) });
      }
    }
  }

  private stateOf(id: number): UploadState | undefined {
    return this.uploads.find((upload) => upload.id === id)?.state;
  }

  private advance(id: number, event: UploadEvent): void {
    this.replace(
      this.uploads.map((upload) =>
        upload.id === id ? { ...upload, state: next(upload.state, event) } : upload,
      ),
    );
  }

  private replace(uploads: Upload[]): void {
    this.uploads = uploads;
    this.changed(uploads);
  }
}

const browserTransport: Transport = {
  send: sendFile,
  status: getStatus,
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

// XMLHttpRequest, because fetch does not tell how much of a body was sent.
function sendFile(
  file: File,
  fields: UploadFields,
  progress: Progress,
): Promise<{ receipt: UploadReceipt; isNew: boolean }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value) form.append(name, value);
  }
  form.append("file", file, file.name);
  return new Promise((resolve, reject: (problem: Problem) => void) => {
    const xhr = new XMLHttpRequest();
    xhr.upload.onprogress = (event) => progress(event.loaded, event.total);
    xhr.onerror = () => reject(unreachable());
    xhr.onload = () => {
      if (xhr.status !== 200 && xhr.status !== 202) {
        if (xhr.status === 401) reportSignedOut();
        reject(problemFrom(xhr.status, xhr.responseText));
        return;
      }
      resolve({ receipt: JSON.parse(xhr.responseText) as UploadReceipt, isNew: xhr.status === 202 });
    };
    xhr.open("POST", "/api/v1/documents");
    xhr.send(form);
  });
}
