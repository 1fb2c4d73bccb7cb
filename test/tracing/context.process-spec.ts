import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { Collector } from '../support/otlp-collector.js';
import { Program } from '../support/program.js';
import { claims, createKey, jwksMode, KeySetServer } from '../support/tokens.js';
import { newTrace, startTraced } from '../support/traced-program.js';

let folder: string;
let collector: Collector;
let keys: KeySetServer;
/** Headers of the requests for the key set. */
let received: IncomingHttpHeaders[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-context-'));
  collector = await new Collector().start();
});
afterAll(async () => {
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await Program.killAll();
  await keys.stop();
});

/** A program whose key set is fetched for the first token, and that token. */
async function start(variables: Record<string, string> = {}) {
  const key = await createKey('first');
  keys = await new KeySetServer().start(key.jwk);
  received = [];
  keys.misbehave = ({ headers }, response) => {
    received.push(headers);
    response.end(JSON.stringify({ keys: [key.jwk] }));
  };
  const { url } = await startTraced(collector.url, folder, {
    ...jwksMode(`${keys.url}?secret=canary`),
    ...variables,
  });
  const token = await key.sign(claims());
  return { url, authorization: `Bearer ${token}` };
}

it('the trace of a request is passed on to the issuer whose key set it needs', async () => {
  const { url, authorization } = await start();
  const { traceId, traceparent } = newTrace();
  const tracestate = 'vendor=value';
  const headers = { authorization, traceparent, tracestate, baggage: 'user=ada' };
  expect((await send(`${url}/api/v1/me`, { headers })).status).toBe(200);
  const tree = await collector.tree(traceId);
  expect(tree.outline).toEqual([
    'GET /api/v1/me',
    '  JwtAuthGuard',
    '    verify token',
    '      GET',
  ]);
  const fetched = tree.named('GET');
  expect(fetched).toMatchObject({
    kind: 'client',
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.full': keys.url,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(keys.url).port),
    },
  });
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    traceparent: `00-${traceId}-${fetched.id}-01`,
    tracestate,
  });
  // It is for whoever the caller trusts.
  expect(received[0]).not.toHaveProperty('baggage');
  expect(collector.requests.some(({ text }) => text.includes('canary'))).toBe(false);
});

it('a trace that is not sampled is passed on as such', async () => {
  const { url, authorization } = await start();
  const { traceId, traceparent } = newTrace({ isSampled: false });
  await send(`${url}/api/v1/me`, { headers: { authorization, traceparent } });
  expect(received).toHaveLength(1);
  expect(received[0]?.['traceparent']).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-00$`));
});

it('a key set that fails shows as the cause of a 503', async () => {
  const { url, authorization } = await start();
  keys.misbehave = (_, response) => response.writeHead(500).end();
  const { traceId, traceparent } = newTrace();
  const { status } = await send(`${url}/api/v1/me`, { headers: { authorization, traceparent } });
  expect(status).toBe(503);
  const tree = await collector.tree(traceId);
  expect(tree.span).toMatchObject({ status: 'error' });
  expect(tree.named('verify token')).toMatchObject({
    status: 'error',
    attributes: { 'error.type': 'key_set_unavailable' },
  });
  expect(tree.named('GET')).toMatchObject({
    status: 'error',
    attributes: { 'http.response.status_code': 500 },
  });
});

it.each([
  { name: 'always_off', variables: { OTEL_TRACES_SAMPLER: 'always_off' } },
  {
    name: 'a ratio of nothing, whatever the caller samples',
    variables: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
  },
])('OTEL_TRACES_SAMPLER samples: $name', async ({ variables }) => {
  const { url, authorization } = await start(variables);
  const { traceparent } = newTrace();
  const before = collector.requests.length;
  await send(`${url}/api/v1/me`, { headers: { authorization, traceparent } });
  expect(received[0]?.['traceparent']).toMatch(/-00$/);
  await Program.killAll();
  expect(collector.requests).toHaveLength(before);
});
