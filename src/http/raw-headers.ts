/**
 * Whether a header stands in a request more than once. Of some Node keeps the first line and drops the
 * rest, where what stands before us may have looked at the last.
 *
 * @param rawHeaders names and values in turn, as they came.
 * @param name in small letters.
 */
export function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let times = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const text = rawHeaders[index];
    if (text?.length === name.length && text.toLowerCase() === name) times += 1;
  }
  return times > 1;
}
