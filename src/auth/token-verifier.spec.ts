import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSigner,
  EndedSessions,
  env,
  ListedKeys,
  START,
  TTL,
} from '../../test/support/signed-tokens.js';
import { Problem } from '../problems/problem.js';
import { CachedKeySet } from './cached-key-set.js';
import { TokenVerifier } from './token-verifier.js';
import type { KeyHint } from './verification-key.js';

const LEEWAY = 30;
const remote = env.with({ AUTH_MODE: 'jwks' });

/** Counts how often a key is requested, that is, how often a token is verified in full. */
class CountedKeys extends CachedKeySet {
  count = 0;

  override candidates(hint: KeyHint) {
    this.count += 1;
    return super.candidates(hint);
  }
}

let seconds: number;
let issuer: ListedKeys;
let ended: EndedSessions;
let keys: CountedKeys;
let signer: Awaited<ReturnType<typeof createSigner>>;
let verifier: TokenVerifier;

const now = () => seconds * 1000;

beforeEach(async () => {
  seconds = START;
  issuer = new ListedKeys();
  ended = new EndedSessions();
  signer = await createSigner('first');
  issuer.keys = [signer.jwk];
  keys = new CountedKeys(issuer, { now });
  verifier = new TokenVerifier(env, keys, { revoked: ended, now });
});

/** Why it is refused, in the end. */
async function refusalOf(token: string, by = verifier): Promise<string> {
  for (;;) {
    const code = await codeOf(token, by);
    if (code !== 'let in') return code;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The shortcut never accepts a token that full verification would reject. */
async function codeOf(token: string, by = verifier): Promise<string> {
  const short = new Promise((resolve) => {
    resolve(by.cachedUser(token));
  });
  const [early, outcome] = await Promise.allSettled([short, by.verify(token)]);
  const isUndecided = early.status === 'fulfilled' && early.value === undefined;
  if (!isUndecided) expect(early).toEqual(outcome);
  return outcome.status === 'fulfilled' ? 'let in' : (outcome.reason as { code: string }).code;
}

describe('a token that was verified', () => {
  it('is not verified again', async () => {
    const token = await signer.sign();
    const first = await verifier.verify(token);
    for (let i = 0; i < 5; i += 1) expect(await verifier.verify(token)).toBe(first);
    expect(keys.count).toBe(1);
    expect(first).toEqual({
      id: 'ada',
      issuer: env.issuer,
      actor: { type: 'session', name: null },
      tokenExpiresAt: new Date((START + TTL) * 1000),
    });
  });

  it.each([
    { session_name: 'Firefox on Linux', name: 'Firefox on Linux' },
    { session_name: 'x'.repeat(101), name: null },
    { session_name: 'a\0b', name: null },
    { session_name: '\ud800', name: null },
    { session_name: 7, name: null },
  ])('names its session $session_name as $name', async ({ session_name, name }) => {
    const { actor } = await verifier.verify(await signer.sign({ session_name }));
    expect(actor).toEqual({ type: 'session', name });
  });

  it('cannot be altered for those who come after', async () => {
    const user = await verifier.verify(await signer.sign());
    expect(Object.isFrozen(user)).toBe(true);
  });

  it('is verified once by many that bring it at once', async () => {
    const token = await signer.sign();
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(token)));
    expect(new Set(codes)).toEqual(new Set(['let in']));
    expect(keys.count).toBe(1);
  });

  it('is known until it expires, and not a moment longer', async () => {
    const token = await signer.sign();
    await verifier.verify(token);
    seconds = START + TTL - 0.001;
    await verifier.verify(token);
    expect(keys.count).toBe(1);
    for (const [passed, count] of [
      [0, 2],
      [1, 3],
      [LEEWAY - 1, 4],
    ] as const) {
      seconds = START + TTL + passed;
      expect(await codeOf(token)).toBe('let in');
      expect(keys.count).toBe(count);
    }
    seconds = START + TTL + LEEWAY;
    expect(await codeOf(token)).toBe('expired_token');
  });

  it('is cached for AUTH_TOKEN_TTL at most, whatever its own expiry', async () => {
    const token = await signer.sign({ exp: START + 86_400 });
    await verifier.verify(token);
    seconds = START + TTL - 1;
    await verifier.verify(token);
    expect(keys.count).toBe(1);
    seconds = START + TTL;
    expect(await codeOf(token)).toBe('let in');
    expect(keys.count).toBe(2);
    seconds = START + TTL + LEEWAY + 1;
    expect(await codeOf(token)).toBe('expired_token');
  });

  it('is valid until its own expiry with a remote issuer', async () => {
    const elsewhere = new TokenVerifier(remote, keys, { now });
    const token = await signer.sign({ exp: START + 86_400, sid: undefined });
    seconds = START + 86_399;
    expect(await codeOf(token, elsewhere)).toBe('let in');
    expect(await codeOf(token, elsewhere)).toBe('let in');
    expect(keys.count).toBe(1);
  });
});

