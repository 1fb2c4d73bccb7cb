import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Reads a file of variables in UTF-8, with a byte-order mark or without.
 *
 * @throws TypeError when it is in another encoding.
 */
export function readDotEnv(path: string): Record<string, string | undefined> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  // UTF-16 without a mark is valid UTF-8 with a NUL beside each ASCII letter.
  if (text.includes('\0')) throw new TypeError('it has NULs');
  return parseEnv(text);
}
