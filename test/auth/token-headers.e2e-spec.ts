import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import { startApp, type TestApp } from '../support/app.js';
import { userWith } from '../support/client.js';
import {
  claims,
  createKey,
  jwksMode,
  KeySetServer,
  SECRET,
  SECRET_MODE,
} from '../support/tokens.js';

const keySet = new KeySetServer();
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const jwk: JWK = { ...(publicKey.export({ format: 'jwk' }) as JWK), kid: 'first', alg: 'EdDSA' };
let app: TestApp;

beforeAll(() => keySet.start(jwk));
afterAll(() => keySet.stop());

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs what no library would: `header` and `payload` are taken as they are when they are texts. */
type Sign = (header: object | string, payload?: object | string) => string;

const signer =
  (base: object, signatureOf: (input: Buffer) => Buffer): Sign =>
  (header, payload = claims()) => {
    const protectedHeader = typeof header === 'string' ? header : { ...base, ...header };
    const input = `${encode(protectedHeader)}.${encode(payload)}`;
    return `${input}.${signatureOf(Buffer.from(input)).toString('base64url')}`;
  };

const MODES: [mode: string, variables: () => Record<string, string>, signed: Sign][] = [
  [
    'jwks',
    () => jwksMode(keySet.url),
    signer({ alg: 'EdDSA', kid: 'first' }, (input) => sign(null, input, privateKey)),
  ],
  [
    'secret',
    () => SECRET_MODE,
    signer({ alg: 'HS256' }, (input) => createHmac('sha256', SECRET).update(input).digest()),
  ],
];

async function callWith(token: string) {
  const identity = { id: '', email: '', cookie: '', token };
  const { status, headers, body } = await userWith(app.url, identity).api('/me');
  return { status, code: body.code, challenge: headers.get('www-authenticate') };
}

const REFUSED = {
  status: 401,
  code: 'invalid_token',
  challenge: expect.stringMatching(
    /^Bearer realm="taskward", error="invalid_token", error_description="[^"\\]+"$/,
  ),
};

