import { describe, expect, it } from '@jest/globals';
import { loggableError, errorSummary } from './loggable-error.js';

const databaseError = () =>
  Object.assign(new Error('duplicate key value violates unique constraint "user_email_key"'), {
    severity: 'ERROR',
    code: '23505',
    detail: 'Key (email)=(canary) already exists.',
    where: 'canary',
    constraint: 'user_email_key',
    table: 'user',
  });

describe('loggableError', () => {
  it("keeps PostgreSQL's names, and no values", () => {
    expect(loggableError(new Error('failed', { cause: databaseError() }))).toMatchObject({
      message: 'failed',
      cause: {
        type: 'Error',
        code: '23505',
        constraint: 'user_email_key',
        table: 'user',
        stack: expect.stringMatching(/^ +at /) as unknown,
      },
    });
  });

  it.each([
    { name: 'a JSON parser', fail: () => JSON.parse('canary') as unknown },
    { name: 'a URL parser', fail: () => new URL('//canary') },
    { name: 'a header', fail: () => new Headers({ 'x-a': 'canary\u0000' }) },
    {
      name: 'a message with lines that look like a stack',
      fail: () => {
        throw new Error('failed\n    at canary (/canary:1:1)\u001b[31m');
      },
    },
    {
      name: 'an invalid name',
      fail: () => {
        throw Object.assign(new Error('failed'), { name: 'canary\nERROR' });
      },
    },
  ])('keeps nothing of the value quoted by $name', ({ fail }: { fail: () => unknown }) => {
    let logged: unknown;
    try {
      fail();
    } catch (error) {
      logged = loggableError(error);
    }
    expect(logged).toHaveProperty('message');
    expect(JSON.stringify(logged)).not.toMatch(/canary|\\u001b/);
  });
});

describe('errorSummary', () => {
  it.each<{ error: unknown; reason: string }>([
    { error: new Error('out of reach'), reason: 'out of reach' },
    { error: databaseError(), reason: 'Error 23505' },
    {
      error: Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      reason: 'AggregateError ECONNREFUSED',
    },
    { error: 'canary', reason: 'string' },
    { error: undefined, reason: 'undefined' },
  ])('summarizes $error without values', ({ error, reason }) => {
    expect(errorSummary(error)).toBe(reason);
  });
});
