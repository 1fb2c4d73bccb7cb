import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** Returns the digest, in hex, of a value as JSON, and of bytes after it. */
export const digestOf = (value: unknown, bytes: Uint8Array = new Uint8Array()): string =>
  createHash('sha256').update(canonicalJson(value)).update(bytes).digest('hex');
