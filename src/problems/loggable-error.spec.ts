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
    ['a JSON parser', () => JSON.parse('canary') as unknown],
    ['a URL parser', () => new URL('//canary')],
    ['a header', () => new Headers({ 'x-a': 'canary\u0000' })],
    [
      'a message with lines that look like a stack',
      () => {
        throw new Error('failed\n    at canary (/canary:1:1)\u001b[31m');
      },
    ],
    [
      'an invalid name',
      () => {
        throw Object.assign(new Error('failed'), { name: 'canary\nERROR' });
      },
    ],
  ])('keeps nothing of the value quoted by %s', (_, fail: () => unknown) => {
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
  it.each<[unknown, string]>([
    [new Error('out of reach'), 'out of reach'],
    [databaseError(), 'Error 23505'],
    [
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      'AggregateError ECONNREFUSED',
    ],
    ['canary', 'string'],
    [undefined, 'undefined'],
  ])('summarizes %p without values', (error, reason) => {
    expect(errorSummary(error)).toBe(reason);
  });
});