describe('the short way', () => {
  it('knows a token once it was verified, until it expires', async () => {
    const token = await signer.sign();
    expect(verifier.cachedUser(token)).toBeUndefined();
    const user = await verifier.verify(token);
    expect(verifier.cachedUser(token)).toBe(user);
    expect(verifier.cachedUser(`${token}=`)).toBeUndefined();
    seconds = START + TTL;
    expect(verifier.cachedUser(token)).toBeUndefined();
  });

  it('rejects one whose session has ended, and is unavailable if that is unknown', async () => {
    const token = await signer.sign();
    await verifier.verify(token);
    ended.ids.add('s1');
    expect(verifier.cachedUser(token)).toBeUndefined();
    ended.problem = new Problem('database_unavailable', 'Not yet.');
    expect(() => verifier.cachedUser(token)).toThrow(ended.problem);
  });

  it('does not know one whose key was withdrawn', async () => {
    const token = await signer.sign();
    await verifier.verify(token);
    issuer.keys = [(await createSigner('second')).jwk];
    issuer.changed();
    expect(await refusalOf(token)).toBe('invalid_token');
    expect(verifier.cachedUser(token)).toBeUndefined();
  });
});

describe('a token that was refused', () => {
  it('is looked at again each time', async () => {
    const token = await signer.sign({ nbf: START + 60 });
    expect(await codeOf(token)).toBe('invalid_token');
    expect(await codeOf(token)).toBe('invalid_token');
    expect(keys.count).toBe(2);
    seconds += 60;
    expect(await codeOf(token)).toBe('let in');
  });

  it.each([
    { name: 'names no session', changes: { sid: undefined } },
    { name: 'names an empty session', changes: { sid: '' } },
    { name: 'names a session that is no text', changes: { sid: 1 } },
    { name: 'does not say when it was issued', changes: { iat: undefined } },
  ])('is so in mode embedded alone when it $name', async ({ changes }) => {
    const token = await signer.sign(changes);
    expect(await codeOf(token)).toBe('invalid_token');
    expect(await codeOf(token, new TokenVerifier(remote, keys, { now }))).toBe('let in');
  });
});

describe('the end of a session', () => {
  it('ends a token that is known, and one that is not', async () => {
    const [known, other] = [await signer.sign(), await signer.sign({ jti: 'other' })];
    await verifier.verify(known);
    ended.ids.add('s1');
    expect(await codeOf(known)).toBe('session_ended');
    expect(await codeOf(other)).toBe('session_ended');
    expect(await codeOf(other)).toBe('session_ended');
    expect(await codeOf(await signer.sign({ sid: 's2' }))).toBe('let in');
  });

  it('that cannot be told is no refusal of the token', async () => {
    const token = await signer.sign();
    await verifier.verify(token);
    ended.problem = new Problem('database_unavailable', 'Not yet.');
    expect(await codeOf(token)).toBe('database_unavailable');
    expect(await codeOf(await signer.sign({ jti: 'other' }))).toBe('database_unavailable');
    ended.problem = undefined;
    expect(await codeOf(token)).toBe('let in');
  });

  it('does not save a token that is wrong anyway from its own refusal', async () => {
    ended.ids.add('s1');
    expect(await codeOf(await signer.sign({ aud: 'other' }))).toBe('invalid_token');
  });
});

describe('a key that is withdrawn', () => {
  it('takes the tokens with it that are known', async () => {
    const other = await createSigner('second');
    issuer.keys = [signer.jwk, other.jwk];
    const [token, kept] = [await signer.sign(), await other.sign()];
    await verifier.verify(token);
    await verifier.verify(kept);
    issuer.keys = [other.jwk];
    issuer.changed();
    expect(await refusalOf(token)).toBe('invalid_token');
    const before = keys.count;
    expect(await codeOf(kept)).toBe('let in');
    expect(keys.count).toBe(before);
  });

  it('takes them with it when another has its name', async () => {
    const token = await signer.sign();
    await verifier.verify(token);
    issuer.keys = [(await createSigner('first')).jwk];
    issuer.changed();
    expect(await refusalOf(token)).toBe('invalid_token');
  });

  it('is noticed though none but tokens that are known arrive', async () => {
    const token = await signer.sign({ exp: START + 86_400 });
    const elsewhere = new TokenVerifier(remote, keys, { now });
    await elsewhere.verify(token);
    issuer.keys = [(await createSigner('second')).jwk];
    seconds += 601;
    expect(await codeOf(token, elsewhere)).toBe('let in');
    expect(await refusalOf(token, elsewhere)).toBe('invalid_token');
  });
});
