import { useEffect, useId, useRef, useState } from "preact/hooks";
import { listCollections } from "../api";
import type { UploadFields } from "../upload-queue";
import { Icon } from "./icon";

/** The document that the next file is a new revision of. */
export interface Target {
  title: string;
  key: string;
  collection: string;
}

interface Props {
  target: Target | null;
  onCancelTarget: () => void;
  onFiles: (files: File[], fields: UploadFields) => void;
}

const noFields: UploadFields = { key: "", collection: "", effective_from: "" };

/** Where files are dropped or chosen, with what may be said about them. The whole window takes drops. */
export function UploadArea({ target, onCancelTarget, onFiles }: Props) {
  const [fields, setFields] = useState(noFields);
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!target) return;
    setFields((before) => ({ ...before, key: target.key, collection: target.collection }));
    setProblem("");
    input.current?.focus();
  }, [target]);

  const take = (files: File[]) => {
    if (files.length === 0) return;
    if (fields.key.trim() && files.length > 1) {
      setProblem("A key names one document. Choose one file for it, or leave the key empty.");
      return;
    }
    setProblem("");
    onFiles(files, { ...fields, key: fields.key.trim(), collection: fields.collection.trim() });
    // The collection probably holds for the next files too; key and date don't.
    setFields({ ...noFields, collection: target ? "" : fields.collection });
  };

  const isOver = useWindowDrop(take, () =>
    setProblem("Folders can't be dropped here. Use: clearwell ingest FOLDER"),
  );
  const cancel = () => {
    setFields(noFields);
    onCancelTarget();
  };

  return (
    <section class={isOver ? "drop drop-over" : "drop"} aria-label="Upload">
      <div class="drop-invitation">
        <Icon name="upload" />
        <div>
          {target ? (
            <p class="drop-title" data-testid="upload-target">
              New revision of <strong>{target.title}</strong>
            </p>
          ) : (
            <p class="drop-title">{isOver ? "Let go to upload" : "Add documents"}</p>
          )}
          <p class="drop-hint">
            <span class="drop-how">Drop files anywhere on this page. </span>Markdown, text, HTML, Word, PDF
          </p>
        </div>
        <div class="drop-buttons">
          {target ? (
            <button type="button" class="button button-plain" onClick={cancel}>
              Cancel
            </button>
          ) : (
            <button
              type="button"
              class="button button-plain"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
              data-testid="upload-options"
            >
              Options
            </button>
          )}
          <label class="button button-primary file-button">
            {target ? "Choose file" : "Choose files"}
            <input
              ref={input}
              type="file"
              multiple={!target}
              data-testid="upload-input"
              onChange={(event) => {
                take([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = "";
              }}
            />
          </label>
        </div>
      </div>
      {(isOpen || target) && <Options fields={fields} isKeyFixed={target !== null} onChange={setFields} />}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

interface OptionsProps {
  fields: UploadFields;
  isKeyFixed: boolean;
  onChange: (fields: UploadFields) => void;
}

function Options({ fields, isKeyFixed, onChange }: OptionsProps) {
  const id = useId();
  const [collections, setCollections] = useState<string[]>([]);

  useEffect(() => {
    listCollections()
      .then((all) => setCollections(all.filter((one) => one.may_write).map((one) => one.name)))
      .catch(() => {}); // Only suggestions: the field works without them.
  }, []);

  const field = (name: keyof UploadFields) => ({
    id: `${id}-${name}`,
    value: fields[name],
    "aria-describedby": `${id}-${name}-hint`,
    "data-testid": `upload-${name.replace("_", "-")}`,
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      onChange({ ...fields, [name]: event.currentTarget.value }),
  });

  return (
    <div class="options">
      <div class="field">
        <label for={`${id}-key`}>Key</label>
        <input type="text" maxLength={1024} readOnly={isKeyFixed} {...field("key")} />
        <p id={`${id}-key-hint`}>Names the document. Empty: the file's name.</p>
      </div>
      <div class="field">
        <label for={`${id}-collection`}>Collection</label>
        <input type="text" list={`${id}-collections`} readOnly={isKeyFixed} {...field("collection")} />
        <datalist id={`${id}-collections`}>
          {collections.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <p id={`${id}-collection-hint`}>Who may read it. Empty: default.</p>
      </div>
      <div class="field">
        <label for={`${id}-effective_from`}>In force from</label>
        <input type="date" {...field("effective_from")} />
        <p id={`${id}-effective_from-hint`}>Empty: what the document says, or now.</p>
      </div>
    </div>
  );
}

/** Takes files dropped anywhere on the window; returns whether some are held over it. */
function useWindowDrop(onDrop: (files: File[]) => void, onFolder: () => void): boolean {
  const [depth, setDepth] = useState(0);
  const handlers = useRef({ onDrop, onFolder });
  handlers.current = { onDrop, onFolder };

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => hasFiles(event) && setDepth((before) => before + 1);
    const leave = (event: DragEvent) => hasFiles(event) && setDepth((before) => Math.max(0, before - 1));
    const over = (event: DragEvent) => event.preventDefault(); // makes the window a place to drop
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setDepth(0);
      const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
      if (items.some((item) => item.webkitGetAsEntry()?.isDirectory)) handlers.current.onFolder();
      else handlers.current.onDrop([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragenter", enter);
    addEventListener("dragleave", leave);
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragenter", enter);
      removeEventListener("dragleave", leave);
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
  return depth > 0;
}
