/** Formats of an import, as the API names them. */
export const FORMATS = [
  'taskward',
  'todoist-csv',
  'google-tasks',
  'vikunja',
  'ics',
  'csv',
] as const;
export type Format = (typeof FORMATS)[number];

/** Formats whose lines are numbers of elements: JSON has none to count. */
export const NUMBERED: readonly Format[] = ['taskward', 'google-tasks', 'vikunja'];

/** Bytes of a file that its format is guessed by. */
const HEAD_BYTES = 4096;

/** How files of a format begin; the first that fits counts. */
const BEGINNINGS: readonly (readonly [RegExp, Format])[] = [
  [/^PK\u0003\u0004/, 'vikunja'],
  [/^BEGIN:VCALENDAR/i, 'ics'],
  [/^\{[^]*"tasks#taskLists"/, 'google-tasks'],
  [/^\{/, 'taskward'],
  [/^\[/, 'vikunja'],
  [/^"?TYPE"?[,;\t]"?CONTENT\b/i, 'todoist-csv'],
  [/^[^\n]*[,;\t]/, 'csv'],
];

/** Returns the format that a file seems to have, by its beginning, and otherwise by its name. */
export async function guessFormat(file: File): Promise<Format> {
  const head = (await file.slice(0, HEAD_BYTES).text()).replace(/^\uFEFF/, '').trimStart();
  const found = BEGINNINGS.find(([beginning]) => beginning.test(head));
  return found?.[1] ?? (/\.json$/i.test(file.name) ? 'taskward' : 'csv');
}
