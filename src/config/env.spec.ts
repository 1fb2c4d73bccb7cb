import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ENV_NAMES, EnvironmentError, parseEnv } from './env.js';

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    parseEnv(variables);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

const valuesOf = (variables: Record<string, string>): object =>
  Object.fromEntries(Object.entries(parseEnv(variables)));

const WRONG_PROXIES =
  'true 1 proxy.example 10.0.0.0/33 10.0.0.0/ 10.0.0.0/8/8 false,10.0.0.1'.split(' ');

describe('the defaults', () => {
  it('are as documented', () => {
    expect(valuesOf({})).toEqual({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 3000,
      DATABASE_CONNECT_TIMEOUT: '5s',
      DATABASE_STATEMENT_TIMEOUT: '10s',
      DATABASE_IDLE_IN_TRANSACTION_TIMEOUT: '10s',
      DATABASE_POOL_SIZE: 10,
      DATA_DIR: '.data',
      AUTH_MODE: 'embedded',
      AUTH_TOKEN_TTL: '5m',
      KEY_ROTATION_DAYS: 90,
      TRUSTED_ORIGINS: [],
      TRUST_PROXY: [],
      REQUEST_TIMEOUT: '30s',
      BODY_LIMIT: '256kb',
      HEADER_LIMIT: '16kb',
      RATE_LIMIT: 'on',
      RATE_LIMIT_PER_MINUTE: 600,
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: 120,
      QUOTA_TASKS: 100_000,
      QUOTA_MEGABYTES: 200,
      MAX_CONCURRENT_PER_USER: 4,
      TRASH_RETENTION_DAYS: 30,
      HISTORY_RETENTION_DAYS: 90,
      REQUIRE_IF_MATCH: false,
      LOG_LEVEL: 'info',
      LOG_FORMAT: process.stdout.isTTY ? 'pretty' : 'json',
    });
  });

  it('derive the issuer from the port, and use the audience taskward', () => {
    const { origin, issuer, audience } = parseEnv({ PORT: '4000' });
    const here = 'http://localhost:4000';
    expect({ origin, issuer, audience }).toEqual({
      origin: here,
      issuer: here,
      audience: 'taskward',
    });
  });

  it.each([
    { PORT: '80', origin: 'http://localhost' },
    { PORT: '443', origin: 'http://localhost:443' },
  ])('serialize the origin as browsers do: port $PORT', ({ PORT, origin }) => {
    expect(parseEnv({ PORT }).origin).toBe(origin);
  });

  it('send mail from the public host', () => {
    const { mailFrom } = parseEnv({ PUBLIC_URL: 'https://tasks.example.org:8443' });
    expect(mailFrom).toBe('Taskward <taskward@tasks.example.org>');
    expect(parseEnv({ MAIL_FROM: 'a@example.org' }).mailFrom).toBe('a@example.org');
  });

  it('replace empty values, which Docker Compose passes for unset variables', () => {
    const empty = Object.fromEntries([...ENV_NAMES].map((name) => [name, '']));
    expect(parseEnv(empty)).toEqual(parseEnv({}));
  });

  it('are listed in .env.example, which names every variable exactly once', () => {
    const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const lines = [...text.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)];
    expect(lines.map(([, , name]) => name).sort()).toEqual([...ENV_NAMES].sort());
    const set = lines
      .filter(([, off]) => off === '')
      .map(([, , name = '', value = '']) => [name, value]);
    expect(valuesOf(Object.fromEntries(set) as Record<string, string>)).toEqual(valuesOf({}));
  });
});

