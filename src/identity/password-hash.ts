import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verifyPassword } from 'better-auth/crypto';

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

interface Parameters {
  /** Base-2 logarithm of the cost. */
  readonly ln: number;
  /** Block size. */
  readonly r: number;
  /** Parallelization. */
  readonly p: number;
}

/**
 * A row of OWASP's Password Storage Cheat Sheet for scrypt: 16 MiB of memory a hash, so that several can
 * be made at once.
 */
const CURRENT: Parameters = { ln: 14, r: 8, p: 5 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** A stored hash must not be able to ask for more. */
const MAX_MEMORY_BYTES = 64 * 1024 ** 2;

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** One password in whatever form a keyboard composes its characters. */
const keyOf = (password: string, salt: Buffer, { ln, r, p }: Parameters, bytes: number) =>
  derive(password.normalize('NFKC'), salt, bytes, { N: 2 ** ln, r, p, maxmem: MAX_MEMORY_BYTES });

const prefixOf = ({ ln, r, p }: Parameters) =>
  `$scrypt$ln=${String(ln)},r=${String(r)},p=${String(p)}$`;

/** Hashes a password; the string names its parameters, in the PHC format. */
export async function hash(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyOf(password, salt, CURRENT, KEY_BYTES);
  return `${prefixOf(CURRENT)}${base64(salt)}$${base64(key)}`;
}

/** Work that a guess takes. */
const costOf = ({ ln, r, p }: Parameters) => 2 ** ln * r * p;

/** Reads a stored hash; undefined if Better Auth made it. */
function parse(stored: string) {
  const [, ln, r, p, salt, key] = PHC.exec(stored) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return {
    parameters: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/** Whether a hash takes less work to guess than one of today, as Better Auth's own does. */
export function isOutdated(stored: string): boolean {
  const parsed = parse(stored);
  return parsed === undefined || costOf(parsed.parameters) < costOf(CURRENT);
}

/** Checks a password against a hash of ours, or one that Better Auth made before. */
export async function verify(stored: string, password: string): Promise<boolean> {
  const parsed = parse(stored);
  if (parsed === undefined) return verifyPassword({ hash: stored, password });
  const { parameters, salt, key } = parsed;
  return timingSafeEqual(await keyOf(password, salt, parameters, key.length), key);
}
