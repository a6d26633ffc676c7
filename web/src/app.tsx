import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Principal } from "./api";
import { conversationPath, useChats } from "./chats";
import { useFeatures } from "./features";
import { ChatPage } from "./pages/chat";
import { DocumentsPage } from "./pages/documents";
import { PassagePage, passageAddress } from "./pages/passage";
import { SignInPage } from "./pages/sign-in";
import { Link, navigate, useAddress } from "./router";
import { useSession } from "./session";
import { Header, mayEdit } from "./ui/header";
import { useUploads } from "./uploads";

export function App() {
  const { session, enter, leave } = useSession();
  const address = useAddress();
  const isSignedIn = session.phase === "signed-in";

  useEffect(() => {
    if (isSignedIn && address.pathname === "/sign-in") navigate("/", { replace: true });
  }, [isSignedIn, address.pathname]);

  useEffect(() => {
    document.title = isSignedIn ? titleOf(address.pathname) : "Sign in · Clearwell";
  }, [isSignedIn, address.pathname]);

  switch (session.phase) {
    case "loading":
      return <main class="loading" aria-busy="true" />;
    case "signed-out":
      return <SignInPage message={session.message} onEnter={enter} />;
    case "signed-in":
      return <Pages principal={session.principal} address={address} onSignOut={leave} />;
  }
}

function titleOf(path: string): string {
  if (path === "/") return "Clearwell";
  return path === "/documents" ? "Documents · Clearwell" : "Passage · Clearwell";
}

interface PagesProps {
  principal: Principal;
  address: URL;
  onSignOut: () => Promise<void>;
}

/** The pages of someone who is signed in. Conversations and uploads live here, above any single page. */
function Pages({ principal, address, onSignOut }: PagesProps) {
  const chats = useChats(address);
  const features = useFeatures();
  const [isListOpen, setListOpen] = useState(false);
  // The way back leads to another conversation, and not to the same list over it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: any change of the address is meant.
  useEffect(() => setListOpen(false), [address.href]);
  const uploads = useUploads();
  const main = useRef<HTMLElement>(null);
  const shownPath = useRef(address.pathname);

  // After a change of page the focus stands at its beginning, unless the page has put it somewhere.
  useEffect(() => {
    if (shownPath.current === address.pathname) return;
    shownPath.current = address.pathname;
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [address.pathname]);

  const signOut = useCallback(() => void onSignOut().catch(() => location.reload()), [onSignOut]);

  const passage = passageAddress(address);
  let page = <NotFound />;
  if (address.pathname === "/") {
    page = (
      <ChatPage
        chats={chats}
        features={features}
        isListOpen={isListOpen}
        onCloseList={() => setListOpen(false)}
      />
    );
  }
  if (passage) page = <PassagePage {...passage} />;
  else if (address.pathname === "/documents" && mayEdit(principal))
    page = <DocumentsPage uploads={uploads} />;
  else if (address.pathname === "/documents") page = <ForEditors />;

  return (
    <>
      <Header
        principal={principal}
        path={address.pathname}
        askPath={conversationPath(chats.open.id)}
        onSignOut={signOut}
        onList={() => setListOpen(true)}
      />
      <main id="main" class="main" ref={main} tabIndex={-1}>
        {page}
      </main>
    </>
  );
}

function ForEditors() {
  return (
    <div class="page page-narrow notice">
      <h1>Documents are for editors</h1>
      <p>Your key may ask and search. To add or change documents, ask for a key with the role editor.</p>
      <Link to="/" class="button">
        Ask a question
      </Link>
    </div>
  );
}

function NotFound() {
  return (
    <div class="page page-narrow notice">
      <h1>There is nothing here</h1>
      <p>The address may be old or mistyped.</p>
      <Link to="/" class="button">
        Ask a question
      </Link>
    </div>
  );
}
