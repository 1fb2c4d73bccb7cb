import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTER, ETAG } from '../../bench/connection.ts';
import { request } from '../../bench/scenarios.ts';
import { Wrk } from '../../bench/wrk.ts';

const CONNECTIONS = 4;
const IDS = ['a-1', 'a-2', 'a-3', 'a-4'];

/** The current version of each task, and the paths that were requested. */
let versions: Map<string, number>;
let paths: Set<string>;
let server: Server;
let folder: string;

function onPatch(request: IncomingMessage, response: ServerResponse, id: string): void {
  const version = versions.get(id) ?? 0;
  const isCurrent = request.headers['if-match'] === `"${String(version)}"`;
  if (isCurrent) versions.set(id, version + 1);
  response.writeHead(isCurrent ? 200 : 412, { etag: `"${String(version + 1)}"` });
  response.end(JSON.stringify({ id, title: 'Buy milk' }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-wrk-'));
  server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.add(path);
    request.resume();
    request.on('end', () => {
      if (request.method === 'PATCH') onPatch(request, response, path.slice('/tasks/'.length));
      else response.writeHead(path === '/missing' ? 404 : 200).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function load(requests: readonly string[], etags: readonly string[] = []) {
  versions = new Map(IDS.map((id) => [id, 1]));
  paths = new Set();
  const { port } = server.address() as AddressInfo;
  const target = { port, service: { pids: () => [process.pid] } };
  return new Wrk(folder).run(target, { connections: CONNECTIONS, seconds: 1, requests, etags });
}

const patch = (id: string) =>
  request('PATCH', `/tasks/${id}`, 'token', {
    type: 'application/json',
    text: JSON.stringify({ title: `Buy milk ${COUNTER}` }),
    headers: [`If-Match: ${ETAG}`],
  });

describe('the driver wrk', () => {
  it('sends the requests in turn, and returns rates, latencies and CPU time', async () => {
    const result = await load(IDS.map((id) => request('GET', `/tasks/${id}`, 'token')));
    expect([...paths].sort()).toEqual(IDS.map((id) => `/tasks/${id}`));
    expect(result.errors).toBe(0);
    expect(result.responses).toBeGreaterThan(IDS.length);
    expect(result.perSecond).toBeCloseTo(result.responses / result.seconds);
    expect(result.p50).toBeGreaterThan(0);
    expect(result.p99).toBeGreaterThanOrEqual(result.p95);
    // NaN without /proc.
    expect(result.cpu).not.toBe(0);
    expect(result.databaseCpu).toBe(0);
  });

  it('sends each PATCH with the ETag of the previous response', async () => {
    const result = await load(
      IDS.map(patch),
      IDS.map(() => '"1"'),
    );
    expect(result.errors).toBe(0);
    expect([...versions.values()].every((version) => version > 2)).toBe(true);
  });

  it('counts a wrong ETag, and names the status', async () => {
    const stale = IDS.map((_, i) => (i === 0 ? '"7"' : '"1"'));
    const { errors, firstError } = await load(IDS.map(patch), stale);
    expect(errors).toBeGreaterThan(0);
    expect(firstError).toContain('the first 412');
  });

  it('counts responses with the status of an error', async () => {
    const { errors, responses } = await load([request('GET', '/missing', 'token')]);
    expect(errors).toBe(responses);
  });
});
