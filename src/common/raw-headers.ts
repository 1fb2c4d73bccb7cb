/**
 * Whether a header stands in a request more than once. Of some Node keeps the first line and drops the
 * rest, where what stands before us may have looked at the last.
 *
 * @param rawHeaders names and values in turn, as they came.
 * @param name in small letters.
 */
export function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  const isName = (text: string, index: number) =>
    index % 2 === 0 && text.length === name.length && text.toLowerCase() === name;
  return rawHeaders.filter(isName).length > 1;
}
