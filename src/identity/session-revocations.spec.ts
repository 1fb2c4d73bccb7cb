import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SessionEvents, SessionEventsListener } from './session-events.js';
import { SessionRevocations } from './session-revocations.js';

const RETENTION_SECONDS = 420;

let revoke: (sessionId: string, age: number) => void;
let staleness: number;
let revocations: SessionRevocations;

beforeEach(() => {
  jest.useFakeTimers();
  staleness = 0;
  const events = {
    get staleness() {
      return staleness;
    },
    subscribe: (listener: SessionEventsListener) => {
      revoke = (sessionId, age) => listener.sessionRevoked?.(sessionId, age);
    },
  };
  revocations = new SessionRevocations(events as unknown as SessionEvents, RETENTION_SECONDS);
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a revoked session', () => {
  it('is remembered for the retention period, and then dropped', () => {
    revoke('now', 0);
    revoke('a while ago', 400);
    jest.advanceTimersByTime(21_000);
    revoke('another', 0);
    expect(['now', 'a while ago', 'another'].map((id) => revocations.has(id))).toEqual([
      true,
      true,
      true,
    ]);
    jest.advanceTimersByTime((RETENTION_SECONDS - 20) * 1_000);
    revoke('the last', 0);
    expect(['now', 'a while ago', 'another'].map((id) => revocations.has(id))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is remembered no shorter when it is reported again', () => {
    revoke('twice', 400);
    revoke('twice', 0);
    jest.advanceTimersByTime(100_000);
    revoke('another', 0);
    expect(revocations.has('twice')).toBe(true);
  });

  it('is remembered while the database is silent', () => {
    revoke('ended', 0);
    staleness = 60_000;
    expect(revocations.has('ended')).toBe(true);
  });
});

describe('a listener', () => {
  it('is called when a session has ended, and is known to have', () => {
    const seen: boolean[] = [];
    revocations.onRevoked(() => seen.push(revocations.has('ended')));
    revoke('ended', 0);
    revoke('another', 0);
    expect(seen).toEqual([true, true]);
  });
});

describe('any other session', () => {
  it.each([0, 4_999])('counts as active %d ms after the last sign of the database', (ms) => {
    staleness = ms;
    expect(revocations.has('other')).toBe(false);
  });

  it.each([5_001, Infinity])('is unknown %d ms after the last sign of the database', (ms) => {
    staleness = ms;
    expect(() => revocations.has('other')).toThrow(
      expect.objectContaining({ code: 'database_unavailable', status: 503 }),
    );
  });
});
