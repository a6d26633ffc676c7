import { isFinal, shareOf, stepOf, steps, type UploadState } from "../upload";
import type { Upload } from "../upload-queue";
import { formatSize, type Tone, uploadNote } from "../wording";
import { Icon, type IconName } from "./icon";

interface Props {
  upload: Upload;
  onRetry: (id: number) => void;
  onOpen: (documentId: string) => void;
}

const icons: Record<Tone, IconName> = {
  quiet: "file",
  busy: "clock",
  good: "check",
  warning: "alert",
  danger: "alert",
};

/** One file on its way: how far it is, and how it ended. */
export function UploadRow({ upload, onRetry, onOpen }: Props) {
  const { state, file } = upload;
  const note = uploadNote(state, new Date());
  const documentId = "receipt" in state && state.receipt ? state.receipt.document_id : "";
  return (
    <li
      class={`upload tone-${note.tone}`}
      data-testid="upload-row"
      data-phase={state.phase}
      data-name={file.name}
    >
      <Icon name={icons[note.tone]} />
      <div class="upload-main">
        <p class="upload-name">
          <span>{file.name}</span>
          <span class="upload-size">{formatSize(file.size)}</span>
        </p>
        <p class="upload-note" aria-live={isFinal(state) ? "polite" : "off"} data-testid="upload-note">
          {note.text}
          {state.phase === "stopped" &&
            state.receipt.revision > 1 &&
            " What was in force before goes on answering."}
        </p>
        {isFinal(state) && (
          <p class="upload-actions">
            {state.phase === "refused" && !state.receipt && (
              <button type="button" class="text-button" onClick={() => onRetry(upload.id)}>
                Try again
              </button>
            )}
            {documentId && (
              <button type="button" class="text-button" onClick={() => onOpen(documentId)}>
                Details
              </button>
            )}
          </p>
        )}
        <Meter state={state} name={file.name} />
      </div>
    </li>
  );
}

// Sending is the first step; the pipeline's steps follow.
const labels = ["Sending", ...steps.map((step) => step.label)];

/** A bar of steps, the running one filled as far as it is known. It keeps its room, so that nothing jumps. */
function Meter({ state, name }: { state: UploadState; name: string }) {
  if (isFinal(state)) return null;
  const current = state.phase === "processing" ? stepOf(state.stage) + 1 : 0;
  return (
    <ol class="meter" aria-label={`Steps of ${name}`}>
      {labels.map((label, index) => {
        const share = index < current ? 1 : index > current ? 0 : shareNow(state);
        return (
          <li key={label} aria-current={index === current ? "step" : undefined}>
            <progress max={1} value={share} aria-label={label} />
            <span>{label}</span>
          </li>
        );
      })}
    </ol>
  );
}

function shareNow(state: UploadState): number {
  if (state.phase === "sending") return state.total > 0 ? state.sent / state.total : 0;
  if (state.phase !== "processing") return 0;
  // A queued file has been sent whole; a stage that does not count is shown half done.
  return stepOf(state.stage) < 0 ? 1 : (shareOf(state.stage) ?? 0.5);
}
