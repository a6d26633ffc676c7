// Line icons, 24 by 24, drawn in the colour of the text around them. Decorative: the control has the name.

const shapes = {
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M6.5 6.5h11v11h-11z",
  close: "M6 6l12 12M18 6L6 18",
  calendar: "M5 7h14v12H5zM5 11h14M9 4v4M15 4v4",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  upload: "M12 16V5M7.5 9.5L12 5l4.5 4.5M5 20h14",
  search: "M10.5 5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM15 15l4.5 4.5",
  plus: "M12 5v14M5 12h14",
  clock: "M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM12 8v4.3l2.8 1.7",
  alert: "M12 4l9 16H3zM12 10v4.5M12 17.2v.300",
  chevron: "M9 6l6 6-6 6",
  signOut: "M10 5H5v14h5M14 8l4 4-4 4M18 12H9",
  empty: "M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM6.8 17.2L17.2 6.8",
  list: "M4 6.5h16M4 12h16M4 17.5h10",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  globe:
    "M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM4.5 12h15M12 4.5c2.6 2.2 3.6 4.7 3.6 7.5s-1 5.3-3.6 7.5c-2.6-2.2-3.6-4.7-3.6-7.5s1-5.3 3.6-7.5z",
  differ: "M5 9.5h14M5 14.5h14M15.5 5.5l-7 13",
  thumbUp:
    "M7.5 10.5v9H4v-9zM7.5 10.5l3.8-6.7c1.5 0 2.400 1 2.400 2.400l-.7 3.5h4.8a2 2 0 0 1 2 2.400l-1.2 5.8a2 2 0 0 1-2 1.6H7.5",
  thumbDown:
    "M7.5 13.5v-9H4v9zM7.5 13.5l3.8 6.7c1.5 0 2.400-1 2.400-2.400l-.7-3.5h4.8a2 2 0 0 0 2-2.400l-1.2-5.8a2 2 0 0 0-2-1.6H7.5",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}

/** The mark: a drop above the curve of a well. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="logo-ground" width="32" height="32" rx="9" />
      <path
        class="logo-drop"
        d="M16 5.5c3.3 3.9 5.6 6.7 5.6 9.8a5.6 5.6 0 0 1-11.2 0c0-3.1 2.3-5.9 5.6-9.8z"
      />
      <path class="logo-well" d="M7.5 21.8c2.2 2.6 5.1 3.9 8.5 3.9s6.3-1.3 8.5-3.9" />
    </svg>
  );
}
