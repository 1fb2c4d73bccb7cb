import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { usableKeys } from './verification-key.js';

async function createJwk(alg: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true });
  return exportJWK(publicKey);
}

async function privateKey(): Promise<JWK> {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  return exportJWK(pair.privateKey);
}

const rsa1024 = () =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }) as JWK;

const changed = async (alg: string, changes: Record<string, unknown>): Promise<JWK> => ({
  ...(await createJwk(alg)),
  ...changes,
});

let good: JWK;
beforeAll(async () => {
  good = { ...(await createJwk('EdDSA')), kid: 'good' };
});

const read = async (...keys: unknown[]) => {
  const usable = await usableKeys({ keys: keys as JWK[] });
  return [...usable.values()].map(({ kid, alg }) => [kid, alg]);
};

describe('of a key set is left out', () => {
  it.each<[string, () => unknown]>([
    ['a private key', privateKey],
    ['a symmetric key', () => ({ kty: 'oct', k: 'A'.repeat(43) })],
    ['a symmetric key under another name', () => ({ kty: 'oct', k: 'AAAA', alg: 'EdDSA' })],
    ['a public key beside a symmetric one', () => changed('EdDSA', { k: 'AAAA' })],
    ['RSA of 1024 bits', rsa1024],
    ['RSA of 1024 bits, for PS256', () => ({ ...rsa1024(), alg: 'PS256' })],
    ['a key for encryption', () => changed('EdDSA', { use: 'enc' })],
    ['a key for other operations', () => changed('EdDSA', { key_ops: ['deriveKey'] })],
    ['a key for no operation', () => changed('EdDSA', { key_ops: [] })],
    ['a curve that is not taken', () => createJwk('ES384')],
    ['an algorithm that is not taken', () => changed('RS256', { alg: 'RS384' })],
    ['an algorithm of another key type', () => changed('EdDSA', { alg: 'ES256' })],
    ['a symmetric algorithm', () => changed('EdDSA', { alg: 'HS256' })],
    ['a key that is cut short', () => ({ kty: 'OKP', crv: 'Ed25519', x: 'AA' })],
    ['a point off the curve', () => changed('ES256', { x: 'A'.repeat(43) })],
    ['a key without its type', () => changed('EdDSA', { kty: undefined })],
    ['null', () => null],
    ['a number', () => 1],
  ])('%s', async (_, create) => {
    const bad = await create();
    expect(await read(bad, good)).toEqual([['good', 'EdDSA']]);
    await expect(read(bad)).rejects.toThrow('no key that could be used');
  });
});

describe('of a key set is taken', () => {
  it.each(['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'])('a key of %s', async (alg) => {
    expect(await read(await changed(alg, { alg, use: 'sig', kid: 'a' }))).toEqual([['a', alg]]);
  });

  it.each([
    ['EdDSA', ['EdDSA']],
    ['ES256', ['ES256']],
    ['ES512', ['ES512']],
    ['RS256', ['RS256', 'PS256']],
  ])('a key of %s that does not say so', async (alg, expected) => {
    const found = await read(await createJwk(alg));
    expect(found).toEqual(expected.map((name) => [undefined, name]));
  });
});

it('tells keys apart by what they are and by how they are named', async () => {
  const other = await createJwk('EdDSA');
  const idsOf = async (key: JWK) => [...(await usableKeys({ keys: [key] })).keys()];
  const id = await idsOf(good);
  expect(await idsOf({ ...good, use: 'sig', alg: 'EdDSA' })).toEqual(id);
  expect(await idsOf({ ...good, kid: 'other' })).not.toEqual(id);
  expect(await idsOf({ ...other, kid: 'good' })).not.toEqual(id);
});

it.each([[{}], [{ keys: {} }], [{ keys: 'x' }], [{ keys: null }], [null], [{ keys: [] }]])(
  'fails on what is no key set: %j',
  async (set) => {
    await expect(usableKeys(set as never)).rejects.toThrow();
  },
);