describe('a value', () => {
  it.each<{ name: string; value: string; parsed: unknown }>([
    { name: 'PORT', value: '0', parsed: 0 },
    { name: 'PORT', value: '65535', parsed: 65_535 },
    { name: 'HOST', value: '::', parsed: '::' },
    { name: 'REQUIRE_IF_MATCH', value: 'true', parsed: true },
    { name: 'AUTH_TOKEN_TTL', value: '90s', parsed: '90s' },
    { name: 'AUTH_TOKEN_TTL', value: '24h', parsed: '24h' },
    { name: 'AUTH_TOKEN_TTL', value: '1440m', parsed: '1440m' },
    { name: 'AUTH_TOKEN_TTL', value: '86400s', parsed: '86400s' },
    { name: 'KEY_ROTATION_DAYS', value: '1', parsed: 1 },
    { name: 'SMTP_URL', value: 'smtp://mail', parsed: 'smtp://mail' },
    {
      name: 'SMTP_URL',
      value: 'smtps://u:p@h:465?requireTLS=true',
      parsed: 'smtps://u:p@h:465?requireTLS=true',
    },
    { name: 'MAIL_FROM', value: 'Tasks <tasks@example.org>', parsed: 'Tasks <tasks@example.org>' },
    {
      name: 'TRUSTED_ORIGINS',
      value: ' https://a.example , http://b.example:8080,',
      parsed: ['https://a.example', 'http://b.example:8080'],
    },
    { name: 'TRUST_PROXY', value: 'false', parsed: [] },
    {
      name: 'TRUST_PROXY',
      value: 'loopback, 10.0.0.0/8,2001:db8::/32',
      parsed: ['loopback', '10.0.0.0/8', '2001:db8::/32'],
    },
    {
      name: 'DATABASE_URL',
      value: 'postgresql://u:p@h:1/d?sslmode=require',
      parsed: 'postgresql://u:p@h:1/d?sslmode=require',
    },
    { name: 'REDIS_URL', value: 'rediss://h:6380/1', parsed: 'rediss://h:6380/1' },
    { name: 'PUBLIC_URL', value: 'https://tasks.example.org', parsed: 'https://tasks.example.org' },
    {
      name: 'PUBLIC_URL',
      value: 'https://tasks.example.org:443',
      parsed: 'https://tasks.example.org',
    },
    {
      name: 'PUBLIC_URL',
      value: 'http://tasks.example.org:443',
      parsed: 'http://tasks.example.org:443',
    },
    {
      name: 'TRUSTED_ORIGINS',
      value: 'http://a:80, https://b:8443',
      parsed: ['http://a', 'https://b:8443'],
    },
    { name: 'HOST', value: '[::1]', parsed: '::1' },
    { name: 'LOG_LEVEL', value: '  debug\t', parsed: 'debug' },
    {
      name: 'DATABASE_URL',
      value: 'postgres://u:p@/d?host=/cloudsql/a:b:c',
      parsed: 'postgres://u:p@localhost/d?host=/cloudsql/a:b:c',
    },
    {
      name: 'DATABASE_URL',
      value: 'postgres://u:p@h/d?sslmode=disable&schema=mine',
      parsed: 'postgres://u:p@h/d?sslmode=disable',
    },
    { name: 'DATABASE_STATEMENT_TIMEOUT', value: '10m', parsed: '10m' },
    { name: 'BODY_LIMIT', value: '64mb', parsed: '64mb' },
  ])('is parsed: $name=$value', ({ name, value, parsed }) => {
    expect(parseEnv({ [name]: value })).toHaveProperty(name, parsed);
  });

  it.each([
    { name: 'NODE_ENV', value: 'prod' },
    { name: 'NODE_ENV', value: 'test' },
    { name: 'HOST', value: 'a b' },
    { name: 'PORT', value: '65536' },
    { name: 'PORT', value: '-1' },
    { name: 'PORT', value: '3000.5' },
    { name: 'PORT', value: '0x10' },
    { name: 'PORT', value: '1e3' },
    { name: 'PORT', value: 'http' },
    { name: 'PORT', value: ' ' },
    { name: 'PUBLIC_URL', value: 'tasks.example.org' },
    { name: 'PUBLIC_URL', value: 'https://tasks.example.org/' },
    { name: 'PUBLIC_URL', value: 'https://tasks.example.org/app' },
    { name: 'PUBLIC_URL', value: 'https://user:password@tasks.example.org' },
    { name: 'PUBLIC_URL', value: 'ftp://tasks.example.org' },
    { name: 'DATABASE_URL', value: 'mysql://u@h/d' },
    { name: 'DATABASE_URL', value: 'postgres://h' },
    { name: 'DATABASE_URL', value: 'postgres://h/' },
    { name: 'DATABASE_URL', value: 'h:5432/d' },
    { name: 'DATABASE_URL', value: 'postgres://u:p@/d' },
    { name: 'DATABASE_URL', value: 'postgres://u:p@/d?application_name=host=a' },
    { name: 'DATABASE_API_URL', value: 'mysql://u@h/d' },
    { name: 'DATABASE_IDENTITY_URL', value: 'postgres://h' },
    { name: 'DATA_DIR', value: ' ' },
    { name: 'AUTH_MODE', value: 'none' },
    { name: 'AUTH_TOKEN_TTL', value: '5' },
    { name: 'AUTH_TOKEN_TTL', value: '0m' },
    { name: 'AUTH_TOKEN_TTL', value: '5 minutes' },
    { name: 'AUTH_TOKEN_TTL', value: '-5m' },
    { name: 'AUTH_TOKEN_TTL', value: '25h' },
    { name: 'AUTH_TOKEN_TTL', value: '86401s' },
    { name: 'AUTH_TOKEN_TTL', value: '1441m' },
    { name: 'KEY_ROTATION_DAYS', value: '0' },
    { name: 'KEY_ROTATION_DAYS', value: '3651' },
    { name: 'KEY_ROTATION_DAYS', value: '1.5' },
    { name: 'SMTP_URL', value: 'mail.example.org' },
    { name: 'SMTP_URL', value: 'https://mail.example.org' },
    { name: 'SMTP_URL', value: 'direct:' },
    { name: 'MAIL_FROM', value: 'Tasks' },
    { name: 'MAIL_FROM', value: 'a@example.org\r\nBcc: b@example.org' },
    { name: 'BETTER_AUTH_SECRET_PREVIOUS', value: 'too short' },
    { name: 'TRUSTED_ORIGINS', value: '*' },
    { name: 'TRUSTED_ORIGINS', value: 'https://*.example.org' },
    { name: 'TRUSTED_ORIGINS', value: 'https://a.example,https://b.example/' },
    ...WRONG_PROXIES.map((value) => ({ name: 'TRUST_PROXY', value })),
    { name: 'DATABASE_CONNECT_TIMEOUT', value: '0s' },
    { name: 'DATABASE_STATEMENT_TIMEOUT', value: '11m' },
    { name: 'DATABASE_IDLE_IN_TRANSACTION_TIMEOUT', value: '500ms' },
    { name: 'DATABASE_POOL_SIZE', value: '0' },
    { name: 'DATABASE_POOL_SIZE', value: '1' },
    { name: 'REQUEST_TIMEOUT', value: '30' },
    { name: 'BODY_LIMIT', value: '0kb' },
    { name: 'BODY_LIMIT', value: '65mb' },
    { name: 'BODY_LIMIT', value: '1024' },
    { name: 'HEADER_LIMIT', value: '16KB' },
    { name: 'RATE_LIMIT', value: 'false' },
    { name: 'RATE_LIMIT_PER_MINUTE', value: '0' },
    { name: 'RATE_LIMIT_ANONYMOUS_PER_MINUTE', value: 'many' },
    { name: 'MAX_CONCURRENT_PER_USER', value: '0' },
    { name: 'REDIS_URL', value: 'http://h:6379' },
    { name: 'QUOTA_TASKS', value: '-1' },
    { name: 'QUOTA_MEGABYTES', value: '0.5' },
    { name: 'TRASH_RETENTION_DAYS', value: '0' },
    { name: 'TRASH_RETENTION_DAYS', value: '3651' },
    { name: 'HISTORY_RETENTION_DAYS', value: '0' },
    { name: 'REQUIRE_IF_MATCH', value: 'yes' },
    { name: 'LOG_LEVEL', value: 'verbose' },
    { name: 'LOG_FORMAT', value: 'xml' },
    { name: 'BETTER_AUTH_SECRET', value: 'too short' },
  ])('is rejected by the name of its variable: $name=$value', ({ name, value }) => {
    const problems = problemsOf({ [name]: value });
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem.startsWith(`${name} `)).toBe(true);
  });

  it('is rejected together with all others in one message, which contains no secret', () => {
    const variables = {
      PORT: 'x',
      AUTH_MODE: 'jwks',
      DATABASE_URL: 'mysql://u:hunter2@h/d',
      BETTER_AUTH_SECRET: 'hunter2',
      TRUSTED_ORIGINS: '*',
    };
    const { message } = new EnvironmentError(problemsOf(variables));
    const required = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'];
    const wrong = Object.keys(variables).filter((name) => name !== 'AUTH_MODE');
    for (const name of [...wrong, ...required]) expect(message).toContain(`  ${name} `);
    expect(message).not.toContain('hunter2');
  });

  it('is converted to seconds if it is a lifetime', () => {
    const seconds = ['90s', '5m', '2h'].map(
      (ttl) => parseEnv({ AUTH_TOKEN_TTL: ttl }).tokenTtlSeconds,
    );
    expect(seconds).toEqual([90, 300, 7200]);
  });

  it('of an unknown variable is ignored', () => {
    expect(problemsOf({ PATH: '/bin', __proto__: 'x', constructor: 'y', origin: 'z' })).toEqual([]);
  });
});
