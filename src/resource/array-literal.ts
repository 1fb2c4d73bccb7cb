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
