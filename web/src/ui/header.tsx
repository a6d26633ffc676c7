import type { Principal } from "../api";
import { Link } from "../router";
import { Icon, Logo } from "./icon";

interface Props {
  principal: Principal;
  path: string;
  onSignOut: () => void;
}

/** Whether this person may see the page for editors. */
export const mayEdit = (principal: Principal) => principal.role !== "reader";

export function Header({ principal, path, onSignOut }: Props) {
  return (
    <header class="header">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Link to="/" class="brand">
        <Logo />
        <span>Clearwell</span>
      </Link>
      <nav class="nav" aria-label="Pages">
        <Link to="/" isCurrent={path === "/"}>
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
