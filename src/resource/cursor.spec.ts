import { generateKeySync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type CursorScope, decodeCursor, encodeCursor, type Position } from './cursor.js';

const newKey = () => generateKeySync('hmac', { length: 256 });
const key = newKey();
const id = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';
const position: Position = { value: 1_763_659_740_123, id };
const scope: CursorScope = { userId: 'ada', list: { sort: '-createdAt' } };
const refusal = expect.objectContaining({ code: 'invalid_cursor', status: 400 }) as unknown;

describe('a cursor', () => {
  it.each(['ada', '', '.', '"],["', 'é🥛', 'a'.repeat(255)])('comes back for user %j', (userId) => {
    const cursor = encodeCursor(key, { ...scope, userId }, position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(key, { ...scope, userId }, cursor)).toEqual(position);
  });

  it.each([-62_135_596_800_000, 0, 3, null, '', 'crème', '"],["', '\ud83e\udd5b'.repeat(255)])(
    'keeps %j',
    (value) => {
      const cursor = encodeCursor(key, scope, { value, id });
      expect(decodeCursor(key, scope, cursor)).toEqual({ value, id });
    },
  );

  it.each<{ name: string; otherKey: KeyObject; otherScope: CursorScope }>([
    { name: 'another user', otherKey: key, otherScope: { ...scope, userId: 'grace' } },
    { name: 'another order', otherKey: key, otherScope: { ...scope, list: { sort: 'createdAt' } } },
    {
      name: 'another filter',
      otherKey: key,
      otherScope: { ...scope, list: { sort: '-createdAt', completed: true } },
    },
    {
      name: 'parts that only join to the same',
      otherKey: key,
      otherScope: { userId: 'ada","-createdAt', list: '' },
    },
    { name: 'another key', otherKey: newKey(), otherScope: scope },
  ])('means nothing to $name', ({ otherKey, otherScope }) => {
    const cursor = encodeCursor(key, scope, position);
    expect(() => decodeCursor(otherKey, otherScope, cursor)).toThrow(refusal);
  });

  it('does not say whose it is', () => {
    const cursor = encodeCursor(key, scope, position);
    expect(Buffer.from(cursor, 'base64url').toString()).not.toContain('ada');
  });

  it('is refused with any bit flipped', () => {
    const bytes = Buffer.from(encodeCursor(key, scope, position), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = flipped.toString('base64url');
      expect(() => decodeCursor(key, scope, text)).toThrow(refusal);
    }
  });

  it.each(['', '.', 'abc', '=', 'e30', 'MA', '🥛', 'A'.repeat(22)])('is not %j', (text) => {
    expect(() => decodeCursor(key, scope, text)).toThrow(refusal);
  });
});
