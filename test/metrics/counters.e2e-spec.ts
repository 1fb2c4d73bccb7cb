import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startApp, useApp } from '../support/app.js';
import { type TestUser } from '../support/client.js';
import { createWithKey, newKey } from '../support/idempotency.js';
import { callAuth, newAddress } from '../support/identity.js';
import { increases, readMetrics, type Sample } from '../support/metrics.js';
import {
  claims,
  createKey,
  jwksMode,
  KeySetServer,
  mintUser,
  SECRET_MODE,
  signWithSecret,
} from '../support/tokens.js';

const app = useApp({ ...SECRET_MODE, QUOTA_TASKS: '2' });
let ada: TestUser;
beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});

const samplesOf = async (url: string, name: string): Promise<readonly Sample[]> =>
  (await readMetrics(url)).find((metric) => metric.name === name)?.samples ?? [];

const callWith = (token: string, options: RequestInit = {}) =>
  fetch(`${app.url}/api/v1/tasks`, { ...options, headers: { authorization: `Bearer ${token}` } });

describe('durations', () => {
  const countsOf = async (name: string) =>
    (await samplesOf(app.url, name)).filter((sample) => sample.name.endsWith('_count'));

  it('of requests are by the pattern of the route, however many paths there are', async () => {
    for (let n = 0; n < 20; n += 1) {
      await ada.api(`/tasks/${randomUUID()}`);
      await fetch(`${app.url}/nothing/${randomUUID()}`);
    }
    await fetch(`${app.url}/nothing`, { method: 'PROPFIND' });
    const counts = await countsOf('http_request_duration_seconds');
    const routes = new Set(counts.map(({ labels }) => labels['route'] ?? ''));
    expect(routes).toContain('/api/v1/tasks/:id');
    for (const route of routes) expect(route).toMatch(/^(?:none|\/[a-z\d/.:*_-]*|\*)$/);
    expect([...routes].filter((route) => /[\da-f]{8}-/.test(route))).toEqual([]);
    const unknown = counts.filter(({ labels }) => labels['route'] === 'none');
    const methods = unknown.map(({ labels }) => labels['method']);
    expect(methods).toEqual(expect.arrayContaining(['GET', 'other']));
    expect(methods).not.toContain('PROPFIND');
    expect(counts.map(({ labels }) => labels)).toContainEqual(
      expect.objectContaining({ method: 'GET', route: '/api/v1/tasks/:id', status: '404' }),
    );
  });

  it('have buckets, each with those below, the last with all', async () => {
    await ada.api('/me');
    const samples = (await samplesOf(app.url, 'http_request_duration_seconds')).filter(
      ({ labels }) => labels['route'] === '/api/v1/me' && labels['status'] === '200',
    );
    const buckets = samples.filter(({ name }) => name.endsWith('_bucket'));
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')));
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    const [count, sum] = ['_count', '_sum'].map(
      (suffix) => samples.find(({ name }) => name.endsWith(suffix))?.value ?? NaN,
    );
    expect(values.at(-1)).toBe(count);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(10 * (count ?? 0));
  });

  it('of waits for a connection are counted for each query', async () => {
    const waits = async () => {
      const counts = await countsOf('taskward_db_wait_seconds');
      return counts.find(({ labels }) => labels['queue'] === 'api')?.value ?? NaN;
    };
    const before = await waits();
    for (let n = 0; n < 3; n += 1) await ada.list();
    expect(await waits()).toBe(before + 3);
  });
});