describe.each(MODES)('in mode %s', (_, variables, signed) => {
  beforeAll(async () => {
    app = await startApp(variables());
  });
  afterAll(() => app.close());

  it.each([
    'JWT',
    'jwt',
    'application/jwt',
    'at+jwt',
    'AT+JWT',
    'application/at+jwt',
    'Application/AT+JWT',
  ])('a token may be of type %s', async (typ) => {
    expect(await callWith(signed({ typ }))).toMatchObject({ status: 200 });
  });

  it('a token may omit its type, and contain more than is required', async () => {
    expect(await callWith(signed({}))).toMatchObject({ status: 200 });
    expect(await callWith(signed({ x5t: 'abc', cty: 'json', custom: [1] }))).toMatchObject({
      status: 200,
    });
  });

  it.each<{ name: string; header: object | string }>([
    { name: 'of another type', header: { typ: 'secevent+jwt' } },
    { name: 'of the type of logout tokens', header: { typ: 'logout+jwt' } },
    { name: 'of an encrypted type', header: { typ: 'JWE' } },
    { name: 'of two types', header: { typ: ['JWT'] } },
    { name: 'of no type', header: { typ: null } },
    { name: 'of an empty type', header: { typ: '' } },
    { name: 'of a type with a prefix twice', header: { typ: 'application/application/jwt' } },
    { name: 'with a critical extension', header: { crit: ['exp'], exp: 1 } },
    { name: 'with a critical extension that is known', header: { crit: ['b64'], b64: true } },
    { name: 'with an unencoded payload', header: { crit: ['b64'], b64: false } },
    { name: 'with an empty list of critical extensions', header: { crit: [] } },
    { name: 'with critical extensions that are no list', header: { crit: 'b64' } },
    { name: 'with b64', header: { b64: true } },
    { name: 'with b64 off, unannounced', header: { b64: false } },
    { name: 'with a key of its own', header: { jwk } },
    { name: 'with a key of its own that is null', header: { jwk: null } },
    { name: 'with the address of keys', header: { jku: 'http://127.0.0.1:9/jwks' } },
    { name: 'with a certificate', header: { x5c: ['MIIB'] } },
    { name: 'with the address of a certificate', header: { x5u: 'http://127.0.0.1:9/' } },
    { name: 'with a key id that is no text', header: { kid: 7 } },
    { name: 'with a key id that is an object', header: { kid: { $ne: null } } },
    { name: 'with another algorithm', header: { alg: 'ES384' } },
    { name: 'with the algorithm in small letters', header: { alg: 'eddsa' } },
    { name: 'with the algorithm of prototypes', header: { alg: 'constructor' } },
    { name: 'with a list of algorithms', header: { alg: ['EdDSA', 'HS256'] } },
    { name: 'without an algorithm', header: { alg: undefined } },
    { name: 'that is no object', header: '[]' },
    { name: 'that is null', header: 'null' },
    { name: 'that is no JSON', header: '{"alg":' },
    {
      name: 'that is not UTF-8',
      header: Buffer.from('7b22616c67223a22ff227d', 'hex').toString('latin1'),
    },
  ])('a header is refused $name', async ({ header }) => {
    expect(await callWith(signed(header))).toEqual(REFUSED);
  });

  it.each<{ name: string; payload: object | string }>([
    { name: 'that is no object', payload: '[]' },
    { name: 'that is null', payload: 'null' },
    { name: 'that is a text', payload: '"ada"' },
    { name: 'that is no JSON', payload: '{' },
    { name: 'that is empty', payload: '' },
    { name: 'that is another token', payload: 'eyJhbGciOiJub25lIn0.e30.' },
    { name: 'with a scope that is a list', payload: claims({ scope: ['tasks:write'] }) },
    { name: 'with a scope that is null', payload: claims({ scope: null }) },
    { name: 'with a scope that is a number', payload: claims({ scope: 1 }) },
    { name: 'that expires after the year 9999', payload: claims({ exp: 253_402_300_800 }) },
    {
      name: 'that expires beyond all numbers',
      payload: JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999'),
    },
    { name: 'that expires at no number', payload: claims({ exp: { valueOf: 1 } }) },
    { name: 'with nbf as text', payload: claims({ nbf: '0' }) },
  ])('a payload is refused $name', async ({ payload }) => {
    expect(await callWith(signed({}, payload))).toEqual(REFUSED);
  });

  it('a token may expire at the end of the year 9999', async () => {
    expect(await callWith(signed({}, claims({ exp: 253_402_300_799 })))).toMatchObject({
      status: 200,
    });
  });

  it('a token is at most 8 KiB', async () => {
    const sized = (length: number) => {
      const filler = (count: number) => signed({}, { ...claims(), note: 'x'.repeat(count) });
      let count = Math.floor((length * 3) / 4) - 400;
      while (filler(count).length < length) count += 1;
      return filler(count);
    };
    const [fits, exceeds] = [sized(8 * 1024 - 1), sized(8 * 1024 + 1)];
    expect(fits.length).toBeLessThanOrEqual(8 * 1024);
    expect(await callWith(fits)).toMatchObject({ status: 200 });
    expect(await callWith(exceeds)).toEqual(REFUSED);
  });
});

describe('mode secret', () => {
  const PREVIOUS = 'pR3v10usXk4v9sQ2mX7pL1rT8wYc3nB6';
  const sign256 = (secret: string) =>
    signer({ alg: 'HS256' }, (input) => createHmac('sha256', secret).update(input).digest());

  it('accepts signatures of the previous secret while it is configured', async () => {
    app = await startApp({ ...SECRET_MODE, BETTER_AUTH_SECRET_PREVIOUS: PREVIOUS });
    try {
      expect(await callWith(sign256(PREVIOUS)({}))).toMatchObject({ status: 200 });
      expect(await callWith(sign256(SECRET)({}))).toMatchObject({ status: 200 });
      expect(await callWith(sign256(`${SECRET}x`)({}))).toEqual(REFUSED);
      const expired = claims({ exp: 1 });
      expect(await callWith(sign256(PREVIOUS)({}, expired))).toMatchObject({
        code: 'expired_token',
      });
    } finally {
      await app.close();
    }
    app = await startApp(SECRET_MODE);
    try {
      expect(await callWith(sign256(PREVIOUS)({}))).toEqual(REFUSED);
    } finally {
      await app.close();
    }
  });
});

it('a key of too few bits is not a reason to fail', async () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const weakJwk = { ...(weak.publicKey.export({ format: 'jwk' }) as JWK), kid: 'weak' };
  const good = await createKey('good');
  keySet.keys = [weakJwk, good.jwk];
  app = await startApp(jwksMode(keySet.url));
  try {
    const signed = signer({ alg: 'RS256', kid: 'weak' }, (input) =>
      sign('sha256', input, weak.privateKey),
    );
    expect(await callWith(signed({}))).toEqual(REFUSED);
    expect(await callWith(await good.sign())).toMatchObject({ status: 200 });
  } finally {
    await app.close();
  }
});
