import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Returns the encoding of a text file: named by its byte-order mark, or shown by where its NULs are. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}

/**
 * Reads a file of variables as editors of any system write it: in UTF-8 or UTF-16, with a byte-order
 * mark or without.
 *
 * @throws TypeError when it is no text.
 */
export function readDotEnv(path: string): Record<string, string | undefined> {
  const bytes = readFileSync(path);
  return parseEnv(new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes));
}
