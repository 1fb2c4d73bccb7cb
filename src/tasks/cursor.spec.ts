import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, type Position } from './cursor.js';

const position: Position = {
  createdAt: new Date('2026-11-20T17:29:00.123Z'),
  id: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90',
};
const refusal = expect.objectContaining({ code: 'invalid_cursor', status: 400 }) as unknown;

describe('a cursor', () => {
  it.each(['ada', '', '.', '"],["', 'é🥛', 'a'.repeat(255)])('comes back for user %j', (user) => {
    const cursor = encodeCursor(user, '-createdAt', position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(user, '-createdAt', cursor)).toEqual(position);
  });

  it('keeps an instant before 1970', () => {
    const old = { ...position, createdAt: new Date('0001-01-01T00:00:00Z') };
    expect(decodeCursor('ada', '-createdAt', encodeCursor('ada', '-createdAt', old))).toEqual(old);
  });

  it.each([
    ['another user', 'grace', '-createdAt'],
    ['another order', 'ada', 'createdAt'],
    ['parts that only join to the same', 'ada","-createdAt', ''],
  ])('means nothing to %s', (_, user, order) => {
    const cursor = encodeCursor('ada', '-createdAt', position);
    expect(() => decodeCursor(user, order, cursor)).toThrow(refusal);
  });

  it('does not say whose it is', () => {
    const cursor = encodeCursor('ada', '-createdAt', position);
    expect(Buffer.from(cursor, 'base64url').toString()).not.toContain('ada');
  });

  it('is refused with any bit flipped', () => {
    const cursor = encodeCursor('ada', '-createdAt', position);
    const bytes = Buffer.from(cursor, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = flipped.toString('base64url');
      expect(() => decodeCursor('ada', '-createdAt', text)).toThrow(refusal);
    }
  });

  it.each<[string, Partial<Position>]>([
    ['no instant', { createdAt: new Date(NaN) }],
    ['an instant that PostgreSQL has not', { createdAt: new Date(8.64e15) }],
    ['no UUID', { id: '-'.repeat(36) }],
    ['SQL', { id: "'; drop table task; --" }],
  ])('that is well made but names %s is refused', (_, wrong) => {
    const cursor = encodeCursor('ada', '-createdAt', { ...position, ...wrong });
    expect(() => decodeCursor('ada', '-createdAt', cursor)).toThrow(refusal);
  });

  it.each(['', '.', 'abc', '=', 'e30', 'MA', '🥛'])('is not %j', (text) => {
    expect(() => decodeCursor('ada', '-createdAt', text)).toThrow(refusal);
  });
});
