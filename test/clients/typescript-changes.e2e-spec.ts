import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Change,
  ChangeTokenExpiredError,
  createClient,
  type FollowLimits,
  type FollowOptions,
  ProblemError,
  SignedOutError,
  type TaskwardClient,
} from '../../clients/typescript/src/index.js';
import { ChangesServer, sendProblem } from '../support/changes-server.js';
import { seededRandom } from '../support/random-rules.js';
import { until } from '../support/until.js';

const STREAM = '/changes/stream';

/** Long enough never to pass in a test that does not wait for it. */
const NEVER_MS = 600_000;
const PATIENT: FollowLimits = {
  firstByteMs: NEVER_MS,
  silenceMs: NEVER_MS,
  pollMs: 10,
  refusedMs: NEVER_MS,
  bufferedMs: NEVER_MS,
};

let server: ChangesServer;
let url: string;
let client: TaskwardClient;
let stop: AbortController;

beforeEach(async () => {
  server = new ChangesServer();
  url = await server.start();
  stop = new AbortController();
  client = createClient({
    baseUrl: url,
    maxRetries: 0,
    getToken: () => Promise.resolve(server.bearer),
  });
});
afterEach(async () => {
  stop.abort(new Error('the test has ended'));
  await server.stop();
});

const isStream = (path = '') => path.startsWith('/api/v1/changes/stream');

/** Follows in the background: the tokens of the changes that arrive, and the error that ends it. */
function follow(options: FollowOptions = {}) {
  const tokens: string[] = [];
  const read = async () => {
    const all = { ...PATIENT, since: 't0', signal: stop.signal, ...options };
    for await (const { token } of client.changes.follow(all)) tokens.push(token);
  };
  const ended = read().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { tokens, ended };
}

/** Tokens of all changes of the log after the first ones. */
const logged = (after = 0) => server.log.slice(after).map(({ token }) => token);

const arrived = (tokens: readonly string[], after = 0) =>
  until(() => Promise.resolve(tokens.length >= server.log.length - after));

const streamsOpened = (count: number) =>
  until(() => Promise.resolve(server.count(STREAM) >= count && server.streams.size === 1));

