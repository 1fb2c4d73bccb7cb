import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verifyPassword } from 'better-auth/crypto';

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

export interface HashParameters {
  /** Base-2 logarithm of the cost. */
  readonly ln: number;
  /** Block size. */
  readonly r: number;
  /** Parallelization. */
  readonly p: number;
}

/**
 * Parameters from OWASP's Password Storage Cheat Sheet: 16 MiB of memory per hash, so that several
 * can run at once.
 */
export const CURRENT_PARAMETERS: HashParameters = { ln: 14, r: 8, p: 5 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Upper bound for a stored hash, whose parameters are not trusted. */
const MAX_MEMORY_BYTES = 64 * 1024 ** 2;

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/**
 * Derives the key from the password in Unicode NFKC, as keyboards compose characters differently.
 */
const keyOf = (password: string, salt: Buffer, { ln, r, p }: HashParameters, bytes: number) =>
  derive(password.normalize('NFKC'), salt, bytes, { N: 2 ** ln, r, p, maxmem: MAX_MEMORY_BYTES });

const prefixOf = ({ ln, r, p }: HashParameters) =>
  `$scrypt$ln=${String(ln)},r=${String(r)},p=${String(p)}$`;

/** Hashes a password. The result names its parameters, in the PHC string format. */
export async function hash(password: string, parameters = CURRENT_PARAMETERS): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await keyOf(password, salt, parameters, KEY_BYTES);
  return `${prefixOf(parameters)}${base64(salt)}$${base64(key)}`;
}

/** Work per guess. */
const costOf = ({ ln, r, p }: HashParameters) => 2 ** ln * r * p;

/** Parses a stored hash; returns undefined if Better Auth created it. */
function parse(stored: string) {
  const [, ln, r, p, salt, key] = PHC.exec(stored) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  return {
    parameters: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

/**
 * Returns whether a hash takes less work to guess than a current one, as Better Auth's own does.
 */
export function isOutdated(stored: string, parameters = CURRENT_PARAMETERS): boolean {
  const parsed = parse(stored);
  return parsed === undefined || costOf(parsed.parameters) < costOf(parameters);
}

/** Verifies a password against a hash of ours, or an earlier one of Better Auth's. */
export async function verify(stored: string, password: string): Promise<boolean> {
  const parsed = parse(stored);
  if (parsed === undefined) return verifyPassword({ hash: stored, password });
  const { parameters, salt, key } = parsed;
  return timingSafeEqual(await keyOf(password, salt, parameters, key.length), key);
}
