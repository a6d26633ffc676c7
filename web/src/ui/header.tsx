import type { Principal } from "../api";
import { Link } from "../router";
import { Icon, Logo } from "./icon";

interface Props {
  principal: Principal;
  path: string;
  /** Leads to the open conversation. */
  askPath: string;
  onSignOut: () => void;
  /** Shows the conversations, where there is no room for them beside the chat. */
  onList: () => void;
}

/** Whether this person may see the page for editors. */
export const mayEdit = (principal: Principal) => principal.role !== "reader";

// No link: the fragment of the address names the open conversation.
const skip = () => document.getElementById("main")?.focus();

export function Header({ principal, path, askPath, onSignOut, onList }: Props) {
  return (
    <header class="header">
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      {path === "/" && (
        <button
          type="button"
          class="icon-button header-list"
          onClick={onList}
          aria-label="Conversations"
          title="Conversations"
          aria-haspopup="dialog"
          data-testid="open-conversations"
        >
          <Icon name="list" />
        </button>
      )}
      <Link to="/" class="brand">
        <Logo />
        <span>Clearwell</span>
      </Link>
      <nav class="nav" aria-label="Pages">
        <Link to={askPath} isCurrent={path === "/"}>
          Ask
        </Link>
        {mayEdit(principal) && (
          <Link to="/documents" isCurrent={path.startsWith("/documents")}>
            Documents
          </Link>
        )}
      </nav>
      <div class="who">
        <span class="who-name" title={`Signed in as ${principal.name} (${principal.role})`}>
          {principal.name}
        </span>
        <button type="button" class="icon-button" onClick={onSignOut} aria-label="Sign out" title="Sign out">
          <Icon name="signOut" />
        </button>
      </div>
    </header>
  );
}
