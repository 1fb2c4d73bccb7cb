import { draftKey } from './drafts';

/** A line for a new task, as it is typed. */
export interface Line {
  readonly text: string;
  /** Words that were understood, but are to stay in the title. */
  readonly ignored: readonly string[];
}

/** Name of the draft of the line. */
export const LINE_DRAFT = 'new';
const ADDING_DRAFT = 'adding';

/** Returns one line with the words of all. */
export const joinLines = (lines: readonly Line[]): Line => ({
  text: lines
    .map((line) => line.text)
    .join(' ')
    .trim(),
  ignored: lines.flatMap(({ ignored }) => ignored),
});

/** Lines whose tasks are being added by this page. */
let adding: readonly Line[] = [];

function store(user: string): void {
  const key = draftKey(user, ADDING_DRAFT);
  if (adding.length === 0) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(adding));
}

/** Keeps a line for the case of a reload; returns a function that forgets it, once its task is stored. */
export function keepAdding(user: string, line: Line): () => void {
  adding = [...adding, line];
  store(user);
  return () => {
    adding = adding.filter((other) => other !== line);
    store(user);
  };
}

/** Brings lines back into the draft whose adding was interrupted by a reload. */
export function restoreAdding(user: string): void {
  const text = sessionStorage.getItem(draftKey(user, ADDING_DRAFT));
  if (text === null || adding.length > 0) return;
  sessionStorage.removeItem(draftKey(user, ADDING_DRAFT));
  const key = draftKey(user, LINE_DRAFT);
  const draft = sessionStorage.getItem(key);
  const lines = JSON.parse(text) as Line[];
  if (draft !== null) lines.push(JSON.parse(draft) as Line);
  sessionStorage.setItem(key, JSON.stringify(joinLines(lines)));
}
