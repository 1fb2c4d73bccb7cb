import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problems/problem.js';
import { isOutage, orUnavailable } from './outage.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('an outage', () => {
  it.each<{ name: string; error: unknown }>([
    { name: 'connection failure', error: withCode('08006') },
    { name: 'too many connections', error: withCode('53300') },
    { name: 'out of memory', error: withCode('53200') },
    { name: 'administrator shutdown', error: withCode('57P01') },
    { name: 'still starting', error: withCode('57P03') },
    { name: 'statement timeout', error: withCode('57014') },
    { name: 'lock timeout', error: withCode('55P03') },
    { name: 'idle transaction ended', error: withCode('25P03') },
    { name: 'read-only after a failover', error: withCode('25006') },
    { name: 'a conflict that did not end', error: withCode('40001') },
    { name: 'a deadlock that did not end', error: withCode('40P01') },
    { name: 'connection refused', error: withCode('ECONNREFUSED') },
    { name: 'connection reset', error: withCode('ECONNRESET') },
    { name: 'unknown host', error: withCode('ENOTFOUND') },
    { name: 'broken pipe', error: withCode('EPIPE') },
    { name: 'pool exhausted', error: new Error('timeout exceeded when trying to connect') },
    {
      name: 'connection timeout',
      error: new Error('Connection terminated due to connection timeout'),
    },
    { name: 'connection lost', error: new Error('Connection terminated unexpectedly') },
    {
      name: 'dead client',
      error: new Error('Client has encountered a connection error and is not queryable'),
    },
    {
      name: 'inside of another error',
      error: new Error('driver', { cause: withCode('ECONNREFUSED') }),
    },
    {
      name: 'two levels inside',
      error: new Error('a', { cause: new Error('b', { cause: withCode('57P01') }) }),
    },
    {
      name: 'several addresses refused',
      error: Object.assign(new AggregateError([withCode('ECONNREFUSED')]), {
        code: 'ECONNREFUSED',
      }),
    },
  ])('is: $name', ({ error }) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each<{ name: string; error: unknown }>([
    { name: 'unique violation', error: withCode('23505') },
    { name: 'row-level security', error: withCode('42501') },
    { name: 'syntax error', error: withCode('42601') },
    { name: 'division by zero', error: withCode('22012') },
    { name: 'a plain error', error: new Error('x') },
    { name: 'an error of the file system', error: withCode('ENOENT') },
    { name: 'a number as code', error: Object.assign(new Error('x'), { code: 8006 }) },
    { name: 'no error', error: '08006' },
    { name: 'nothing', error: undefined },
    { name: 'a cause that is none', error: new Error('x', { cause: 'ECONNREFUSED' }) },
    { name: 'a text that speaks of one in a longer code', error: withCode('X08006') },
  ])('is not: $name', ({ error }) => {
    expect(isOutage(error)).toBe(false);
  });
});

describe('orUnavailable', () => {
  it('gives what the work gives', async () => {
    await expect(orUnavailable(() => Promise.resolve(1))).resolves.toBe(1);
  });

  it('makes a problem of an outage, with Retry-After and the cause', async () => {
    const cause = withCode('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:5432');
    const [outcome] = await Promise.allSettled([orUnavailable(() => Promise.reject(cause))]);
    const problem = (outcome as PromiseRejectedResult).reason as Problem;
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: 'database_unavailable', status: 503, cause });
    expect(problem.headers).toHaveProperty('retry-after');
    expect(JSON.stringify(problem.body('/', 'id'))).not.toContain('10.0.0.1');
  });

  it('leaves other errors, and problems, as they are', async () => {
    for (const error of [withCode('23505'), new Problem('task_not_found', 'x')]) {
      await expect(orUnavailable(() => Promise.reject(error))).rejects.toBe(error);
    }
  });
});
