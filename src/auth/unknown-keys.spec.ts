import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  COOLDOWN_MS,
  keyNamed,
  NOT_FOUND,
  ScriptedKeySource,
} from '../../test/support/scripted-key-source.js';

const UNAVAILABLE = 'key_set_unavailable';

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
}
let issuer: ScriptedKeySource;
beforeEach(async () => {
  issuer = new ScriptedKeySource();
  issuer.keys = [await keyNamed('first')];
});

describe('an unknown key', () => {
  it('is looked for at once, however young the set is', async () => {
    await issuer.request('first');
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.loads).toBe(2);
  });

  it('waits for a look that begins after it came, so that an invented one hides no new key', async () => {
    await issuer.request('first');
    expect(await issuer.codeOf('made-up')).toBe(NOT_FOUND);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.waited).toEqual([2_000]);
    expect(issuer.loads).toBe(3);
  });

  it('is undecided, and never refused, when the next look is far', async () => {
    await issuer.request('first');
    const outcomes: string[] = [];
    for (let i = 0; i < 10; i += 1) outcomes.push(await issuer.codeOf(`made-up-${i}`));
    const undecided = Array<string>(8).fill(UNAVAILABLE);
    expect(outcomes).toEqual([NOT_FOUND, NOT_FOUND, ...undecided]);
    expect(issuer.loads).toBe(3);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const refusal = { code: UNAVAILABLE, headers: { 'retry-after': '4' } };
    await expect(issuer.request('second')).rejects.toMatchObject(refusal);
    issuer.time += 2_000;
    expect(await issuer.codeOf('second')).toBe('found');
  });

  it('is looked for less and less often, once a cooldown in the end, however many come', async () => {
    await issuer.request('first');
    const start = issuer.time;
    for (let i = 0; i < 6_000; i += 1) {
      await issuer.codeOf(`made-up-${i}`);
      issuer.time += 100;
    }
    const cooldowns = (issuer.time - start) / COOLDOWN_MS;
    expect(issuer.loads).toBeLessThanOrEqual(cooldowns + 6);
  });

  it('is looked for at once when none has come for a cooldown', async () => {
    await issuer.request('first');
    for (let i = 0; i < 10; i += 1) await issuer.codeOf(`made-up-${i}`);
    issuer.time += COOLDOWN_MS + 1;
    const waits = issuer.waited.length;
    expect(await issuer.codeOf('made-up')).toBe(NOT_FOUND);
    expect(issuer.waited).toHaveLength(waits);
  });

  it('that comes while others wait is in the look that they wait for', async () => {
    await issuer.request('first');
    await issuer.codeOf('made-up');
    const { promise, resolve } = Promise.withResolvers<undefined>();
    issuer.whileWaiting = () => promise;
    const pending = Array.from({ length: 20 }, (_, i) => issuer.codeOf(`made-up-${i}`));
    await until(() => issuer.waited.length === 1);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const late = issuer.codeOf('second');
    resolve(undefined);
    expect(await late).toBe('found');
    expect(new Set(await Promise.all(pending))).toEqual(new Set([NOT_FOUND]));
    expect(issuer.loads).toBe(3);
  });

  it('is looked for sooner where a fetch costs little', async () => {
    issuer = new ScriptedKeySource(1_000);
    issuer.keys = [await keyNamed('first')];
    expect(await issuer.codeOf('second')).toBe(NOT_FOUND);
    issuer.time += 1_000;
    issuer.keys = [await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
  });

  it('is looked for once by all that ask at once', async () => {
    await issuer.request('first');
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const pending = ['second', 'third', 'second', 'fourth'].map((kid) => issuer.codeOf(kid));
    expect(await Promise.all(pending)).toEqual(['found', NOT_FOUND, 'found', NOT_FOUND]);
    expect(issuer.loads).toBe(2);
  });

  it('is undecided while the source is down, until it is asked again', async () => {
    await issuer.request('first');
    issuer.failure = new Error('down');
    for (let i = 0; i < 10; i += 1) expect(await issuer.codeOf('second')).toBe(UNAVAILABLE);
    expect(issuer.loads).toBe(3);
    expect(await issuer.codeOf('first')).toBe('found');

    issuer.time += COOLDOWN_MS;
    issuer.failure = undefined;
    expect(await issuer.codeOf('second')).toBe(NOT_FOUND);
  });
});
