import { afterEach, describe, expect, it } from '@jest/globals';
import { MetricsServer } from '../../src/metrics/metrics-server.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { parseMetrics } from '../support/metrics.js';
import { SECRET_MODE } from '../support/tokens.js';

const app = useApp({ ...SECRET_MODE, TRUST_PROXY: 'loopback' });

/** Returns a response without what differs from request to request. */
async function shown(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const headers = Object.fromEntries(response.headers);
  for (const name of ['date', 'x-request-id', 'content-length'])
    Reflect.deleteProperty(headers, name);
  const text = await response.text();
  const body: unknown = text === '' ? '' : JSON.parse(text);
  const problem = { ...(body as object), requestId: '', instance: '' };
  return { status: response.status, headers, problem };
}

describe('metrics beside the API', () => {
  it('are for callers on this machine', async () => {
    const response = await fetch(`${app.url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4;/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const names = parseMetrics(await response.text()).map(({ name }) => name);
    expect(names).toContain('http_request_duration_seconds');
    expect((await fetch(`${app.url}/metrics?x=1`, { method: 'HEAD' })).status).toBe(200);
  });

  it.each([
    { header: 'x-forwarded-for', value: '127.0.0.1' },
    { header: 'X-Forwarded-Host', value: 'localhost' },
    { header: 'x-forwarded-proto', value: '' },
    { header: 'forwarded', value: 'for=127.0.0.1' },
    { header: 'x-real-ip', value: '127.0.0.1' },
    { header: 'via', value: '1.1 proxy' },
    { header: 'cf-connecting-ip', value: '::1' },
  ])('are an unknown path for a request with $header', async ({ header, value }) => {
    const headers = { [header]: value };
    const refused = await shown(`${app.url}/metrics`, { headers });
    expect(refused).toMatchObject({ status: 404, problem: { code: 'route_not_found' } });
    expect(refused).toEqual(await shown(`${app.url}/metricz`, { headers }));
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])(
    'are an unknown path for %s, whoever asks',
    async (method) => {
      const refused = await shown(`${app.url}/metrics`, { method });
      expect(refused).toMatchObject({ status: 404, problem: { code: 'route_not_found' } });
    },
  );

  it.each(['/metrics/', '//metrics', '/Metrics', '/api/v1/metrics', '/health/metrics'])(
    'are not at %s',
    async (path) => {
      expect((await fetch(app.url + path)).status).not.toBe(200);
    },
  );
});

describe('metrics at METRICS_PORT', () => {
  let other: TestApp | undefined;
  const start = async (variables: Record<string, string>) => {
    other = await startApp({ ...SECRET_MODE, METRICS_PORT: '0', ...variables });
    const port = String(other.nest.get(MetricsServer, { strict: false }).port);
    return { api: other.url, metrics: `http://127.0.0.1:${port}` };
  };
  afterEach(() => other?.close());

  it('are for every caller, and are not beside the API', async () => {
    const { api, metrics } = await start({});
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const response = await fetch(`${metrics}/metrics?x=1`, { headers });
    expect(response.status).toBe(200);
    expect(parseMetrics(await response.text()).length).toBeGreaterThan(30);
    expect((await send(`${api}/metrics`)).body).toMatchObject({ code: 'route_not_found' });
    expect(await shown(`${api}/metrics`)).toEqual(await shown(`${api}/metricz`));
  });

  it.each([
    { method: 'GET', path: '/' },
    { method: 'GET', path: '/api/v1/tasks' },
    { method: 'GET', path: '/health/live' },
    { method: 'POST', path: '/metrics' },
  ])('are all there is: $method $path', async ({ method, path }) => {
    const { metrics } = await start({ METRICS_HOST: '127.0.0.1' });
    const { status, problem } = await shown(metrics + path, { method });
    expect({ status, problem }).toMatchObject({
      status: 404,
      problem: { code: 'route_not_found' },
    });
  });

  it('end with the program, whatever connections are open', async () => {
    const { metrics } = await start({});
    await fetch(`${metrics}/metrics`);
    await other?.close();
    other = undefined;
    await expect(fetch(`${metrics}/metrics`)).rejects.toThrow('fetch failed');
  });

  it('keep the program from starting when the port is taken', async () => {
    const { metrics } = await start({});
    const METRICS_PORT = new URL(metrics).port;
    await expect(startApp({ ...SECRET_MODE, METRICS_PORT })).rejects.toThrow('EADDRINUSE');
  });
});