describe('changes.follow() of the TypeScript client', () => {
  it('yields the changes after a token, and those to come, through one stream', async () => {
    for (const id of ['a', 'b', 'c']) server.append(id);
    const { tokens } = follow({ since: 't1' });
    await streamsOpened(1);
    server.append('d');
    await arrived(tokens, 1);
    expect(tokens).toEqual(['t2', 't3', 't4']);
    expect(server.requests).toEqual(['/changes/stream 200']);
  });

  it('reads changes whose bytes arrive one by one', async () => {
    const change = { token: 't1', type: 'task.created', task: { title: 'Milch für Käthe 🥛' } };
    const bytes = Buffer.from(`event: change\r\nid: t1\ndata: ${JSON.stringify(change)}\n\n`);
    const body = ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    client = createClient({
      baseUrl: url,
      getToken: () => Promise.resolve('any'),
      fetch: () =>
        Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
    });
    const { value } = await client.changes.follow({ since: 't0' }).next();
    expect(value).toEqual(change);
  });

  it('begins with this moment by default, and misses nothing until the stream is open', async () => {
    server.append('a');
    server.intercept = ({ url: path }) => {
      if (isStream(path) && server.log.length === 1) server.append('b');
      return false;
    };
    const tokens: string[] = [];
    for await (const { token } of client.changes.follow({ signal: stop.signal })) {
      tokens.push(token);
      break;
    }
    expect(tokens).toEqual(['t2']);
  });

  it('closes its connection when the caller leaves the loop', async () => {
    server.append('a');
    for await (const change of client.changes.follow({ since: 't0' })) {
      expect(change).toMatchObject({ token: 't1', type: 'task.created', task: { title: 'a' } });
      break;
    }
    await until(() => Promise.resolve(server.streams.size === 0));
    expect(server.count(STREAM)).toBe(1);
  });

  it('throws the reason of an aborted signal, and closes its connection', async () => {
    const { ended } = follow();
    await streamsOpened(1);
    stop.abort(new Error('left the page'));
    await expect(ended).resolves.toMatchObject({ message: 'left the page' });
    await until(() => Promise.resolve(server.streams.size === 0));
  });

  it.each([{ event: 'shutdown' }, { event: 'token-expired' }])(
    'comes back after the event $event',
    async ({ event }) => {
      const { tokens } = follow();
      await streamsOpened(1);
      server.append('a');
      await arrived(tokens);
      server.endStreams(event);
      server.append('b');
      await arrived(tokens);
      expect(tokens).toEqual(logged());
      expect(server.count(STREAM)).toBe(2);
    },
  );

  it('waits after shutdown as long as the server asks', async () => {
    const retryMs = 700;
    const { tokens } = follow();
    await streamsOpened(1);
    const start = performance.now();
    server.endStreams('shutdown', retryMs);
    server.append('a');
    await arrived(tokens);
    // Timers may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(retryMs - 2);
  });

  it('comes back with a new token when its own is refused', async () => {
    const { tokens } = follow();
    await streamsOpened(1);
    server.bearer = 'second';
    server.endStreams('token-expired');
    server.append('a');
    await arrived(tokens);
    expect(server.requests).toEqual([
      '/changes/stream 200',
      '/changes/stream 401',
      '/changes/stream 200',
    ]);
  });

  it('ends with the session', async () => {
    const { bearer } = server;
    let token: string | null = bearer;
    client = createClient({ baseUrl: url, getToken: () => Promise.resolve(token) });
    const { ended } = follow();
    await streamsOpened(1);
    [token, server.bearer] = [null, 'of nobody'];
    server.endStreams('session-ended');
    const error = await ended;
    expect(error).toBeInstanceOf(SignedOutError);
    expect(error).toMatchObject({ reason: 'signed_out' });
  });

  it('ends with forgetToken(), and never goes on as another user', async () => {
    const { ended } = follow();
    await streamsOpened(1);
    client.forgetToken();
    await expect(ended).resolves.toBeInstanceOf(SignedOutError);
    await until(() => Promise.resolve(server.streams.size === 0));
    const late = client.changes.follow({ since: 't0' });
    client.forgetToken();
    await expect(late.next()).rejects.toBeInstanceOf(SignedOutError);
    expect(server.count(STREAM)).toBe(1);
  });

  it('throws a typed error for a token that has expired, and any other refusal', async () => {
    server.append('a');
    server.purged = 1;
    const expired = await follow().ended;
    expect(expired).toBeInstanceOf(ChangeTokenExpiredError);
    expect(expired).toMatchObject({ status: 410, code: 'change_token_expired' });
    server.intercept = (_request, response) => {
      sendProblem(response, 403, 'insufficient_scope');
      return true;
    };
    const refused = await follow().ended;
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ status: 403, code: 'insufficient_scope' });
  });
});

