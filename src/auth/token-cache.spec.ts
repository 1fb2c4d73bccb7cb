import { beforeEach, describe, expect, it } from '@jest/globals';
import { ownerOf } from './owner.js';
import { TokenCache, type VerifiedToken } from './token-cache.js';
import { TokenError } from './token-error.js';

const MAX = 10_000;
let time: number;
let monotonic: number;
let cache: TokenCache;

const tokenUntil = (until: number): VerifiedToken => ({
  user: {
    id: ownerOf('ada'),
    issuer: 'https://issuer.example',
    actor: { type: 'session', name: null } as const,
    tokenExpiresAt: new Date(until),
  },
  basis: {
    isCurrent: () => true,
    hasEnded: () => false,
    endError: () => new TokenError('session_ended', ''),
  },
  until,
});

beforeEach(() => {
  time = 1_000;
  monotonic = 50;
  cache = new TokenCache({ now: () => time, monotonicNow: () => monotonic });
});

describe('the cache of verified tokens', () => {
  it('names a token by its SHA-256', () => {
    // `printf %s abc | sha256sum`, FIPS 180-2, appendix B.1.
    const hex = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(TokenCache.idOf('abc')).toBe(Buffer.from(hex, 'hex').toString('base64url'));
  });

  it('has a token until its time, and does not take it back after', () => {
    const token = tokenUntil(2_000);
    cache.set('a', token);
    time = 1_999;
    expect(cache.get('a')).toBe(token);
    time = 2_000;
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', token);
    time = 1_999;
    expect(cache.get('a')).toBeUndefined();
  });

  it('has a token no longer for a wall clock that is set back', () => {
    cache.set('a', tokenUntil(2_000));
    time = -1_000_000;
    monotonic = 1_049;
    expect(cache.get('a')).toBeDefined();
    monotonic = 1_050;
    expect(cache.get('a')).toBeUndefined();
    // Verified again, it still has the time that it had.
    cache.set('a', tokenUntil(2_000));
    expect(cache.get('a')).toBeUndefined();
    expect(cache.isSpent('a', 30)).toBe(false);
    monotonic = 1_080;
    expect(cache.isSpent('a', 30)).toBe(true);
    expect(cache.isSpent('b', 30)).toBe(false);
  });

  it('keeps nothing whose time is no number', () => {
    cache.set('a', tokenUntil(NaN));
    expect(cache.get('a')).toBeUndefined();
  });

  it('holds 10,000, and gives up what was used least recently', () => {
    const token = tokenUntil(2_000);
    for (let i = 0; i < MAX; i += 1) cache.set(String(i), token);
    cache.get('0');
    cache.set('one more', token);
    expect(cache.get('0')).toBe(token);
    expect(cache.get('1')).toBeUndefined();
    expect(cache.get('2')).toBe(token);
  });

  it('forgets the given tokens', () => {
    cache.set('a', tokenUntil(2_000));
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });
});
