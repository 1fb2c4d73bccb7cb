import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { send, userWith } from '../support/client.js';
import {
  AUDIENCE,
  claims,
  createKey,
  ISSUER,
  jwksMode,
  KeySetServer,
  now,
  SECRET,
  SECRET_MODE,
  sign,
  signWithSecret,
} from '../support/tokens.js';

type Sign = (payload?: Record<string, unknown>) => Promise<string>;

const keySet = new KeySetServer();
let key: Awaited<ReturnType<typeof createKey>>;
let app: TestApp;

beforeAll(async () => {
  key = await createKey('first');
  await keySet.start(key.jwk);
});
afterAll(() => keySet.stop());

async function callWith(token: string) {
  const identity = { id: '', email: '', cookie: '', token };
  const { status, headers, body } = await userWith(app.url, identity).api('/tasks');
  return { status, code: body.code, challenge: headers.get('www-authenticate') ?? '' };
}

type Claims = Parameters<typeof claims>[0];

/** Evaluates claims that depend on the time when they are used: the file may have been loaded long before. */
const claimsWith = (changes: Claims | (() => Claims)) =>
  claims(typeof changes === 'function' ? changes() : changes);

const MODES: [mode: string, variables: () => Record<string, string>, sign: Sign][] = [
  ['jwks', () => jwksMode(keySet.url), (payload) => key.sign(payload)],
  ['secret', () => SECRET_MODE, (payload = claims()) => signWithSecret(payload)],
];

describe.each(MODES)('in mode %s a token', (_, variables, signed) => {
  beforeAll(async () => {
    app = await startApp(variables());
  });
  afterAll(() => app.close());

  it.each([
    { name: 'good', changes: {} },
    { name: 'with more claims', changes: { sid: 's', scope: 'all', email: 'ada@example.com' } },
    { name: 'with one of several audiences', changes: { aud: ['other', AUDIENCE] } },
    { name: 'from a clock that is 20 s ahead', changes: () => ({ iat: now() + 20 }) },
    { name: 'that expired 20 s ago, as clocks differ', changes: () => ({ exp: now() - 20 }) },
    { name: 'without iat', changes: { iat: undefined } },
    { name: 'with a subject of 255 characters', changes: { sub: 'é'.repeat(255) } },
    { name: 'with a subject that looks like SQL', changes: { sub: `'; drop table task; -- \\` } },
  ])('is let in: $name', async ({ changes }) => {
    expect(await callWith(await signed(claimsWith(changes)))).toMatchObject({ status: 200 });
  });

  it.each([
    { name: 'expired', changes: () => ({ exp: now() - 60 }), code: 'expired_token' },
    { name: 'expired since 1970', changes: { exp: 0 }, code: 'expired_token' },
    { name: 'not valid yet', changes: () => ({ nbf: now() + 60 }), code: 'invalid_token' },
    { name: 'issued in the future', changes: () => ({ iat: now() + 60 }), code: 'invalid_token' },
    { name: 'of another issuer', changes: { iss: 'https://evil.example' }, code: 'invalid_token' },
    {
      name: 'of an issuer with a slash more',
      changes: { iss: `${ISSUER}/` },
      code: 'invalid_token',
    },
    { name: 'of several issuers', changes: { iss: [ISSUER] }, code: 'invalid_token' },
    { name: 'without an issuer', changes: { iss: undefined }, code: 'invalid_token' },
    { name: 'for another audience', changes: { aud: 'other' }, code: 'invalid_token' },
    { name: 'for no audience at all', changes: { aud: [] }, code: 'invalid_token' },
    { name: 'without an audience', changes: { aud: undefined }, code: 'invalid_token' },
    { name: 'that never expires', changes: { exp: undefined }, code: 'invalid_token' },
    {
      name: 'with exp as text',
      changes: () => ({ exp: String(now() + 300) }),
      code: 'invalid_token',
    },
    { name: 'with exp null', changes: { exp: null }, code: 'invalid_token' },
    { name: 'with iat as text', changes: { iat: 'yesterday' }, code: 'invalid_token' },
    { name: 'without a subject', changes: { sub: undefined }, code: 'invalid_token' },
    { name: 'with an empty subject', changes: { sub: '' }, code: 'invalid_token' },
    { name: 'with a null subject', changes: { sub: null }, code: 'invalid_token' },
    { name: 'with a number as subject', changes: { sub: 42 }, code: 'invalid_token' },
    { name: 'with a list as subject', changes: { sub: ['ada'] }, code: 'invalid_token' },
    { name: 'with an object as subject', changes: { sub: { id: 'ada' } }, code: 'invalid_token' },
    {
      name: 'with a subject of 256 characters',
      changes: { sub: 'a'.repeat(256) },
      code: 'invalid_token',
    },
    { name: 'of more than 8 KiB', changes: { note: 'x'.repeat(8 * 1024) }, code: 'invalid_token' },
    { name: 'with NUL in the subject', changes: { sub: 'ada\0' }, code: 'invalid_token' },
    {
      name: 'with half a surrogate pair in the subject',
      changes: { sub: 'ada\ud800' },
      code: 'invalid_token',
    },
  ])('is refused: $name', async ({ changes, code }) => {
    const response = await callWith(await signed(claimsWith(changes)));
    expect(response).toEqual({
      status: 401,
      code,
      challenge: expect.stringMatching(
        /^Bearer realm="taskward", error="invalid_token", error_description="[^"]+"$/,
      ),
    });
    // A claim could contain anything, so its value must not be repeated.
    expect(response.challenge).not.toContain('evil');
  });
});

