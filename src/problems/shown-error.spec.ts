import { describe, expect, it } from '@jest/globals';
import { shownError, shownReason } from './shown-error.js';

const databaseError = () =>
  Object.assign(new Error('duplicate key value violates unique constraint "user_email_key"'), {
    severity: 'ERROR',
    code: '23505',
    detail: 'Key (email)=(canary) already exists.',
    where: 'canary',
    constraint: 'user_email_key',
    table: 'user',
  });

describe('an error in the log', () => {
  it('has the names that PostgreSQL gives, and no values', () => {
    expect(shownError(new Error('failed', { cause: databaseError() }))).toMatchObject({
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
    ['of JSON', () => JSON.parse('canary') as unknown],
    ['of a URL', () => new URL('//canary')],
    ['of a header', () => new Headers({ 'x-a': 'canary\u0000' })],
    [
      'with lines that look like a stack',
      () => {
        throw new Error('failed\n    at canary (/canary:1:1)\u001b[31m');
      },
    ],
    [
      'whose name is no name',
      () => {
        throw Object.assign(new Error('failed'), { name: 'canary\nERROR' });
      },
    ],
  ])('%s holds nothing of the value', (_, fail: () => unknown) => {
    let logged: unknown;
    try {
      fail();
    } catch (error) {
      logged = shownError(error);
    }
    expect(logged).toHaveProperty('message');
    expect(JSON.stringify(logged)).not.toMatch(/canary|\\u001b/);
  });
});

describe('the reason of a failure in the log', () => {
  it.each<[unknown, string]>([
    [new Error('out of reach'), 'out of reach'],
    [databaseError(), 'Error 23505'],
    [
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      'AggregateError ECONNREFUSED',
    ],
    ['canary', 'string'],
    [undefined, 'undefined'],
  ])('is that of %p, without values', (error, reason) => {
    expect(shownReason(error)).toBe(reason);
  });
});
