// Who is signed in. A sign-in link carries its token in the fragment, which is never sent to a server.

import { useCallback, useEffect, useState } from "preact/hooks";
import { getSession, type Principal, sentenceOf, signIn, signOut, whenSignedOut } from "./api";
import { navigate } from "./router";
import { forget } from "./unfinished";

export type SessionState =
  | { phase: "loading" }
  | { phase: "signed-out"; message: string }
  | { phase: "signed-in"; principal: Principal };

export interface SessionControl {
  session: SessionState;
  /** Signs in with an API key; rejects with a Problem. */
  enter(token: string): Promise<void>;
  leave(): Promise<void>;
}

/** Takes the token out of "#token=…" and the fragment out of the address; "" if there is none. */
export function takeToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) navigate(location.pathname + location.search, { replace: true });
  return token;
}

const over = "Your session is over. Sign in again to go on.";

async function start(): Promise<SessionState> {
  const token = takeToken();
  try {
    const { principal } = token ? await signIn(token) : await getSession();
    return principal ? { phase: "signed-in", principal } : { phase: "signed-out", message: "" };
  } catch (error) {
    return { phase: "signed-out", message: sentenceOf(error) };
  }
}

export function useSession(): SessionControl {
  const [session, setSession] = useState<SessionState>({ phase: "loading" });

  useEffect(() => {
    whenSignedOut(() => setSession({ phase: "signed-out", message: over }));
    void start().then(setSession);
  }, []);

  const enter = useCallback(async (token: string) => {
    const { principal } = await signIn(token);
    if (principal) setSession({ phase: "signed-in", principal });
  }, []);

  const leave = useCallback(async () => {
    await signOut();
    forget();
    setSession({ phase: "signed-out", message: "" });
  }, []);

  return { session, enter, leave };
}
