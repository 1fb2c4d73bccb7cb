import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** Characters that RFC 3454, table B.1, maps to nothing. */
const INVISIBLE = /[\u00AD\u034F\u1806\u180B-\u180D\u200C\u200D\u2060\uFE00-\uFE0F\uFEFF]/gu;

/** SASLprep (RFC 4013), as clients apply it before they prove that they know the password. */
const prepare = (password: string) =>
  password
    .replaceAll(/[\p{Zs}\u200B]/gu, ' ')
    .replaceAll(INVISIBLE, '')
    .normalize('NFKC');

const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/**
 * Returns what PostgreSQL stores of a password, and takes in its place: the password itself appears in
 * no statement and no log.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(prepare(password), salt, ITERATIONS, KEY_BYTES, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${String(ITERATIONS)}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
