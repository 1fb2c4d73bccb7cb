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
    ['80', 'http://localhost'],
    ['443', 'http://localhost:443'],
  ])('serialize the origin as browsers do: port %s', (PORT, origin) => {
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
  it.each<[name: string, value: string, parsed: unknown]>([
    ['PORT', '0', 0],
    ['PORT', '65535', 65_535],
    ['HOST', '::', '::'],
    ['REQUIRE_IF_MATCH', 'true', true],
    ['AUTH_TOKEN_TTL', '90s', '90s'],
    ['AUTH_TOKEN_TTL', '24h', '24h'],
    ['AUTH_TOKEN_TTL', '1440m', '1440m'],
    ['AUTH_TOKEN_TTL', '86400s', '86400s'],
    ['KEY_ROTATION_DAYS', '1', 1],
    ['SMTP_URL', 'smtp://mail', 'smtp://mail'],
    ['SMTP_URL', 'smtps://u:p@h:465?requireTLS=true', 'smtps://u:p@h:465?requireTLS=true'],
    ['MAIL_FROM', 'Tasks <tasks@example.org>', 'Tasks <tasks@example.org>'],
    [
      'TRUSTED_ORIGINS',
      ' https://a.example , http://b.example:8080,',
      ['https://a.example', 'http://b.example:8080'],
    ],
    ['TRUST_PROXY', 'false', []],
    [
      'TRUST_PROXY',
      'loopback, 10.0.0.0/8,2001:db8::/32',
      ['loopback', '10.0.0.0/8', '2001:db8::/32'],
    ],
    [
      'DATABASE_URL',
      'postgresql://u:p@h:1/d?sslmode=require',
      'postgresql://u:p@h:1/d?sslmode=require',
    ],
    ['REDIS_URL', 'rediss://h:6380/1', 'rediss://h:6380/1'],
    ['PUBLIC_URL', 'https://tasks.example.org', 'https://tasks.example.org'],
    ['PUBLIC_URL', 'https://tasks.example.org:443', 'https://tasks.example.org'],
    ['PUBLIC_URL', 'http://tasks.example.org:443', 'http://tasks.example.org:443'],
    ['TRUSTED_ORIGINS', 'http://a:80, https://b:8443', ['http://a', 'https://b:8443']],
    ['HOST', '[::1]', '::1'],
    ['LOG_LEVEL', '  debug\t', 'debug'],
    [
      'DATABASE_URL',
      'postgres://u:p@/d?host=/cloudsql/a:b:c',
      'postgres://u:p@localhost/d?host=/cloudsql/a:b:c',
    ],
    [
      'DATABASE_URL',
      'postgres://u:p@h/d?sslmode=disable&schema=mine',
      'postgres://u:p@h/d?sslmode=disable',
    ],
    ['DATABASE_STATEMENT_TIMEOUT', '10m', '10m'],
    ['BODY_LIMIT', '64mb', '64mb'],
  ])('is parsed: %s=%s', (name, value, parsed) => {
    expect(parseEnv({ [name]: value })).toHaveProperty(name, parsed);
  });

  it.each([
    ['NODE_ENV', 'prod'],
    ['NODE_ENV', 'test'],
    ['HOST', 'a b'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', '0x10'],
    ['PORT', '1e3'],
    ['PORT', 'http'],
    ['PORT', ' '],
    ['PUBLIC_URL', 'tasks.example.org'],
    ['PUBLIC_URL', 'https://tasks.example.org/'],
    ['PUBLIC_URL', 'https://tasks.example.org/app'],
    ['PUBLIC_URL', 'https://user:password@tasks.example.org'],
    ['PUBLIC_URL', 'ftp://tasks.example.org'],
    ['DATABASE_URL', 'mysql://u@h/d'],
    ['DATABASE_URL', 'postgres://h'],
    ['DATABASE_URL', 'postgres://h/'],
    ['DATABASE_URL', 'h:5432/d'],
    ['DATABASE_URL', 'postgres://u:p@/d'],
    ['DATABASE_URL', 'postgres://u:p@/d?application_name=host=a'],
    ['DATABASE_API_URL', 'mysql://u@h/d'],
    ['DATABASE_IDENTITY_URL', 'postgres://h'],
    ['DATA_DIR', ' '],
    ['AUTH_MODE', 'none'],
    ['AUTH_TOKEN_TTL', '5'],
    ['AUTH_TOKEN_TTL', '0m'],
    ['AUTH_TOKEN_TTL', '5 minutes'],
    ['AUTH_TOKEN_TTL', '-5m'],
    ['AUTH_TOKEN_TTL', '25h'],
    ['AUTH_TOKEN_TTL', '86401s'],
    ['AUTH_TOKEN_TTL', '1441m'],
    ['KEY_ROTATION_DAYS', '0'],
    ['KEY_ROTATION_DAYS', '3651'],
    ['KEY_ROTATION_DAYS', '1.5'],
    ['SMTP_URL', 'mail.example.org'],
    ['SMTP_URL', 'https://mail.example.org'],
    ['SMTP_URL', 'direct:'],
    ['MAIL_FROM', 'Tasks'],
    ['MAIL_FROM', 'a@example.org\r\nBcc: b@example.org'],
    ['BETTER_AUTH_SECRET_PREVIOUS', 'too short'],
    ['TRUSTED_ORIGINS', '*'],
    ['TRUSTED_ORIGINS', 'https://*.example.org'],
    ['TRUSTED_ORIGINS', 'https://a.example,https://b.example/'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '1'],
    ['TRUST_PROXY', 'proxy.example'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
    ['TRUST_PROXY', 'false,10.0.0.1'],
    ['DATABASE_CONNECT_TIMEOUT', '0s'],
    ['DATABASE_STATEMENT_TIMEOUT', '11m'],
    ['DATABASE_IDLE_IN_TRANSACTION_TIMEOUT', '500ms'],
    ['DATABASE_POOL_SIZE', '0'],
    ['REQUEST_TIMEOUT', '30'],
    ['BODY_LIMIT', '0kb'],
    ['BODY_LIMIT', '65mb'],
    ['BODY_LIMIT', '1024'],
    ['HEADER_LIMIT', '16KB'],
    ['RATE_LIMIT', 'false'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['RATE_LIMIT_ANONYMOUS_PER_MINUTE', 'many'],
    ['MAX_CONCURRENT_PER_USER', '0'],
    ['REDIS_URL', 'http://h:6379'],
    ['QUOTA_TASKS', '-1'],
    ['QUOTA_MEGABYTES', '0.5'],
    ['TRASH_RETENTION_DAYS', '0'],
    ['TRASH_RETENTION_DAYS', '3651'],
    ['REQUIRE_IF_MATCH', 'yes'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_FORMAT', 'xml'],
    ['BETTER_AUTH_SECRET', 'too short'],
  ])('is rejected by the name of its variable: %s=%s', (name, value) => {
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
