// The upload queue as the app's state: it goes on when the reader looks at another page.

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Upload, UploadQueue } from "./upload-queue";

export interface Uploads {
  list: Upload[];
  queue: UploadQueue;
}

export function useUploads(): Uploads {
  const [list, setList] = useState<Upload[]>([]);
  const queue = useMemo(() => new UploadQueue(setList), []);
  const isSending = list.some(({ state }) => state.phase === "waiting" || state.phase === "sending");

  // A file that is on its way is lost when the tab closes; one that has arrived is not.
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isSending]);

  return { list, queue };
}
