import type { ReactNode } from 'react';

/** Draws an icon of 20 × 20 in the colour of the text. Texts beside it give it its meaning. */
function icon(content: ReactNode) {
  return function Icon() {
    return (
      <svg
        width="20"
        height="20"
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {content}
      </svg>
    );
  };
}

const CALENDAR = <path d="M3.5 5.5h13v11h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5" />;

export const TodayIcon = icon(
  <>
    {CALENDAR}
    <circle cx="10" cy="12.5" r="1.25" fill="currentColor" stroke="none" />
  </>,
);
export const UpcomingIcon = icon(
  <>
    {CALENDAR}
    <path d="M7 12.5h5.5M10.75 10.75l1.75 1.75-1.75 1.75" />
  </>,
);
export const AllIcon = icon(
  <path d="M7.5 5.5h9M7.5 10h9M7.5 14.5h9M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01" />,
);
export const ListsIcon = icon(<path d="M6.5 5.5h10v9h-10zM3.5 8.5v9h10M9.5 8.5h4M9.5 11.5h4" />);
export const TrashIcon = icon(
  <path d="M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.75 11h8.5L15 5.5M8.5 8.5v5M11.5 8.5v5" />,
);
export const AccountIcon = icon(
  <>
    <circle cx="10" cy="7" r="3" />
    <path d="M4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5" />
  </>,
);
