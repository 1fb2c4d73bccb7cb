/**
 * An array as PostgreSQL reads it. Every element is quoted, and in a quoted one only `"` and `\`
 * mean something else: MikroORM's own spelling makes NULL of `NULL` and an `n` of a line break.
 *
 * https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */
export function arrayLiteral(elements: readonly string[]): string {
  const quoted = elements.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`);
  return `{${quoted.join(',')}}`;
}

const ELEMENT = /"((?:[^"\\]|\\.)*)"|[^,]+/gs;

/** The elements of a one-dimensional `text[]` without nulls, as PostgreSQL writes it. */
export function parseArray(text: string): string[] {
  const elements = text.slice(1, -1);
  if (elements === '') return [];
  if (!elements.includes('"')) return elements.split(',');
  return Array.from(elements.matchAll(ELEMENT), ([element, quoted]) =>
    quoted === undefined ? element : quoted.replace(/\\(.)/gs, '$1'),
  );
}
