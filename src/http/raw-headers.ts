/**
 * Returns whether a header occurs more than once. Node keeps only the first occurrence of some,
 * while a proxy may have used the last.
 *
 * @param rawHeaders alternating names and values, as received.
 * @param name in lower case.
 */
export function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let times = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const text = rawHeaders[index];
    if (text?.length === name.length && text.toLowerCase() === name) times += 1;
  }
  return times > 1;
}
