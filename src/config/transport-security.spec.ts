import { describe, expect, it } from '@jest/globals';
import { EnvironmentError, parseEnv } from './env.js';

const BETTER_AUTH_SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    parseEnv({ NODE_ENV: 'production', BETTER_AUTH_SECRET, ...variables });
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('a database off the loopback interface', () => {
  const name = 'DATABASE_URL';

  it.each([
    'postgres://u:p@db:5432/d',
    'postgres://u:p@10.0.0.5/d',
    'postgres://u:p@localhost/d?host=db.example',
    'postgres://u:p@db/d?sslmode=prefer',
    'postgres://u:p@db/d?sslmode=allow',
    'postgres://u:p@db/d?sslmode=',
  ])('is rejected in production if TLS is not mentioned: %s', (url) => {
    const expected = expect.stringMatching(/^DATABASE_URL must use TLS in production/);
    expect(problemsOf({ [name]: url })).toEqual([expected]);
    expect(problemsOf({ [name]: url }).join()).not.toContain('u:p');
    expect(problemsOf({ [name]: url, NODE_ENV: 'development' })).toEqual([]);
  });

  it.each([
    'postgres://u:p@db/d?sslmode=require',
    'postgres://u:p@db/d?sslmode=verify-full&options=-c%20a%3Db',
    'postgres://u:p@db/d?sslmode=disable',
    'postgres://u:p@localhost/d',
    'postgres://u:p@127.0.0.1:5432/d',
    'postgres://u:p@[::1]/d',
    'postgres://u:p@localhost/d?host=/run/postgresql',
  ])('is accepted: %s', (url) => {
    expect(problemsOf({ [name]: url })).toEqual([]);
  });

  it.each(['DATABASE_API_URL', 'DATABASE_IDENTITY_URL'])('is rejected as %s as well', (each) => {
    const variables = { [name]: 'postgres://u@localhost/d', [each]: 'postgres://a@pooler/d' };
    expect(problemsOf(variables)).toEqual([expect.stringMatching(`^${each} must use TLS`)]);
  });

  it('is reported once if it has another scheme', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://a@b/c' })).toEqual([
      expect.stringMatching('^DATABASE_URL must look like'),
    ]);
  });
});

describe('a Redis off the loopback interface', () => {
  it.each([
    { url: 'redis://cache:6379', refused: true },
    { url: 'redis://cache:6379?tls=on', refused: true },
    { url: 'rediss://cache:6379?tls=off', refused: true },
    { url: 'redis://cache:6379?tls=off', refused: false },
    { url: 'rediss://cache:6379', refused: false },
    { url: 'redis://127.0.0.1:6379', refused: false },
  ])('$url is rejected in production: $refused', ({ url, refused }) => {
    const names = problemsOf({ REDIS_URL: url }).map((problem) => problem.split(' ')[0]);
    expect(names).toEqual(refused ? ['REDIS_URL'] : []);
  });
});

describe('a service that others can reach', () => {
  it.each([
    { variables: {}, isLocal: true },
    { variables: { HOST: '::1', PUBLIC_URL: 'http://127.0.0.1:3000' }, isLocal: true },
    { variables: { HOST: '0.0.0.0' }, isLocal: false },
    { variables: { PUBLIC_URL: 'https://tasks.example.org' }, isLocal: false },
  ])('is recognized by HOST and PUBLIC_URL: $variables', ({ variables, isLocal }) => {
    expect(parseEnv({ BETTER_AUTH_SECRET, ...variables }).isLocal).toBe(isLocal);
  });
});
