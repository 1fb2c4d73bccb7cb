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
  it.each<{ name: string; create: () => unknown }>([
    { name: 'a private key', create: privateKey },
    { name: 'a symmetric key', create: () => ({ kty: 'oct', k: 'A'.repeat(43) }) },
    {
      name: 'a symmetric key under another name',
      create: () => ({ kty: 'oct', k: 'AAAA', alg: 'EdDSA' }),
    },
    { name: 'a public key beside a symmetric one', create: () => changed('EdDSA', { k: 'AAAA' }) },
    { name: 'RSA of 1024 bits', create: rsa1024 },
    { name: 'RSA of 1024 bits, for PS256', create: () => ({ ...rsa1024(), alg: 'PS256' }) },
    { name: 'a key for encryption', create: () => changed('EdDSA', { use: 'enc' }) },
    {
      name: 'a key for other operations',
      create: () => changed('EdDSA', { key_ops: ['deriveKey'] }),
    },
    { name: 'a key for no operation', create: () => changed('EdDSA', { key_ops: [] }) },
    { name: 'a curve that is not taken', create: () => createJwk('ES384') },
    { name: 'an algorithm that is not taken', create: () => changed('RS256', { alg: 'RS384' }) },
    { name: 'an algorithm of another key type', create: () => changed('EdDSA', { alg: 'ES256' }) },
    { name: 'a symmetric algorithm', create: () => changed('EdDSA', { alg: 'HS256' }) },
    { name: 'a key that is cut short', create: () => ({ kty: 'OKP', crv: 'Ed25519', x: 'AA' }) },
    { name: 'a point off the curve', create: () => changed('ES256', { x: 'A'.repeat(43) }) },
    { name: 'a key without its type', create: () => changed('EdDSA', { kty: undefined }) },
    { name: 'null', create: () => null },
    { name: 'a number', create: () => 1 },
  ])('$name', async ({ create }) => {
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
    { alg: 'EdDSA', expected: ['EdDSA'] },
    { alg: 'ES256', expected: ['ES256'] },
    { alg: 'ES512', expected: ['ES512'] },
    { alg: 'RS256', expected: ['RS256', 'PS256'] },
  ])('a key of $alg that does not say so', async ({ alg, expected }) => {
    const found = await read(await createJwk(alg));
    expect(found).toEqual(expected.map((name) => [undefined, name]));
  });
});

it('distinguishes keys by their content and their names', async () => {
  const other = await createJwk('EdDSA');
  const idsOf = async (key: JWK) => [...(await usableKeys({ keys: [key] })).keys()];
  const id = await idsOf(good);
  expect(await idsOf({ ...good, use: 'sig', alg: 'EdDSA' })).toEqual(id);
  expect(await idsOf({ ...good, kid: 'other' })).not.toEqual(id);
  expect(await idsOf({ ...other, kid: 'good' })).not.toEqual(id);
});

it.each([
  { set: {} },
  { set: { keys: {} } },
  { set: { keys: 'x' } },
  { set: { keys: null } },
  { set: null },
  { set: { keys: [] } },
])('fails on what is no key set: $set', async ({ set }) => {
  await expect(usableKeys(set as never)).rejects.toThrow();
});
