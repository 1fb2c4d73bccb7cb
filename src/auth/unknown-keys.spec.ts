import { beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { KeySource } from '../issuer/key-source.js';
import { CachedKeySet } from './cached-key-set.js';

/** A source whose answers the test gives, and a clock that it turns. */
class Issuer extends KeySource {
  loads = 0;
  time = 1_000_000;
  keys: JWK[] = [];
  failure: Error | undefined;
  readonly waited: number[] = [];
  whileWaiting: () => Promise<void> = () => Promise.resolve();
  readonly set: CachedKeySet;

  constructor(cooldown = COOLDOWN) {
    super();
    this.set = new CachedKeySet(this, {
      cooldown,
      now: () => this.time,
      wait: (milliseconds) => {
        this.waited.push(milliseconds);
        this.time += milliseconds;
        return this.whileWaiting();
      },
    });
  }

  override load(): Promise<JSONWebKeySet> {
    this.loads += 1;
    const { keys, failure } = this;
    return failure ? Promise.reject(failure) : Promise.resolve({ keys });
  }

  ask(kid?: string, alg = 'EdDSA') {
    return this.set.candidates(kid === undefined ? { alg } : { alg, kid });
  }

  async codeOf(kid?: string, alg?: string): Promise<string> {
    const [outcome] = await Promise.allSettled([this.ask(kid, alg)]);
    if (outcome.status === 'rejected') return (outcome.reason as { code: string }).code;
    return outcome.value.length === 0 ? NOT_FOUND : 'found';
  }
}

async function keyNamed(kid: string, alg = 'EdDSA'): Promise<JWK> {
  const { publicKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, alg };
}

const NOT_FOUND = 'not found';
const UNAVAILABLE = 'key_set_unavailable';
const COOLDOWN = 30_000;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
}
let issuer: Issuer;
beforeEach(async () => {
  issuer = new Issuer();
  issuer.keys = [await keyNamed('first')];
});

describe('an unknown key', () => {
  it('is looked for at once, however young the set is', async () => {
    await issuer.ask('first');
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.loads).toBe(2);
  });

  it('waits for a look that begins after it came, so that an invented one hides no new key', async () => {
    await issuer.ask('first');
    expect(await issuer.codeOf('made-up')).toBe(NOT_FOUND);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.waited).toEqual([2_000]);
    expect(issuer.loads).toBe(3);
  });

  it('is undecided, and never refused, when the next look is far', async () => {
    await issuer.ask('first');
    const outcomes: string[] = [];
    for (let i = 0; i < 10; i += 1) outcomes.push(await issuer.codeOf(`made-up-${i}`));
    const undecided = Array<string>(8).fill(UNAVAILABLE);
    expect(outcomes).toEqual([NOT_FOUND, NOT_FOUND, ...undecided]);
    expect(issuer.loads).toBe(3);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const refusal = { code: UNAVAILABLE, headers: { 'retry-after': '4' } };
    await expect(issuer.ask('second')).rejects.toMatchObject(refusal);
    issuer.time += 2_000;
    expect(await issuer.codeOf('second')).toBe('found');
  });

  it('is looked for less and less often, once a cooldown in the end, however many come', async () => {
    await issuer.ask('first');
    const start = issuer.time;
    for (let i = 0; i < 6_000; i += 1) {
      await issuer.codeOf(`made-up-${i}`);
      issuer.time += 100;
    }
    const cooldowns = (issuer.time - start) / COOLDOWN;
    expect(issuer.loads).toBeLessThanOrEqual(cooldowns + 6);
  });

  it('is looked for at once when none has come for a cooldown', async () => {
    await issuer.ask('first');
    for (let i = 0; i < 10; i += 1) await issuer.codeOf(`made-up-${i}`);
    issuer.time += COOLDOWN + 1;
    const waits = issuer.waited.length;
    expect(await issuer.codeOf('made-up')).toBe(NOT_FOUND);
    expect(issuer.waited).toHaveLength(waits);
  });

  it('that comes while others wait is in the look that they wait for', async () => {
    await issuer.ask('first');
    await issuer.codeOf('made-up');
    const { promise, resolve } = Promise.withResolvers<undefined>();
    issuer.whileWaiting = () => promise;
    const asked = Array.from({ length: 20 }, (_, i) => issuer.codeOf(`made-up-${i}`));
    await until(() => issuer.waited.length === 1);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const late = issuer.codeOf('second');
    resolve(undefined);
    expect(await late).toBe('found');
    expect(new Set(await Promise.all(asked))).toEqual(new Set([NOT_FOUND]));
    expect(issuer.loads).toBe(3);
  });

  it('is looked for sooner where a fetch costs little', async () => {
    issuer = new Issuer(1_000);
    issuer.keys = [await keyNamed('first')];
    expect(await issuer.codeOf('second')).toBe(NOT_FOUND);
    issuer.time += 1_000;
    issuer.keys = [await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
  });

  it('is looked for once by all that ask at once', async () => {
    await issuer.ask('first');
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const asked = ['second', 'third', 'second', 'fourth'].map((kid) => issuer.codeOf(kid));
    expect(await Promise.all(asked)).toEqual(['found', NOT_FOUND, 'found', NOT_FOUND]);
    expect(issuer.loads).toBe(2);
  });

  it('is undecided when the source is down, for as long as it was not asked again', async () => {
    await issuer.ask('first');
    issuer.failure = new Error('down');
    for (let i = 0; i < 10; i += 1) expect(await issuer.codeOf('second')).toBe(UNAVAILABLE);
    expect(issuer.loads).toBe(3);
    expect(await issuer.codeOf('first')).toBe('found');

    issuer.time += COOLDOWN;
    issuer.failure = undefined;
    expect(await issuer.codeOf('second')).toBe(NOT_FOUND);
  });
});
