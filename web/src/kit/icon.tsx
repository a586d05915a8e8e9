// The few drawings of the interface, in the colour of the text beside them.

const SHAPES = {
  accounts: 'M4 20v-1a5 5 0 0 1 5-5h2a5 5 0 0 1 5 5v1M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M17 14.5a4.5 4.5 0 0 1 3.5 4.4V20M15.5 4.3a3.5 3.5 0 0 1 0 6.4',
  partners: 'M3 21V8l6-3 6 3v13M15 11l6 2.500V21M2 21h20M7 10h.01M11 10h.01M7 14h.01M11 14h.01M18 16h.01',
  held: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M10 9v6M14 9v6',
  aging: 'M4 20V10M10 20V4M16 20v-8M22 20H2',
  order: 'M3 4h2l2.500 11h10l2.500-8H6.500M9 20.500h.01M16 20.500h.01',
  today: 'M4 6.500h16v13.500H4zM4 11h16M8 3.500v4M16 3.500v4',
  visit: 'M12 21s-7-6.200-7-11.500a7 7 0 0 1 14 0C19 14.800 12 21 12 21M12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5',
  kit: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM16.500 13v7M13 16.500h7',
  policy: 'M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6zM9 12l2 2 4-4',
  partner: 'M4 20V6l8-3 8 3v14M9 20v-5h6v5M9 9h.01M15 9h.01M9 12h.01M15 12h.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.500 20.500a7.500 7.500 0 0 1 15 0',
  product: 'M12 3l8 4.500v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  settings: 'M12 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M12 3v2.500M12 18.500V21M3 12h2.500M18.500 12H21M5.600 5.600l1.800 1.800M16.600 16.600l1.800 1.800M18.400 5.600l-1.800 1.800M7.400 16.600l-1.800 1.800',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500l5 5',
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  check: 'M5 12.500l4.500 4.500L19 7',
  plus: 'M12 5v14M5 12h14',
  keys: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  dense: 'M4 6h16M4 10h16M4 14h16M4 18h16',
  next: 'M10 6l6 6-6 6',
  print: 'M7 9V3.500h10V9M7 17H4V9h16v8h-3M7 14h10v6.500H7z',
  back: 'M14 6l-6 6 6 6',
  theme: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  lang: 'M3 5h10M8 3v2M5 13c3-1 5.5-4 6-8M6 8c1 2.500 3 4 6 5M12.500 21l4-10 4 10M14 18h5',
  pen: 'M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3',
  filter: 'M4 5h16l-6 7v6l-4 2v-8z',
  columns: 'M4 5h16v14H4zM9.500 5v14M14.500 5v14',
  list: 'M4 6h.01M4 12h.01M4 18h.01M8 6h12M8 12h12M8 18h12',
  board: 'M4 5h4.500v14H4zM10 5h4.500v9H10zM16 5h4.500v11H16z',
  group: 'M4 6h16M8 11h12M8 16h12M4 20h.01',
  file: 'M12 4v10M8 10l4 4 4-4M5 19h14',
  runs: 'M20 12a8 8 0 1 1-2.500-5.800M20 4v4.500h-4.500',
  sort: 'M7 5v14M4 16l3 3 3-3M13 6h8M13 11h6M13 16h4',
  up: 'M6 14l6-6 6 6',
  down: 'M6 10l6 6 6-6',
  out: 'M14 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h8M10 12h11M17 8l4 4-4 4',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
      <path d={SHAPES[name]} />
    </svg>
  );
}

export function Brand() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="brand-ground" />
      <g fill="none" stroke-width="2.6">
        <circle cx="12.5" cy="16" r="6.2" class="brand-ring" />
        <circle cx="19.5" cy="16" r="6.2" class="brand-ring-two" />
      </g>
    </svg>
  );
}
