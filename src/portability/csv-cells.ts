/**
 * Matches a cell that spreadsheets take for a formula, or that already has the apostrophe which prevents
 * that. Some of them skip blanks, and read full-width signs.
 */
const FORMULA = /^'*\s*[=+\-@＝＋－＠]|^'*[\t\r\n]/;

/** Puts an apostrophe in front of what a spreadsheet would run. */
export const safeCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Writes tags as the `tags` parameter of a list takes them: `\,` is a comma, and `\\` a backslash. */
export const joinTags = (tags: readonly string[]): string =>
  tags.map((tag) => tag.replaceAll(/[\\,]/g, '\\$&')).join(',');

/** Returns what `safeCell` was given. */
export const plainCell = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;

/** Splits what `joinTags` has joined; a blank tag is none. */
export function splitTags(cell: string): string[] {
  const tags = [...cell.matchAll(/(?:\\.|[^\\,])+/gs)].map(([tag]) =>
    tag.replaceAll(/\\(.)/gs, '$1'),
  );
  return tags.filter((tag) => tag.trim() !== '');
}
