import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Reads a `.env` file in UTF-8, with or without a byte-order mark.
 *
 * @throws TypeError if it has another encoding.
 */
export function readDotEnv(path: string): Record<string, string | undefined> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  // UTF-16 without a byte-order mark is valid UTF-8, with a NUL beside each ASCII letter.
  if (text.includes('\0')) throw new TypeError('it contains NUL characters');
  return parseEnv(text);
}
