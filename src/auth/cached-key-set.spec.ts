import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  COOLDOWN_MS,
  keyNamed,
  NOT_FOUND,
  ScriptedKeySource,
} from '../../test/support/scripted-key-source.js';
import { Problem } from '../problems/problem.js';

const UNAVAILABLE = 'key_set_unavailable';
/** Enough for a fetch that fails: one that succeeds imports keys, in threads. */
const failed = () => new Promise((resolve) => setImmediate(resolve));

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 1));
}
let issuer: ScriptedKeySource;
beforeEach(async () => {
  issuer = new ScriptedKeySource();
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
    await expect(issuer.request('first')).rejects.toBeInstanceOf(Problem);
    await expect(issuer.set.assertUsable()).rejects.toMatchObject({ cause: issuer.failure });
  });

  it.each([{ keys: [1] }, { keys: {} }, { keys: 'x' }, { keys: null }])(
    'fails on keys that are none: $keys',
    async ({ keys }) => {
      issuer.keys = keys as never;
      expect(await issuer.codeOf('first')).toBe(UNAVAILABLE);
    },
  );
});

describe('an unknown key', () => {
  it('is looked for at once after a fetch for another reason, too', async () => {
    await issuer.request('first');
    issuer.changed();
    await until(() => issuer.loads === 2);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.loads).toBe(3);
  });

  it('needs no fetch when one is under way that brings it', async () => {
    await issuer.request('first');
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const open = issuer.close();
    issuer.changed();
    await until(() => issuer.loads === 2);
    const pending = issuer.codeOf('second');
    open();
    expect(await pending).toBe('found');
    expect(issuer.loads).toBe(2);
  });

  it('is looked for in a fetch of its own when the one under way is older', async () => {
    await issuer.request('first');
    const open = issuer.close();
    issuer.changed();
    await until(() => issuer.loads === 2);
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    const pending = issuer.codeOf('second');
    open();
    expect(await pending).toBe('found');
    expect(issuer.loads).toBe(3);
  });
});

describe('a token without a key id', () => {
  it('has the only key of its algorithm, and none where there is a choice', async () => {
    issuer.keys = [await keyNamed('other', 'ES256'), ...issuer.keys];
    expect(await issuer.codeOf(undefined, 'ES256')).toBe('found');
    expect(await issuer.codeOf(undefined, 'EdDSA')).toBe('found');
    issuer.keys = [...issuer.keys, await keyNamed('second')];
    issuer.changed();
    await until(async () => (await issuer.codeOf(undefined, 'EdDSA')) === NOT_FOUND);
    expect(await issuer.codeOf('second')).toBe('found');
  });
});

describe('a key that changed at the source', () => {
  it('is fetched at once, and is not current any more', async () => {
    const before = await issuer.keyOf('first');
    expect(issuer.set.isCurrent(before)).toBe(true);
    issuer.keys = [await keyNamed('first')];
    issuer.changed();
    await until(() => !issuer.set.isCurrent(before));
    expect(issuer.loads).toBe(2);
  });

  it('is fetched once more when the fetch under way may be too old, however often it says so', async () => {
    await issuer.request('first');
    const open = issuer.close();
    issuer.changed();
    await until(() => issuer.loads === 2);
    issuer.keys = [await keyNamed('second')];
    for (let i = 0; i < 10; i += 1) issuer.changed();
    open();
    await until(() => issuer.loads === 3);
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.loads).toBe(3);
  });
});

describe('a set older than ten minutes', () => {
  const OLD = 10 * 60_000 + 1;

  it('is fetched in the background while the old keys serve', async () => {
    await issuer.request('first');
    issuer.time += OLD;
    issuer.keys = [await keyNamed('second')];
    const open = issuer.close();
    expect(await issuer.codeOf('first')).toBe('found');
    expect(issuer.loads).toBe(2);

    open();
    expect(await issuer.codeOf('second')).toBe('found');
    expect(issuer.loads).toBe(2);
    expect(await issuer.codeOf('first')).toBe(NOT_FOUND);
  });

  it('is fetched when a key of it is only asked about, as tokens that are known do', async () => {
    const key = await issuer.keyOf('first');
    issuer.keys = [await keyNamed('second')];
    issuer.time += OLD;
    expect(issuer.set.isCurrent(key)).toBe(true);
    await until(() => !issuer.set.isCurrent(key));
    expect(issuer.loads).toBe(2);
  });

  it('is tried again a cooldown after a fetch that failed', async () => {
    await issuer.request('first');
    issuer.failure = new Error('down');
    for (const [passed, loads] of [
      [OLD, 2],
      [COOLDOWN_MS, 2],
      [1, 3],
      [COOLDOWN_MS + 1, 4],
    ] as const) {
      issuer.time += passed;
      for (let i = 0; i < 5; i += 1) await issuer.request('first');
      await failed();
      expect(issuer.loads).toBe(loads);
    }
  });

  it('goes on serving when it cannot be fetched, however long that lasts', async () => {
    await issuer.request('first');
    issuer.failure = new Error('down');
    for (let day = 0; day < 3; day += 1) {
      issuer.time += 24 * 60 * 60_000;
      expect(await issuer.codeOf('first')).toBe('found');
      await failed();
    }
    await expect(issuer.set.assertUsable()).resolves.toBeUndefined();
    expect(issuer.loads).toBe(4);
  });
});
