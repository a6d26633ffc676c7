// Addresses to pages: the browser's history, a link that uses it, and nothing more.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

const navigated = "clearwell:navigated";

/** Goes to a path of this app. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  dispatchEvent(new Event(navigated));
}

/** The current address; the component renders again when it changes. */
export function useAddress(): URL {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const update = () => setHref(location.href);
    addEventListener("popstate", update);
    addEventListener(navigated, update);
    return () => {
      removeEventListener("popstate", update);
      removeEventListener(navigated, update);
    };
  }, []);
  return new URL(href);
}

interface LinkProps {
  to: string;
  class?: string;
  title?: string;
  isCurrent?: boolean;
  /** Called when the link is followed within the app. */
  onFollow?: () => void;
  children: ComponentChildren;
}

/** A link within the app. With a modifier key it opens a tab, as links do. */
export function Link({ to, isCurrent, onFollow, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
    onFollow?.();
  };
  return (
    <a href={to} onClick={follow} {...(isCurrent ? { "aria-current": "page" as const } : {})} {...rest}>
      {children}
    </a>
  );
}
