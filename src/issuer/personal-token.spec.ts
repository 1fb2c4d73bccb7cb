import { describe, expect, it } from '@jest/globals';
import { createPersonalToken, isPersonalToken, isWellFormed } from './personal-token.js';

/** Computed by zlib.crc32 of Python. */
const KNOWN = [
  { name: 'all digits', token: 'tw_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0TyBiU' },
  { name: 'zeros', token: 'tw_pat_0000000000000000000000000000000000000etOEM' },
  { name: 'last digits', token: 'tw_pat_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz1ej79G' },
  { name: 'a checksum that is padded', token: 'tw_pat_z1ZUyimZu9XcdDHXc182CJlSddjGdxWjH3oQ000Lmt' },
];

describe('the checksum of a personal token', () => {
  it.each(KNOWN)('is its CRC-32 in base 62: $name', ({ token }) => {
    expect(isWellFormed(token)).toBe(true);
  });

  it('finds every wrong character', () => {
    const token = createPersonalToken();
    for (let i = 'tw_pat_'.length; i < token.length; i += 1) {
      const other = token[i] === 'a' ? 'b' : 'a';
      expect(isWellFormed(`${token.slice(0, i)}${other}${token.slice(i + 1)}`)).toBe(false);
    }
  });

  it('finds every swap of two neighbours', () => {
    const [{ token } = { token: '' }] = KNOWN;
    for (let i = 'tw_pat_'.length; i < token.length - 1; i += 1) {
      const swapped = `${token.slice(0, i)}${token.charAt(i + 1)}${token.charAt(i)}${token.slice(i + 2)}`;
      expect(isWellFormed(swapped)).toBe(swapped === token);
    }
  });
});

describe('a personal token', () => {
  it('is new each time, and made of all digits', () => {
    const tokens = Array.from({ length: 1_000 }, createPersonalToken);
    expect(new Set(tokens).size).toBe(tokens.length);
    for (const token of tokens) {
      expect(token).toMatch(/^tw_pat_[0-9A-Za-z]{42}$/);
      expect(isWellFormed(token)).toBe(true);
      expect(isPersonalToken(token)).toBe(true);
    }
    const digits = new Set(tokens.flatMap((token) => Array.from(token.slice(7, 43))));
    expect(digits.size).toBe(62);
  });

  it.each([
    { name: 'a prefix of one', token: createPersonalToken().slice(0, -1) },
    { name: 'one and more', token: `${createPersonalToken()}0` },
    { name: 'one with a line after it', token: `${createPersonalToken()}\n` },
    { name: 'one in capitals', token: createPersonalToken().toUpperCase() },
    { name: 'one of another product', token: createPersonalToken().replace('tw_pat', 'gh_pat') },
    { name: 'the prefix alone', token: 'tw_pat_' },
    { name: 'nothing', token: '' },
  ])('is not $name', ({ token }) => {
    expect(isWellFormed(token)).toBe(false);
  });
});
