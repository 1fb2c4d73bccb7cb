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
  it.each<{ name: string; variables: Record<string, string> }>([
    { name: 'embedded', variables: {} },
    {
      name: 'embedded with a custom issuer and audience',
      variables: { AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' },
    },
    { name: 'jwks', variables: JWKS },
    { name: 'secret', variables: SECRET_MODE },
    { name: 'production', variables: PRODUCTION },
    {
      name: 'a secret that replaces another',
      variables: { ...PRODUCTION, BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    },
    {
      name: 'a secret that replaces another, in mode secret',
      variables: { ...SECRET_MODE, BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    },
    {
      name: 'production with mail',
      variables: { ...PRODUCTION, SMTP_URL: 'smtps://h', MAIL_FROM: 'a@example.org' },
    },
    {
      name: 'production behind TLS',
      variables: { ...PRODUCTION, PUBLIC_URL: 'https://tasks.example.org' },
    },
    {
      name: 'production with certificate verification',
      variables: { ...PRODUCTION, NODE_TLS_REJECT_UNAUTHORIZED: '1' },
    },
    {
      name: 'development without certificate verification',
      variables: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    },
    {
      name: 'production on loopback',
      variables: { ...PRODUCTION, PUBLIC_URL: 'http://127.0.0.1:3000' },
    },
    {
      name: 'separate logins',
      variables: {
        DATABASE_URL: 'postgres://h/d',
        DATABASE_API_URL: 'postgres://a@pooler/d',
        DATABASE_IDENTITY_URL: 'postgres://i@pooler/d',
      },
    },
    { name: 'metrics on a port of their own', variables: { METRICS_PORT: '9464' } },
    { name: 'metrics on a free port', variables: { PORT: '0', METRICS_PORT: '0' } },
    {
      name: 'metrics on the same port of another address',
      variables: { HOST: '10.0.0.1', PORT: '3000', METRICS_HOST: '::1', METRICS_PORT: '3000' },
    },
    { name: 'production with jwks', variables: { ...JWKS, NODE_ENV: 'production' } },
    {
      name: 'production with a key set on loopback',
      variables: { ...JWKS, NODE_ENV: 'production', AUTH_JWKS_URL: 'http://[::1]:1/jwks' },
    },
    {
      name: 'a key set on a bare host name, in development',
      variables: { ...JWKS, AUTH_JWKS_URL: 'http://issuer:3000/api/auth/jwks' },
    },
  ])('are accepted: $name', ({ variables }) => {
    expect(problemsOf(variables)).toEqual([]);
  });

  it.each<{ name: string; why: string; variables: Record<string, string> }>([
    {
      name: 'BETTER_AUTH_SECRET',
      why: 'is required in production',
      variables: { NODE_ENV: 'production' },
    },
    {
      name: 'BETTER_AUTH_SECRET',
      why: 'is required by AUTH_MODE=secret',
      variables: { ...SECRET_MODE, BETTER_AUTH_SECRET: '' },
    },
    {
      name: 'BETTER_AUTH_SECRET',
      why: 'is refused with AUTH_MODE=jwks',
      variables: { ...JWKS, BETTER_AUTH_SECRET: SECRET },
    },
    {
      name: 'DATABASE_API_URL',
      why: 'is refused without DATABASE_URL',
      variables: { DATABASE_API_URL: 'postgres://a@h/d' },
    },
    {
      name: 'DATABASE_IDENTITY_URL',
      why: 'is refused without DATABASE_URL',
      variables: { DATABASE_IDENTITY_URL: 'postgres://a@h/d' },
    },
    {
      name: 'METRICS_HOST',
      why: 'is refused without METRICS_PORT',
      variables: { METRICS_HOST: '127.0.0.1' },
    },
    {
      name: 'METRICS_PORT',
      why: 'must not be the PORT',
      variables: { PORT: '3000', METRICS_PORT: '3000' },
    },
    {
      name: 'AUTH_JWKS_URL',
      why: 'is required by AUTH_MODE=jwks',
      variables: { ...JWKS, AUTH_JWKS_URL: '' },
    },
    {
      name: 'AUTH_JWKS_URL',
      why: 'is refused with AUTH_MODE=embedded',
      variables: { AUTH_JWKS_URL: 'https://a.example/jwks' },
    },
    {
      name: 'AUTH_JWKS_URL',
      why: 'is refused with AUTH_MODE=secret',
      variables: { ...SECRET_MODE, AUTH_JWKS_URL: 'https://a.example/jwks' },
    },
    {
      name: 'AUTH_JWKS_URL',
      why: 'must be an http or https URL',
      variables: { ...JWKS, AUTH_JWKS_URL: 'file:///keys.json' },
    },
    {
      name: 'AUTH_JWKS_URL',
      why: 'must be https in production',
      variables: { ...JWKS, NODE_ENV: 'production', AUTH_JWKS_URL: 'http://issuer.example/jwks' },
    },
    {
      name: 'BETTER_AUTH_SECRET_PREVIOUS',
      why: 'is refused without BETTER_AUTH_SECRET',
      variables: { BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    },
    {
      name: 'BETTER_AUTH_SECRET_PREVIOUS',
      why: 'is refused without BETTER_AUTH_SECRET',
      variables: { ...JWKS, BETTER_AUTH_SECRET_PREVIOUS: OTHER },
    },
    {
      name: 'SMTP_URL',
      why: 'is refused with AUTH_MODE=jwks',
      variables: { ...JWKS, SMTP_URL: 'smtp://mail' },
    },
    {
      name: 'MAIL_FROM',
      why: 'is refused with AUTH_MODE=secret',
      variables: { ...SECRET_MODE, MAIL_FROM: 'a@b.example' },
    },
    {
      name: 'BETTER_AUTH_SECRETS',
      why: 'is not supported: set BETTER_AUTH_SECRET and BETTER_AUTH_SECRET_PREVIOUS',
      variables: { BETTER_AUTH_SECRETS: `1:${SECRET}` },
    },
    {
      name: 'BETTER_AUTH_TRUSTED_ORIGINS',
      why: 'is not supported: set TRUSTED_ORIGINS',
      variables: { BETTER_AUTH_TRUSTED_ORIGINS: 'https://a.example' },
    },
    {
      name: 'BETTER_AUTH_TELEMETRY',
      why: 'is not supported',
      variables: { BETTER_AUTH_TELEMETRY: '1' },
    },
    {
      name: 'NODE_TLS_REJECT_UNAUTHORIZED',
      why: 'is refused in production: set NODE_EXTRA_CA_CERTS',
      variables: { ...PRODUCTION, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    },
    {
      name: 'AUTH_ISSUER',
      why: 'is required by AUTH_MODE=jwks',
      variables: { ...JWKS, AUTH_ISSUER: '' },
    },
    {
      name: 'AUTH_AUDIENCE',
      why: 'is required by AUTH_MODE=secret',
      variables: { ...SECRET_MODE, AUTH_AUDIENCE: '' },
    },
    {
      name: 'PUBLIC_URL',
      why: 'must be https in production',
      variables: { ...PRODUCTION, PUBLIC_URL: 'http://tasks.example.org' },
    },
    {
      name: 'PUBLIC_URL',
      why: 'must be https in production',
      variables: { ...PRODUCTION, PUBLIC_URL: 'http://localhost.evil.example' },
    },
  ])('are rejected: $name $why', ({ name, why, variables }) => {
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
