import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX = 'tw_pat_';
/** Random characters: 214 bits. */
const LENGTH = 36;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}([0-9A-Za-z]{${LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

/** Returns the CRC-32 of the random characters in base 62. */
function checksumOf(random: string): string {
  let rest = crc32(random);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = `${DIGITS.charAt(rest % DIGITS.length)}${digits}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

/** Returns a new personal token. */
export function createPersonalToken(): string {
  const random = Array.from({ length: LENGTH }, () => DIGITS.charAt(randomInt(DIGITS.length)));
  const text = random.join('');
  return `${PREFIX}${text}${checksumOf(text)}`;
}

/** Returns whether a bearer token claims to be a personal one: no JWT begins so. */
export const isPersonalToken = (token: string): boolean => token.startsWith(PREFIX);

/** Returns whether a personal token has the form and the checksum of one that was ever made. */
export function isWellFormed(token: string): boolean {
  const [, random, checksum] = FORM.exec(token) ?? [];
  return random !== undefined && checksumOf(random) === checksum;
}
