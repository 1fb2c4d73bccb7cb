import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problems/problem.js';
import { isOutage, orUnavailable } from './outage.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('an outage', () => {
  it.each<[string, unknown]>([
    ['connection failure', withCode('08006')],
    ['too many connections', withCode('53300')],
    ['out of memory', withCode('53200')],
    ['administrator shutdown', withCode('57P01')],
    ['still starting', withCode('57P03')],
    ['statement timeout', withCode('57014')],
    ['lock timeout', withCode('55P03')],
    ['idle transaction ended', withCode('25P03')],
    ['read-only after a failover', withCode('25006')],
    ['a conflict that did not end', withCode('40001')],
    ['a deadlock that did not end', withCode('40P01')],
    ['connection refused', withCode('ECONNREFUSED')],
    ['connection reset', withCode('ECONNRESET')],
    ['unknown host', withCode('ENOTFOUND')],
    ['broken pipe', withCode('EPIPE')],
    ['pool exhausted', new Error('timeout exceeded when trying to connect')],
    ['connection timeout', new Error('Connection terminated due to connection timeout')],
    ['connection lost', new Error('Connection terminated unexpectedly')],
    ['dead client', new Error('Client has encountered a connection error and is not queryable')],
    ['inside of another error', new Error('driver', { cause: withCode('ECONNREFUSED') })],
    ['two levels inside', new Error('a', { cause: new Error('b', { cause: withCode('57P01') }) })],
    [
      'several addresses refused',
      Object.assign(new AggregateError([withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
    ],
  ])('is: %s', (_, error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['unique violation', withCode('23505')],
    ['row-level security', withCode('42501')],
    ['syntax error', withCode('42601')],
    ['division by zero', withCode('22012')],
    ['a plain error', new Error('x')],
    ['an error of the file system', withCode('ENOENT')],
    ['a number as code', Object.assign(new Error('x'), { code: 8006 })],
    ['no error', '08006'],
    ['nothing', undefined],
    ['a cause that is none', new Error('x', { cause: 'ECONNREFUSED' })],
    ['a text that speaks of one in a longer code', withCode('X08006')],
  ])('is not: %s', (_, error) => {
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
