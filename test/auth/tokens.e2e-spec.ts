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
    ['good', {}],
    ['with more claims', { sid: 's', scope: 'all', email: 'ada@example.com' }],
    ['with one of several audiences', { aud: ['other', AUDIENCE] }],
    ['from a clock that is 20 s ahead', { iat: now() + 20 }],
    ['that expired 20 s ago, as clocks differ', { exp: now() - 20 }],
    ['without iat', { iat: undefined }],
    ['with a subject of 255 characters', { sub: 'é'.repeat(255) }],
    ['with a subject that looks like SQL', { sub: `'; drop table task; -- \\` }],
  ])('is let in: %s', async (__, changes) => {
    expect(await callWith(await signed(claims(changes)))).toMatchObject({ status: 200 });
  });

  it.each([
    ['expired', { exp: now() - 60 }, 'expired_token'],
    ['expired since 1970', { exp: 0 }, 'expired_token'],
    ['not valid yet', { nbf: now() + 60 }, 'invalid_token'],
    ['issued in the future', { iat: now() + 60 }, 'invalid_token'],
    ['of another issuer', { iss: 'https://evil.example' }, 'invalid_token'],
    ['of an issuer with a slash more', { iss: `${ISSUER}/` }, 'invalid_token'],
    ['of several issuers', { iss: [ISSUER] }, 'invalid_token'],
    ['without an issuer', { iss: undefined }, 'invalid_token'],
    ['for another audience', { aud: 'other' }, 'invalid_token'],
    ['for no audience at all', { aud: [] }, 'invalid_token'],
    ['without an audience', { aud: undefined }, 'invalid_token'],
    ['that never expires', { exp: undefined }, 'invalid_token'],
    ['with exp as text', { exp: String(now() + 300) }, 'invalid_token'],
    ['with exp null', { exp: null }, 'invalid_token'],
    ['with iat as text', { iat: 'yesterday' }, 'invalid_token'],
    ['without a subject', { sub: undefined }, 'invalid_token'],
    ['with an empty subject', { sub: '' }, 'invalid_token'],
    ['with a null subject', { sub: null }, 'invalid_token'],
    ['with a number as subject', { sub: 42 }, 'invalid_token'],
    ['with a list as subject', { sub: ['ada'] }, 'invalid_token'],
    ['with an object as subject', { sub: { id: 'ada' } }, 'invalid_token'],
    ['with a subject of 256 characters', { sub: 'a'.repeat(256) }, 'invalid_token'],
    ['of more than 8 KiB', { note: 'x'.repeat(8 * 1024) }, 'invalid_token'],
    ['with NUL in the subject', { sub: 'ada\0' }, 'invalid_token'],
    ['with half a surrogate pair in the subject', { sub: 'ada\ud800' }, 'invalid_token'],
  ])('is refused: %s', async (__, changes, code) => {
    const response = await callWith(await signed(claims(changes)));
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