// Further apps come last: Passport's strategy is that of the app that started last.
describe('a counter grows with each', () => {
  it('refused token, by its reason', async () => {
    const sub = ada.id;
    const expired = await signWithSecret(claims({ sub, exp: 1 }));
    const reading = await signWithSecret(claims({ sub, scope: 'tasks:read' }));
    const grown = await increases(app.url, async () => {
      await fetch(`${app.url}/api/v1/tasks`);
      await callWith('x.y.z');
      await callWith('x.y.z');
      await callWith(expired);
      await callWith(reading, { method: 'POST' });
    });
    expect(grown).toMatchObject({
      'taskward_auth_refused_total missing_token': 1,
      'taskward_auth_refused_total invalid_token': 2,
      'taskward_auth_refused_total expired_token': 1,
      'taskward_auth_refused_total insufficient_scope': 1,
    });
  });

  it('token that is verified, or was before', async () => {
    const grown = await increases(app.url, async () => {
      for (let n = 0; n < 4; n += 1) await ada.api('/me');
    });
    expect(grown).toEqual({
      'taskward_token_cache_total miss': 1,
      'taskward_token_cache_total hit': 3,
    });
  });

  it('response that is repeated', async () => {
    const key = newKey();
    await createWithKey(app, ada, key);
    const grown = await increases(app.url, () => createWithKey(app, ada, key));
    expect(grown).toMatchObject({ taskward_idempotent_replays_total: 1 });
  });

  it('write that has no room', async () => {
    await ada.create();
    await ada.create();
    const json = { title: 'One more' };
    const grown = await increases(app.url, async () => {
      const creates = Array.from({ length: 3 }, () => ada.api('/tasks', { method: 'POST', json }));
      for (const { status } of await Promise.all(creates)) expect(status).toBe(403);
    });
    expect(grown).toMatchObject({ 'taskward_quota_refused_total tasks': 3 });
  });

  it('request beyond a rate limit', async () => {
    const limited = await startApp({
      ...SECRET_MODE,
      RATE_LIMIT: 'on',
      RATE_LIMIT_PER_MINUTE: '1',
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '6',
    });
    const user = await mintUser(limited.url, randomUUID());
    const grown = await increases(app.url, async () => {
      for (let n = 0; n < 4; n += 1) await user.api('/me');
      for (let n = 0; n < 8; n += 1) await fetch(`${limited.url}/docs`);
    }).finally(limited.close);
    expect(grown).toMatchObject({
      'taskward_rate_limited_total user': 3,
      'taskward_rate_limited_total network': 2,
    });
  });

  it('fetch of a key set, whether it succeeds', async () => {
    const server = await new KeySetServer().start((await createKey('k')).jwk);
    const grown = await increases(app.url, async () => {
      const other = await startApp(jwksMode(server.url));
      await fetch(`${other.url}/health/ready`);
      await other.close();
      server.misbehave = (_, response) => response.writeHead(500).end();
      const failing = await startApp(jwksMode(server.url));
      await fetch(`${failing.url}/health/ready`);
      await failing.close();
    }).finally(() => server.stop());
    expect(grown).toEqual({
      'taskward_key_set_fetches_total success': 1,
      'taskward_key_set_fetches_total failure': 1,
    });
  });
});

describe('in mode embedded', () => {
  const embedded = useApp();

  it('refused sign-ins and sign-ups are counted', async () => {
    const email = newAddress();
    const grown = await increases(embedded.url, async () => {
      await callAuth(embedded.url, '/sign-in/email', { email, password: 'wrong horse battery' });
      await callAuth(embedded.url, '/sign-up/email', { name: 'x', email, password: 'short' });
    });
    expect(grown).toMatchObject({
      'taskward_auth_refused_total sign_in_refused': 1,
      'taskward_auth_refused_total sign_up_refused': 1,
    });
  });

  it('the connections of both pools, and those that listen, are measured', async () => {
    const connections = await samplesOf(embedded.url, 'taskward_db_connections');
    for (const pool of ['api', 'identity']) {
      const counts = connections.filter(({ labels }) => labels['pool'] === pool);
      const open = counts.filter(({ labels }) => labels['state'] !== 'waiting');
      expect(counts.map(({ labels }) => labels['state'])).toEqual(['used', 'idle', 'waiting']);
      expect(open.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(0);
    }
    const staleness = await samplesOf(embedded.url, 'taskward_listen_staleness_seconds');
    expect(staleness.map(({ labels }) => labels['connection']).sort()).toEqual([
      'changes',
      'sessions',
      'tokens',
    ]);
    for (const { value } of staleness) expect(value).toBeGreaterThanOrEqual(0);
  });
});
