import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { IssuerNews, NewsListener } from './issuer-news.js';
import { SessionRevocations } from './session-revocations.js';

const MEMORY = 420;

let revoke: (sessionId: string, age: number) => void;
let staleness: number;
let revocations: SessionRevocations;

beforeEach(() => {
  jest.useFakeTimers();
  staleness = 0;
  const news = {
    get staleness() {
      return staleness;
    },
    subscribe: (listener: NewsListener) => {
      revoke = (sessionId, age) => listener.sessionRevoked?.(sessionId, age);
    },
  };
  revocations = new SessionRevocations(news as unknown as IssuerNews, MEMORY);
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a revoked session', () => {
  it('is known for as long as it matters, and then makes room', () => {
    revoke('now', 0);
    revoke('a while ago', 400);
    jest.advanceTimersByTime(21_000);
    revoke('another', 0);
    expect(['now', 'a while ago', 'another'].map((id) => revocations.has(id))).toEqual([
      true,
      true,
      true,
    ]);
    jest.advanceTimersByTime((MEMORY - 20) * 1_000);
    revoke('the last', 0);
    expect(['now', 'a while ago', 'another'].map((id) => revocations.has(id))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is known for no shorter when it is told again', () => {
    revoke('twice', 400);
    revoke('twice', 0);
    jest.advanceTimersByTime(100_000);
    revoke('another', 0);
    expect(revocations.has('twice')).toBe(true);
  });

  it('is known even while nothing is heard', () => {
    revoke('ended', 0);
    staleness = 60_000;
    expect(revocations.has('ended')).toBe(true);
  });
});

describe('any other session', () => {
  it.each([0, 4_999])('has not ended as far as is known %d ms after the last sign', (ms) => {
    staleness = ms;
    expect(revocations.has('other')).toBe(false);
  });

  it.each([5_001, Infinity])('may have ended %d ms after the last sign', (ms) => {
    staleness = ms;
    expect(() => revocations.has('other')).toThrow(
      expect.objectContaining({ code: 'database_unavailable', status: 503 }),
    );
  });
});
