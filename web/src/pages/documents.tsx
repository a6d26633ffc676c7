import { useEffect, useState } from "preact/hooks";
import type { Document } from "../api";
import { useDocumentList } from "../document-list";
import { DocumentDrawer } from "../ui/document-drawer";
import { DocumentRow } from "../ui/document-row";
import { Icon } from "../ui/icon";
import { type Target, UploadArea } from "../ui/upload-area";
import { UploadRow } from "../ui/upload-row";
import { isFinal } from "../upload";
import type { UploadFields } from "../upload-queue";
import type { Uploads } from "../uploads";

interface Props {
  uploads: Uploads;
}

const typingPause = 200; // milliseconds

/** For editors: bring files in, see what is in force, look into a document's history. */
export function DocumentsPage({ uploads }: Props) {
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  const [openId, setOpenId] = useState("");
  const [target, setTarget] = useState<Target | null>(null);
  const listing = useDocumentList(text);
  const { reload } = listing;

  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), typingPause);
    return () => clearTimeout(timer);
  }, [typed]);

  // The list changes when a file has arrived and again when it is through.
  const arrivals = countArrivals(uploads);
  useEffect(() => {
    if (arrivals > 0) reload();
  }, [arrivals, reload]);

  const aimAt = (document: Document) => {
    setOpenId("");
    setTarget({ title: document.title || document.key, key: document.key, collection: document.collection });
    scrollTo(0, 0);
  };
  const take = (files: File[], fields: UploadFields) => {
    uploads.queue.add(files, fields);
    setTarget(null);
  };

  return (
    <div class={openId ? "page page-beside-panel" : "page"}>
      <h1>Documents</h1>
      <UploadArea target={target} onCancelTarget={() => setTarget(null)} onFiles={take} />
      <UploadList uploads={uploads} onOpen={setOpenId} />
      <div class="filter">
        <Icon name="search" />
        <label class="sr-only" for="filter">
          Find a document by title or key
        </label>
        <input
          id="filter"
          type="search"
          maxLength={200}
          placeholder="Find by title or key"
          value={typed}
          data-testid="document-filter"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      {listing.problem && (
        <p class="problem" role="alert">
          {listing.problem}
        </p>
      )}
      <List
        listing={listing}
        isFiltered={text !== ""}
        openId={openId}
        onOpen={setOpenId}
        onNewRevision={aimAt}
      />
      {openId && (
        <DocumentDrawer
          documentId={openId}
          version={arrivals}
          onClose={() => setOpenId("")}
          onChanged={reload}
          onNewRevision={aimAt}
        />
      )}
    </div>
  );
}

function countArrivals({ list }: Uploads): number {
  const arrived = list.filter(({ state }) => "receipt" in state && state.receipt !== null);
  return arrived.length + arrived.filter(({ state }) => isFinal(state)).length;
}

interface UploadListProps {
  uploads: Uploads;
  onOpen: (documentId: string) => void;
}

function UploadList({ uploads: { list, queue }, onOpen }: UploadListProps) {
  if (list.length === 0) return null;
  return (
    <section class="uploads" aria-label="Uploads">
      <ul>
        {list.map((upload) => (
          <UploadRow key={upload.id} upload={upload} onRetry={(id) => queue.retry(id)} onOpen={onOpen} />
        ))}
      </ul>
      {list.some(({ state }) => isFinal(state)) && (
        <button
          type="button"
          class="button button-plain"
          onClick={() => queue.clearEnded()}
          data-testid="clear-uploads"
        >
          Clear finished
        </button>
      )}
    </section>
  );
}

interface ListProps {
  listing: ReturnType<typeof useDocumentList>;
  isFiltered: boolean;
  openId: string;
  onOpen: (documentId: string) => void;
  onNewRevision: (document: Document) => void;
}

function List({
  listing: { documents, hasMore, more },
  isFiltered,
  openId,
  onOpen,
  onNewRevision,
}: ListProps) {
  if (documents === null) return <div class="list-loading" aria-busy="true" />;
  if (documents.length === 0) {
    return (
      <p class="list-empty">
        {isFiltered
          ? "No document has this in its title or key."
          : "The library is empty. Upload the first file above."}
      </p>
    );
  }
  return (
    <>
      <ul class="documents" aria-label="Documents">
        {documents.map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            isOpen={document.id === openId}
            onOpen={() => onOpen(document.id)}
            onNewRevision={() => onNewRevision(document)}
          />
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="button" onClick={more} data-testid="more-documents">
          Show more
        </button>
      )}
    </>
  );
}
