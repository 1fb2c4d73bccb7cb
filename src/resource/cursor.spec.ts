import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CursorCodec, type CursorScope, type Position } from './cursor.js';

const newCodec = () => new CursorCodec(randomBytes(32));
const codec = newCodec();
const id = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';
const position: Position = { value: 1_763_659_740_123, id };
const scope: CursorScope = { userId: 'ada', list: { sort: '-createdAt' } };
const refusal = expect.objectContaining({ code: 'invalid_cursor', status: 400 }) as unknown;

describe('a cursor', () => {
  it.each(['ada', '', '.', '"],["', 'é🥛', 'a'.repeat(255)])('comes back for user %j', (userId) => {
    const cursor = codec.encode({ ...scope, userId }, position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(codec.decode({ ...scope, userId }, cursor)).toEqual(position);
  });

  it.each([-62_135_596_800_000, 0, 3, null, '', 'crème', '"],["', '\ud83e\udd5b'.repeat(255)])(
    'keeps %j',
    (value) => {
      const cursor = codec.encode(scope, { value, id });
      expect(codec.decode(scope, cursor)).toEqual({ value, id });
    },
  );

  it.each<{ name: string; other: CursorCodec; otherScope: CursorScope }>([
    { name: 'another user', other: codec, otherScope: { ...scope, userId: 'grace' } },
    { name: 'another order', other: codec, otherScope: { ...scope, list: { sort: 'createdAt' } } },
    {
      name: 'another filter',
      other: codec,
      otherScope: { ...scope, list: { sort: '-createdAt', completed: true } },
    },
    {
      name: 'parts that only join to the same',
      other: codec,
      otherScope: { userId: 'ada","-createdAt', list: '' },
    },
    { name: 'another key', other: newCodec(), otherScope: scope },
  ])('means nothing to $name', ({ other, otherScope }) => {
    const cursor = codec.encode(scope, position);
    expect(() => other.decode(otherScope, cursor)).toThrow(refusal);
  });

  it('does not say whose it is', () => {
    const cursor = codec.encode(scope, position);
    expect(Buffer.from(cursor, 'base64url').toString()).not.toContain('ada');
  });

  it('is refused with any bit flipped', () => {
    const bytes = Buffer.from(codec.encode(scope, position), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = flipped.toString('base64url');
      expect(() => codec.decode(scope, text)).toThrow(refusal);
    }
  });

  it.each(['', '.', 'abc', '=', 'e30', 'MA', '🥛', 'A'.repeat(22)])('is not %j', (text) => {
    expect(() => codec.decode(scope, text)).toThrow(refusal);
  });
});
