import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSigner,
  EndedSessions,
  env,
  ListedKeys,
  START,
  TTL,
} from '../../test/support/signed-tokens.js';
import { until } from '../../test/support/until.js';
import { Problem } from '../problems/problem.js';
import { CachedKeySet } from './cached-key-set.js';
import { TokenVerifier } from './token-verifier.js';

let seconds: number;
let monotonic: number;
let issuer: ListedKeys;
let ended: EndedSessions;
let signer: Awaited<ReturnType<typeof createSigner>>;
let verifier: TokenVerifier;

beforeEach(async () => {
  seconds = START;
  monotonic = 0;
  issuer = new ListedKeys();
  ended = new EndedSessions();
  signer = await createSigner('first');
  issuer.keys = [signer.jwk];
  const now = () => seconds * 1000;
  verifier = new TokenVerifier(env, new CachedKeySet(issuer, { now }), {
    revoked: ended,
    now,
    monotonicNow: () => monotonic,
  });
});

describe('the token of a response that goes on', () => {
  it('is valid until it expires, without the leeway of a new request', async () => {
    const token = await signer.sign();
    const user = await verifier.verify(token);
    seconds = START + TTL - 1;
    expect(verifier.endOf(user)).toBeUndefined();
    seconds = START + TTL;
    expect(verifier.endOf(user)).toBe('token-expired');
    expect(await verifier.verify(token)).toMatchObject({ id: user.id });
  });

  it('expires when it should, though the clock is set back', async () => {
    const user = await verifier.verify(await signer.sign());
    seconds = START - 3_600;
    monotonic = TTL * 1000 - 1;
    expect(verifier.endOf(user)).toBeUndefined();
    monotonic += 1;
    expect(verifier.endOf(user)).toBe('token-expired');
  });

  it('ends with its session, of which nothing may be known for a while', async () => {
    const user = await verifier.verify(await signer.sign());
    ended.problem = new Problem('database_unavailable', 'Not yet.');
    expect(() => verifier.endOf(user)).toThrow(ended.problem);
    ended.problem = undefined;
    ended.ids.add('s1');
    expect(verifier.endOf(user)).toBe('session-ended');
  });

  it('ends with its key', async () => {
    const user = await verifier.verify(await signer.sign());
    issuer.keys = [(await createSigner('second')).jwk];
    issuer.changed();
    await until(() => Promise.resolve(verifier.endOf(user) === 'token-expired'));
    expect(verifier.endOf(user)).toBe('token-expired');
  });

  it('is one that was verified', async () => {
    const user = await verifier.verify(await signer.sign());
    const other = { ...user };
    expect(() => verifier.endOf(other)).toThrow(TypeError);
  });
});
