import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { startApp, type TestApp } from '../support/app.js';
import { userWith } from '../support/client.js';
import { RemoteIssuer } from '../support/remote-issuer.js';
import { now } from '../support/tokens.js';

let issuer: RemoteIssuer;
let app: TestApp;

async function callWith(token: string) {
  const user = userWith(app.url, { id: '', email: '', cookie: '', token });
  const { status, headers, body } = await user.api('/tasks');
  const challenge = headers.get('www-authenticate');
  return { status, code: body.code, challenge, retryAfter: headers.get('retry-after') };
}

const LET_IN = { status: 200 };
const REFUSED = {
  status: 401,
  code: 'invalid_token',
  challenge: expect.stringContaining('error="invalid_token"'),
};
const UNDECIDED = {
  status: 503,
  code: 'key_set_unavailable',
  challenge: null,
  retryAfter: expect.stringMatching(/^\d+$/),
};

/** Longer than the time between two fetches of the key set; shorter than a token's life. */
const COOLDOWN = 31_000;

/** Sends requests with a token until stopped, and counts the responses. */
class Poll {
  static readonly #running = new Set<Poll>();
  readonly #counts: Record<string, number> = {};
  readonly #ended: Promise<void>;

  /** @param expected the statuses that may come back; any other ends it. */
  constructor(token: string, ...expected: number[]) {
    Poll.#running.add(this);
    this.#ended = this.#run(token, expected);
    // A rejection is reported to the caller that awaits it.
    this.#ended.catch(() => undefined);
  }

