import { beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK, type JSONWebKeySet } from 'jose';
import { Problem } from '../common/problem.js';
import { CachedKeySet } from './cached-key-set.js';

const TOKEN = { payload: '', signature: '' };

/** A source whose answers the test gives, and a clock that it turns. */
class Issuer {
  loads = 0;
  time = 1_000_000;
  keys: JWK[] = [];
  failure: Error | undefined;
  /** While set, an answer waits for it. */
  gate: Promise<void> | undefined;
  readonly set = new CachedKeySet(this, () => this.time);

  async load(): Promise<JSONWebKeySet> {
    this.loads += 1;
    await this.gate;
    if (this.failure) throw this.failure;
    return { keys: this.keys };
  }

  ask(kid: string) {
    return this.set.keyOf({ alg: 'EdDSA', kid }, TOKEN);
  }

  async codeOf(kid: string): Promise<string> {
    const [outcome] = await Promise.allSettled([this.ask(kid)]);
    return outcome.status === 'fulfilled' ? 'found' : (outcome.reason as { code: string }).code;
  }
}

async function keyNamed(kid: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' };
}

const NOT_FOUND = 'ERR_JWKS_NO_MATCHING_KEY';
const UNAVAILABLE = 'key_set_unavailable';
const settled = () => new Promise((resolve) => setImmediate(resolve));

let issuer: Issuer;
beforeEach(async () => {
  issuer = new Issuer();
  issuer.keys = [await keyNamed('first')];
});

describe('the first fetch', () => {
  it('happens when a key is needed, once for all that wait', async () => {
    expect(issuer.loads).toBe(0);
    const found = await Promise.all(Array.from({ length: 20 }, () => issuer.codeOf('first')));
    expect(new Set(found)).toEqual(new Set(['found']));
    expect(issuer.loads).toBe(1);
  });

  it('is tried again a second after it failed, and not before', async () => {
    issuer.failure = new Error('down');
    expect(await issuer.codeOf('first')).toBe(UNAVAILABLE);
    issuer.time += 999;
    expect(await issuer.codeOf('first')).toBe(UNAVAILABLE);
    expect(issuer.loads).toBe(1);
    issuer.time += 1;
    issuer.failure = undefined;
    expect(await issuer.codeOf('first')).toBe('found');
    expect(issuer.loads).toBe(2);
  });

  it('fails with the reason as its cause', async () => {
    issuer.failure = new Error('down');
    await expect(issuer.ask('first')).rejects.toBeInstanceOf(Problem);
    await expect(issuer.set.assertUsable()).rejects.toMatchObject({ cause: issuer.failure });
  });

  it.each([[[1]], [{}], ['x'], [null]])('fails on keys that are none: %j', async (keys) => {
    issuer.keys = keys as never;
    expect(await issuer.codeOf('first')).toBe(UNAVAILABLE);
  });
});

describe('an unknown key', () => {
  it('is not found, without a fetch, while the set is younger than the cooldown', async () => {
    await issuer.ask('first');
    issuer.time += 29_999;
    expect(await issuer.codeOf('second')).toBe(NOT_FOUND);
    expect(issuer.loads).toBe(1);
  });

  it('is looked for once when the set is older, by all that ask at once', async () => {
    await issuer.ask('first');
    issuer.time += 30_000;
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const asked = ['second', 'third', 'second', 'fourth'].map((kid) => issuer.codeOf(kid));
    expect(await Promise.all(asked)).toEqual(['found', NOT_FOUND, 'found', NOT_FOUND]);
    expect(issuer.loads).toBe(2);
  });

  it('starts a new cooldown, found or not', async () => {
    await issuer.ask('first');
    issuer.time += 30_000;
    for (let i = 0; i < 10; i += 1) await issuer.codeOf(`made-up-${i}`);
    expect(issuer.loads).toBe(2);
  });

  it('is undecided when the source is down, for as long as it was not asked again', async () => {
    await issuer.ask('first');
    issuer.time += 30_000;
    issuer.failure = new Error('down');
    expect(await issuer.codeOf('second')).toBe(UNAVAILABLE);
    expect(await issuer.codeOf('second')).toBe(UNAVAILABLE);
    expect(issuer.loads).toBe(2);
    expect(await issuer.codeOf('first')).toBe('found');

    issuer.time += 30_000;
    issuer.failure = undefined;
    expect(await issuer.codeOf('second')).toBe(NOT_FOUND);
  });
});

describe('a set older than ten minutes', () => {
  const OLD = 10 * 60_000 + 1;

  it('is fetched in the background while the old keys serve', async () => {
    await issuer.ask('first');
    issuer.time += OLD;
    let open: () => void = () => undefined;
    issuer.gate = new Promise((resolve) => (open = resolve));
    expect(await issuer.codeOf('first')).toBe('found');
    expect(issuer.loads).toBe(2);

    issuer.keys = [await keyNamed('second')];
    open();
    await settled();
    expect(await issuer.codeOf('first')).toBe(NOT_FOUND);
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.loads).toBe(2);
  });

  it('goes on serving when it cannot be fetched, however long that lasts', async () => {
    await issuer.ask('first');
    issuer.failure = new Error('down');
    for (let day = 0; day < 3; day += 1) {
      issuer.time += 24 * 60 * 60_000;
      expect(await issuer.codeOf('first')).toBe('found');
      await settled();
    }
    await expect(issuer.set.assertUsable()).resolves.toBeUndefined();
    expect(issuer.loads).toBe(4);
  });
});
