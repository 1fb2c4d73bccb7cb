import { describe, expect, it } from '@jest/globals';
import { EnvironmentError, parseEnv } from './env.js';

const SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';
const OTHER = 'q7Wm2xV9tR4bN8cL1zK6pD3sF5gH0jYe';
const JWKS = {
  AUTH_MODE: 'jwks',
  AUTH_JWKS_URL: 'https://issuer.example/jwks',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'taskward',
};
const SECRET_MODE = {
  AUTH_MODE: 'secret',
  BETTER_AUTH_SECRET: SECRET,
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'taskward',
};
const PRODUCTION = { NODE_ENV: 'production', BETTER_AUTH_SECRET: SECRET };

function problemsOf(variables: Record<string, string>): readonly string[] {
  try {
    parseEnv(variables);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('a secret', () => {
  it.each([
    'change-me-change-me-change-me-change-me',
    'ChangeMe0123456789abcdefghijklmnopqrstuvw',
    'your-secret-here-0123456789-abcdefghijkl',
    'placeholder-0123456789-abcdefghijklmnop',
    'better-auth-secret-12345678901234567890',
    'my-example-0123456789-abcdefghijklmnopq',
    'password0123456789abcdefghijklmnopqrstuv',
    'a'.repeat(64),
    'abcabcabcabcabcabcabcabcabcabcabcabcabc',
    'x'.repeat(40),
    'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0f',
  ])('is refused when it is weak: %s', (secret) => {
    expect(problemsOf({ BETTER_AUTH_SECRET: secret })).toEqual([
      expect.stringMatching(
        /^BETTER_AUTH_SECRET (must be at least|is a placeholder|is too uniform)/,
      ),
    ]);
  });

  it.each([SECRET, 'é9sQ2mX7pL1rT8wYc3nB6hJ5gD0fAZk4v'.slice(0, 31)])(
    'is accepted: %s',
    (secret) => {
      expect(problemsOf({ BETTER_AUTH_SECRET: secret })).toEqual([]);
    },
  );
});

describe('combinations of variables', () => {
  it.each<[string, Record<string, string>]>([
    ['embedded', {}],
    ['embedded with a custom issuer and audience', { AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' }],
    ['jwks', JWKS],
    ['secret', SECRET_MODE],
    ['production', PRODUCTION],
    ['a secret that replaces another', { ...PRODUCTION, BETTER_AUTH_SECRET_PREVIOUS: OTHER }],
    [
      'a secret that replaces another, in mode secret',
      { ...SECRET_MODE, BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    ],
    ['production with mail', { ...PRODUCTION, SMTP_URL: 'smtps://h', MAIL_FROM: 'a@example.org' }],
    ['production behind TLS', { ...PRODUCTION, PUBLIC_URL: 'https://tasks.example.org' }],
    [
      'production with certificate verification',
      { ...PRODUCTION, NODE_TLS_REJECT_UNAUTHORIZED: '1' },
    ],
    ['development without certificate verification', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
    ['production on loopback', { ...PRODUCTION, PUBLIC_URL: 'http://127.0.0.1:3000' }],
    [
      'separate logins',
      {
        DATABASE_URL: 'postgres://h/d',
        DATABASE_API_URL: 'postgres://a@pooler/d',
        DATABASE_IDENTITY_URL: 'postgres://i@pooler/d',
      },
    ],
    ['production with jwks', { ...JWKS, NODE_ENV: 'production' }],
    [
      'production with a key set on loopback',
      { ...JWKS, NODE_ENV: 'production', AUTH_JWKS_URL: 'http://[::1]:1/jwks' },
    ],
    [
      'a key set on a bare host name, in development',
      { ...JWKS, AUTH_JWKS_URL: 'http://issuer:3000/api/auth/jwks' },
    ],
  ])('are accepted: %s', (_, variables) => {
    expect(problemsOf(variables)).toEqual([]);
  });

  it.each<[name: string, why: string, variables: Record<string, string>]>([
    ['BETTER_AUTH_SECRET', 'is required in production', { NODE_ENV: 'production' }],
    [
      'BETTER_AUTH_SECRET',
      'is required by AUTH_MODE=secret',
      { ...SECRET_MODE, BETTER_AUTH_SECRET: '' },
    ],
    [
      'BETTER_AUTH_SECRET',
      'is refused with AUTH_MODE=jwks',
      { ...JWKS, BETTER_AUTH_SECRET: SECRET },
    ],
    [
      'DATABASE_API_URL',
      'is refused without DATABASE_URL',
      { DATABASE_API_URL: 'postgres://a@h/d' },
    ],
    [
      'DATABASE_IDENTITY_URL',
      'is refused without DATABASE_URL',
      { DATABASE_IDENTITY_URL: 'postgres://a@h/d' },
    ],
    ['AUTH_JWKS_URL', 'is required by AUTH_MODE=jwks', { ...JWKS, AUTH_JWKS_URL: '' }],
    [
      'AUTH_JWKS_URL',
      'is refused with AUTH_MODE=embedded',
      { AUTH_JWKS_URL: 'https://a.example/jwks' },
    ],
    [
      'AUTH_JWKS_URL',
      'is refused with AUTH_MODE=secret',
      { ...SECRET_MODE, AUTH_JWKS_URL: 'https://a.example/jwks' },
    ],
    [
      'AUTH_JWKS_URL',
      'must be an http or https URL',
      { ...JWKS, AUTH_JWKS_URL: 'file:///keys.json' },
    ],
    [
      'AUTH_JWKS_URL',
      'must be https in production',
      { ...JWKS, NODE_ENV: 'production', AUTH_JWKS_URL: 'http://issuer.example/jwks' },
    ],
    [
      'BETTER_AUTH_SECRET_PREVIOUS',
      'is refused without BETTER_AUTH_SECRET',
      { BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    ],
    [
      'BETTER_AUTH_SECRET_PREVIOUS',
      'is refused without BETTER_AUTH_SECRET',
      { ...JWKS, BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    ],
    ['SMTP_URL', 'is refused with AUTH_MODE=jwks', { ...JWKS, SMTP_URL: 'smtp://mail' }],
    ['MAIL_FROM', 'is refused with AUTH_MODE=secret', { ...SECRET_MODE, MAIL_FROM: 'a@b.example' }],
    [
      'BETTER_AUTH_SECRETS',
      'is not supported: set BETTER_AUTH_SECRET and BETTER_AUTH_SECRET_PREVIOUS',
      { BETTER_AUTH_SECRETS: `1:${SECRET}` },
    ],
    [
      'BETTER_AUTH_TRUSTED_ORIGINS',
      'is not supported: set TRUSTED_ORIGINS',
      { BETTER_AUTH_TRUSTED_ORIGINS: 'https://a.example' },
    ],
    ['BETTER_AUTH_TELEMETRY', 'is not supported', { BETTER_AUTH_TELEMETRY: '1' }],
    [
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'is refused in production: set NODE_EXTRA_CA_CERTS',
      { ...PRODUCTION, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    ],
    ['AUTH_ISSUER', 'is required by AUTH_MODE=jwks', { ...JWKS, AUTH_ISSUER: '' }],
    ['AUTH_AUDIENCE', 'is required by AUTH_MODE=secret', { ...SECRET_MODE, AUTH_AUDIENCE: '' }],
    [
      'PUBLIC_URL',
      'must be https in production',
      { ...PRODUCTION, PUBLIC_URL: 'http://tasks.example.org' },
    ],
    [
      'PUBLIC_URL',
      'must be https in production',
      { ...PRODUCTION, PUBLIC_URL: 'http://localhost.evil.example' },
    ],
  ])('are rejected: %s %s', (name, why, variables) => {
    expect(problemsOf(variables)).toEqual([expect.stringContaining(`${name} ${why}`)]);
  });
});

describe('variables that the embedded Better Auth would read', () => {
  it('are ignored when there is none', () => {
    const variables = { BETTER_AUTH_TRUSTED_ORIGINS: 'https://a.example' };
    expect(() => parseEnv({ ...JWKS, ...variables })).not.toThrow();
    expect(() => parseEnv(variables)).toThrow('BETTER_AUTH_TRUSTED_ORIGINS is not supported');
  });
});
