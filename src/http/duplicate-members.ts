const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

/** Counts the members in a JSON string as written: the colons outside of strings. */
function membersWritten(text: string): number {
  let members = 0;
  let isString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isString && code === BACKSLASH) i += 1;
    else if (code === QUOTE) isString = !isString;
    else if (code === COLON && !isString) members += 1;
  }
  return members;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  return inner.reduce<number>(
    (sum, member) => sum + membersOf(member),
    Array.isArray(value) ? 0 : inner.length,
  );
}

const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/** Returns the first name that occurs twice in its object. */
function firstDuplicate(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = objects.at(-1);
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return undefined;
}

/**
 * Returns a name that an object in a valid JSON string contains more than once, or undefined.
 * `JSON.parse` silently keeps the last value, and two parsers may keep different ones (RFC 8259,
 * section 4).
 *
 * @param value the parsed string: a name is searched only if the counts differ, which is cheap to
 *   compare.
 */
export function duplicateMember(text: string, value: unknown): string | undefined {
  return membersWritten(text) === membersOf(value) ? undefined : firstDuplicate(text);
}