  /** Ends what a failed test has left running. */
  static async stopAll(): Promise<void> {
    await Promise.allSettled([...Poll.#running].map((poll) => poll.stop()));
  }

  /** Resolves once `status` has come back again. */
  async seen(status: number): Promise<void> {
    const before = this.#counts[status] ?? 0;
    while ((this.#counts[status] ?? 0) <= before) await Promise.race([setTimeout(5), this.#ended]);
  }

  /** The statuses that came back, in ascending order. */
  async stop(): Promise<string[]> {
    Poll.#running.delete(this);
    await this.#ended;
    return Object.keys(this.#counts);
  }

  async #run(token: string, expected: readonly number[]): Promise<void> {
    while (Poll.#running.has(this)) {
      const { status, code } = await callWith(token);
      if (!expected.includes(status)) throw new Error(`It was answered ${status} ${code}.`);
      this.#counts[status] = (this.#counts[status] ?? 0) + 1;
    }
  }
}

describe.each(['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'] as const)(
  'a Better Auth elsewhere that signs %s',
  (alg) => {
    beforeAll(async () => {
      issuer = await RemoteIssuer.start(alg);
      app = await startApp(issuer.variables);
    });
    afterAll(async () => {
      await app.close();
      await issuer.kill();
    });

    it('lets its users in, each to their own tasks', async () => {
      const [ada, grace] = [await issuer.signUp('ada'), await issuer.signUp('grace')];
      const [adasToken, gracesToken] = [await issuer.token(ada), await issuer.token(grace)];
      expect(decodeProtectedHeader(adasToken)).toMatchObject({ alg });
      const identity = { email: '', cookie: '' };
      const adaHere = userWith(app.url, { ...identity, id: ada.id, token: adasToken });
      const graceHere = userWith(app.url, { ...identity, id: grace.id, token: gracesToken });
      const task = await adaHere.create({ title: 'Only mine' });
      expect((await adaHere.list()).data).toEqual([task]);
      expect((await graceHere.list()).data).toEqual([]);
      expect((await graceHere.api(`/tasks/${task.id}`)).body.code).toBe('task_not_found');
    });

    it.each([
      { name: 'for another audience', claims: {}, changes: { audience: 'billing' } },
      { name: 'of another issuer', claims: {}, changes: { issuer: 'https://evil.example' } },
      { name: 'of a past time', claims: { exp: now() - 60 }, changes: {} },
      { name: 'for nobody', claims: { sub: undefined }, changes: {} },
    ])('has tokens that are not let in: $name', async ({ claims, changes }) => {
      expect(await callWith(await issuer.mint({ sub: 'ada' }))).toMatchObject(LET_IN);
      const { status, challenge } = await callWith(
        await issuer.mint({ sub: 'ada', ...claims }, changes),
      );
      expect([status, challenge]).toEqual([401, REFUSED.challenge]);
    });

    it('keeps sessions in its cookies under the same key, and they are no tokens', async () => {
      const { cookie } = await issuer.signUp('ada');
      const [, session = ''] = /session_data=([^;]+)/.exec(cookie) ?? [];
      expect(decodeProtectedHeader(session)).toMatchObject({ alg });
      expect(await callWith(session)).toMatchObject(REFUSED);
    });
  },
);

describe('a Better Auth elsewhere', () => {
  let elapsed = 0;
  const realNow = Date.now.bind(Date);
  const realMonotonicNow = performance.now.bind(performance);

  beforeEach(async () => {
    elapsed = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + elapsed);
    jest.spyOn(performance, 'now').mockImplementation(() => realMonotonicNow() + elapsed);
    issuer = await RemoteIssuer.start();
    app = await startApp(issuer.variables);
  });
  afterEach(async () => {
    await Poll.stopAll();
    jest.restoreAllMocks();
    await app.close();
    await issuer.kill();
  });

  it('may take a new key: it is picked up at once, and the old one stays good', async () => {
    const ada = await issuer.signUp('ada');
    const before = await issuer.token(ada);
    expect(await callWith(before)).toMatchObject(LET_IN);
    await issuer.rotate();
    const after = await issuer.token(ada);
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    expect(await callWith(after)).toMatchObject(LET_IN);
    expect(await callWith(before)).toMatchObject(LET_IN);
  });

  it('may die and come back: no valid user ever gets 401', async () => {
    const ada = await issuer.signUp('ada');
    const known = new Poll(await issuer.token(ada), 200);
    await known.seen(200);
    await issuer.rotate();
    const token = await issuer.token(ada);
    await issuer.kill();
    const unseen = new Poll(token, 200, 503);
    await unseen.seen(503);
    expect(await callWith(token)).toEqual(UNDECIDED);
    elapsed += COOLDOWN;
    await unseen.seen(503);
    await issuer.restart();
    elapsed += COOLDOWN;
    await unseen.seen(200);
    await known.seen(200);
    expect(await known.stop()).toEqual(['200']);
    expect(await unseen.stop()).toEqual(['200', '503']);
    expect(await callWith(await issuer.token(ada))).toMatchObject(LET_IN);
    expect(await callWith(await issuer.token(await issuer.signUp('grace')))).toMatchObject(LET_IN);
  });

  it('that is down does not save a token without a subject from being rejected', async () => {
    const token = await issuer.token(await issuer.signUp('ada'));
    expect(await callWith(token)).toMatchObject(LET_IN);
    await issuer.kill();
    expect(await callWith(token.replace(/[^.]+$/, 'AAAA'))).toMatchObject(REFUSED);
  });
});

describe('a Better Auth elsewhere that signs with the shared secret', () => {
  beforeAll(async () => {
    issuer = await RemoteIssuer.start('HS256');
    app = await startApp(issuer.variables);
  });
  afterAll(async () => {
    await app.close();
    await issuer.kill();
  });

  /** That it would pass but for what it says: the secret, the algorithm and the time are right. */
  const expectGenuine = (token: string) =>
    expect(jwtVerify(token, new TextEncoder().encode(issuer.secret))).resolves.toMatchObject({
      protectedHeader: { alg: 'HS256' },
      payload: { exp: expect.any(Number) },
    });

  it('lets its users in, each to their own tasks', async () => {
    const users = [];
    for (const name of ['ada', 'grace']) {
      const user = await issuer.signUp(name);
      users.push(userWith(app.url, { ...user, email: '', token: await issuer.token(user) }));
    }
    const [ada, grace] = users;
    const task = await ada?.create();
    expect((await ada?.list())?.data).toEqual([task]);
    expect((await grace?.list())?.data).toEqual([]);
  });

  it('signs e-mail verifications with it, which are no tokens', async () => {
    await issuer.signUp('ada');
    const token = await issuer.mailedToken();
    await expectGenuine(token);
    expect(await callWith(token)).toMatchObject(REFUSED);
  });

  it('signs session cookies with it, which are no tokens', async () => {
    const { cookie } = await issuer.signUp('ada');
    const [, session = ''] = /session_data=([^;]+)/.exec(cookie) ?? [];
    await expectGenuine(session);
    expect(await callWith(session)).toMatchObject(REFUSED);
  });

  it.each([
    { name: 'for another audience', changes: { audience: 'billing' } },
    { name: 'of another issuer', changes: { issuer: 'https://evil.example' } },
  ])('has tokens that are not let in: $name', async ({ changes }) => {
    expect(await callWith(await issuer.mint({ sub: 'ada' }))).toMatchObject(LET_IN);
    const token = await issuer.mint({ sub: 'ada' }, changes);
    await expectGenuine(token);
    expect(await callWith(token)).toMatchObject(REFUSED);
  });
});
