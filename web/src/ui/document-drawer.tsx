import { useCallback, useEffect, useState } from "preact/hooks";
import {
  type Document,
  deleteDocument,
  getDocument,
  listRevisions,
  publishRevision,
  type Revision,
  sentenceOf,
  withdrawRevision,
} from "../api";
import { Confirm, type Question } from "./confirm";
import { Icon } from "./icon";
import { RevisionItem } from "./revision-item";
import { Sheet } from "./sheet";

interface Props {
  documentId: string;
  /** Changes when something outside made the history longer. */
  version: number;
  onClose: () => void;
  onChanged: () => void;
  onNewRevision: (document: Document) => void;
}

interface Details {
  document: Document;
  revisions: Revision[];
}

/** A document with its history, and what an editor may do with it. */
export function DocumentDrawer({ documentId, version, onClose, onChanged, onNewRevision }: Props) {
  const [details, setDetails] = useState<Details | null>(null);
  const [problem, setProblem] = useState("");
  const [question, setQuestion] = useState<Question | null>(null);

  const load = useCallback(async () => {
    try {
      const [document, revisions] = await Promise.all([getDocument(documentId), listRevisions(documentId)]);
      setDetails({ document, revisions });
      setProblem("");
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }, [documentId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version means that it must be read again.
  useEffect(() => void load(), [load, version]);

  const changed = async () => {
    onChanged();
    await load();
  };
  const publish = (revision: Revision) => setQuestion(publishQuestion(revision, changed));
  const withdraw = (revision: Revision) => setQuestion(withdrawQuestion(revision, changed));
  const remove = (document: Document) =>
    setQuestion(
      deleteQuestion(document, () => {
        onChanged();
        onClose();
      }),
    );

  const document = details?.document;
  return (
    <Sheet label="Document" subject={documentId} testId="document-drawer" onClose={onClose}>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {document && (
        <>
          <p class="eyebrow">{document.collection}</p>
          <h2 class="place-title">{document.title || document.key}</h2>
          <p class="document-key">
            <code>{document.key}</code>
          </p>
          <button
            type="button"
            class="button button-primary"
            onClick={() => onNewRevision(document)}
            data-testid="drawer-new-revision"
          >
            <Icon name="upload" />
            New revision
          </button>
          <h3 class="small-heading">History</h3>
          <ol class="history">
            {details.revisions.map((revision) => (
              <RevisionItem
                key={revision.revision}
                revision={revision}
                onPublish={() => publish(revision)}
                onWithdraw={() => withdraw(revision)}
              />
            ))}
          </ol>
          <div class="danger-zone">
            <button
              type="button"
              class="button button-danger-plain"
              onClick={() => remove(document)}
              data-testid="delete-document"
            >
              Delete this document…
            </button>
          </div>
        </>
      )}
      {question && <Confirm question={question} onClose={() => setQuestion(null)} />}
    </Sheet>
  );
}

function publishQuestion(revision: Revision, done: () => unknown): Question {
  const n = revision.revision;
  return {
    title: `Put revision ${n} in force?`,
    text: `From now on answers stand on revision ${n}. The revision in force now, if there is one, moves into history.`,
    action: "Put in force",
    isDangerous: false,
    run: async () => {
      await publishRevision(revision.document_id, n);
      await done();
    },
  };
}

function withdrawQuestion(revision: Revision, done: () => unknown): Question {
  const n = revision.revision;
  const effect = revision.scheduled
    ? "It will not take effect. What is in force now stays as it is."
    : "From now on no answer stands on it. The revision before it does not come back by itself.";
  return {
    title: `Withdraw revision ${n}?`,
    text: effect,
    action: "Withdraw",
    isDangerous: true,
    run: async () => {
      await withdrawRevision(revision.document_id, n);
      await done();
    },
  };
}

function deleteQuestion(document: Document, done: () => void): Question {
  const count = document.revisions === 1 ? "its one revision" : `all ${document.revisions} revisions`;
  return {
    title: `Delete “${document.title || document.key}”?`,
    text: `This deletes the document with ${count}, the original files and all that came from them. It can't be undone. To only take it out of answers, withdraw the revision in force.`,
    action: "Delete for good",
    isDangerous: true,
    run: async () => {
      await deleteDocument(document.id);
      done();
    },
  };
}