describe('a stream of the TypeScript client that fails', () => {
  it('is opened again when its heartbeat stops', async () => {
    const { tokens } = follow({ silenceMs: 500 });
    server.append('a');
    await arrived(tokens);
    const [lost] = server.streams;
    server.write = (stream, data) => stream !== lost && stream.write(data);
    server.append('b');
    await arrived(tokens);
    expect(tokens).toEqual(logged());
    expect(server.count('/changes')).toBe(0);
    expect(server.count(STREAM)).toBeGreaterThan(1);
  });

  it('is replaced by polling where a proxy buffers it, until one passes it on', async () => {
    let isBuffered = true;
    server.write = (stream, data) => !isBuffered && stream.write(data);
    const { tokens } = follow({ firstByteMs: 500, bufferedMs: 100 });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']) server.append(id);
    await arrived(tokens);
    expect(server.count('/changes')).toBeGreaterThan(1);
    isBuffered = false;
    await until(() => {
      const polls = server.count('/changes');
      server.append('k');
      return arrived(tokens).then(() => server.count('/changes') === polls);
    });
    expect(tokens).toEqual(logged());
  });

  it.each([
    { refusal: 'a limit', status: 429, type: 'application/problem+json' },
    { refusal: 'an older server', status: 404, type: 'application/problem+json' },
    { refusal: 'a gateway', status: 502, type: 'text/html' },
    { refusal: 'a page of a proxy', status: 200, type: 'text/html' },
  ])('is replaced by polling when it gets $refusal ($status)', async ({ status, type }) => {
    let refusals = 0;
    server.intercept = ({ url: path }, response) => {
      if (!isStream(path) || refusals > 1) return false;
      refusals += 1;
      response.writeHead(status, { 'content-type': type, 'retry-after': '600' }).end('{}');
      return true;
    };
    const { tokens } = follow({ refusedMs: 1 });
    server.append('a');
    await arrived(tokens);
    await streamsOpened(1);
    server.append('b');
    await arrived(tokens);
    expect(tokens).toEqual(logged());
    expect(server.count('/changes')).toBe(2);
  });

  it('is waited for while the server or the token is unavailable', async () => {
    const tokens = [() => Promise.reject(new TypeError('offline'))];
    const getToken = () => tokens.pop()?.() ?? Promise.resolve(server.bearer);
    client = createClient({ baseUrl: url, maxRetries: 0, getToken });
    server.intercept = (_request, response) => {
      if (server.requests.length > 0) return false;
      sendProblem(response, 503, 'database_unavailable', { 'retry-after': '0' });
      return true;
    };
    server.append('a');
    await arrived(follow().tokens);
    expect(server.requests).toEqual(['/changes/stream 503', '/changes/stream 200']);
  });

  it('keeps the changes that arrive before a page of a captive portal', async () => {
    let portals = 0;
    server.intercept = (_request, response) => {
      if (portals > 1 || server.streams.size > 0) return false;
      portals += 1;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
      return true;
    };
    const { tokens } = follow({ refusedMs: 1 });
    server.append('a');
    await arrived(tokens);
    expect(portals).toBe(2);
  });
});

/** Breaks connections at random bytes, and refuses some requests, but leaves time for progress. */
function breakAtRandom(random: () => number, changes: readonly unknown[]): void {
  let [arrivedBefore, failures] = [0, 0];
  const chance = (share: number) => {
    if (changes.length > arrivedBefore) [arrivedBefore, failures] = [changes.length, 0];
    const isFailure = failures < 2 && random() < share;
    failures += Number(isFailure);
    return isFailure;
  };
  server.write = (stream, data) => {
    if (data.startsWith(':') || !chance(0.15)) stream.write(data);
    else server.breakStream(stream, data.slice(0, random() * data.length));
  };
  server.intercept = ({ url: path }, response) => {
    if (isStream(path) && chance(0.2)) response.writeHead(502).end();
    else if (chance(0.1)) sendProblem(response, 503, 'database_unavailable');
    else if (chance(0.1)) response.destroy();
    else return false;
    return true;
  };
}

describe('changes that the TypeScript client follows through broken connections', () => {
  it.each([1, 2, 3].map((seed) => ({ seed })))(
    'arrive once and in order, also when it is started again (seed $seed)',
    async ({ seed }) => {
      const random = seededRandom(seed);
      const changes: Change[] = [];
      breakAtRandom(random, changes);
      const append = async () => {
        for (let n = 0; n < 40; n++) {
          server.append(`task-${String(n % 9)}`, `title ${String(n)}`);
          if (random() < 0.3) await until(() => Promise.resolve(changes.length >= n / 2));
        }
      };
      const writing = append();
      const limits = { firstByteMs: 1_000, pollMs: 5, refusedMs: 50, bufferedMs: 50 };
      while (changes.length < 40) {
        const since = changes.at(-1)?.token ?? 't0';
        const steps = 1 + Math.floor(random() * 20);
        for await (const change of client.changes.follow({ ...limits, since })) {
          changes.push(change);
          if (changes.length % steps === 0 || changes.length === 40) break;
        }
      }
      await writing;
      expect(changes).toEqual(server.log);
    },
  );
});
