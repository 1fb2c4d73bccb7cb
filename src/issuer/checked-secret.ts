import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Random characters: 214 bits. */
const LENGTH = 36;
const CHECKSUM_LENGTH = 6;

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

/**
 * Random secrets that begin with a prefix and end with a checksum: a scanner recognizes a leaked one, and an
 * invented one is refused without a query.
 */
export class CheckedSecret {
  readonly #form: RegExp;

  constructor(private readonly prefix: string) {
    this.#form = new RegExp(`^${prefix}([0-9A-Za-z]{${LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);
  }

  /** Returns a new secret. */
  create(): string {
    const random = Array.from({ length: LENGTH }, () => DIGITS.charAt(randomInt(DIGITS.length)));
    const text = random.join('');
    return `${this.prefix}${text}${checksumOf(text)}`;
  }

  /** Returns whether a string has the form and the checksum of a secret that was ever made. */
  isWellFormed(secret: string): boolean {
    const [, random, checksum] = this.#form.exec(secret) ?? [];
    return random !== undefined && checksumOf(random) === checksum;
  }
}