describe.each(MODES)('mode %s fixes the algorithm:', (mode, variables) => {
  beforeAll(async () => {
    app = await startApp(variables());
  });
  afterAll(() => app.close());

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hs256 = (secret: string | Buffer) =>
    sign(new Uint8Array(Buffer.from(secret)), { alg: 'HS256', kid: key.kid }, claims());
  const hs = (alg: string) =>
    sign(new TextEncoder().encode(SECRET.repeat(2)), { alg, kid: key.kid }, claims());
  const forgeries: [string, () => string | Promise<string>][] = [
    ['no signature', () => `${encode({ alg: 'none' })}.${encode(claims())}.`],
    [
      'HS256 with the bytes of the public key',
      () => hs256(Buffer.from(key.jwk.x ?? '', 'base64url')),
    ],
    ['HS256 with the text of the public key', () => hs256(key.jwk.x ?? '')],
    ['HS256 with the JWK', () => hs256(JSON.stringify(key.jwk))],
    ['HS256 with an empty secret', () => hs256('\0')],
    ['HS256 with another secret', () => hs256('another secret of more than 32 bytes')],
    ['HS384 with the secret, twice', () => hs('HS384')],
    ['HS512 with the secret, twice', () => hs('HS512')],
    ['what is good in the other mode', () => (mode === 'jwks' ? hs256(SECRET) : key.sign())],
  ];

  it.each(forgeries)('%s is refused', async (_, forge) => {
    expect(await callWith(await forge())).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('what Better Auth signs for other ends with its secret is refused', async () => {
    const verification = { email: 'ada@example.com', iat: now(), exp: now() + 3600 };
    expect((await callWith(await signWithSecret(verification))).code).toBe('invalid_token');
  });

  it('there is no Better Auth to sign up with', async () => {
    expect((await send(`${app.url}/api/auth/jwks`)).status).toBe(404);
  });
});

describe('a key', () => {
  it.each(['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'])('may be of %s', async (alg) => {
    const pair = await createKey(`of ${alg}`, alg);
    keySet.keys = [key.jwk, pair.jwk];
    app = await startApp(jwksMode(keySet.url));
    try {
      expect((await callWith(await pair.sign())).status).toBe(200);
      const stolen = await pair.sign(claims(), { kid: key.kid });
      expect((await callWith(stolen)).code).toBe('invalid_token');
    } finally {
      await app.close();
    }
  });
});
