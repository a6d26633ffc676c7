import { useState } from "preact/hooks";
import { sentenceOf } from "../api";
import { Logo } from "../ui/icon";

interface Props {
  /** What to say first: why the session is over, or why a link did not work; may be empty. */
  message: string;
  onEnter: (token: string) => Promise<void>;
}

/** For those who are not signed in: a kind word, and a place for a key. */
export function SignInPage({ message, onEnter }: Props) {
  const [key, setKey] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(message);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onEnter(key.trim());
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };

  return (
    <main class="sign-in" id="main">
      <div class="sign-in-card">
        <Logo />
        <h1>Welcome to Clearwell</h1>
        <p>
          Open the sign-in link that the server printed when it started, or paste the key that you were given.
        </p>
        <form onSubmit={submit}>
          <label for="key">Key</label>
          <input
            id="key"
            type="password"
            autocomplete="current-password"
            required
            value={key}
            data-testid="sign-in-key"
            aria-describedby={problem ? "sign-in-problem" : undefined}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
          {problem && (
            <p class="problem" id="sign-in-problem" role="alert" data-testid="sign-in-problem">
              {problem}
            </p>
          )}
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || key.trim() === ""}
            data-testid="sign-in-submit"
          >
            Sign in
          </button>
        </form>
        <p class="sign-in-help">
          No key? Whoever runs this server makes one with <code>clearwell&nbsp;key&nbsp;create</code>.
        </p>
      </div>
    </main>
  );
}
