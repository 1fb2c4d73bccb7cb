import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { createDatabase } from '../support/database.js';
import { HalfSent, isRefused } from '../support/half-sent.js';
import { Program } from '../support/program.js';
import { SECRET_MODE } from '../support/tokens.js';

/** Milliseconds that requests in flight are given, and then some. */
const DRAIN = 5_000;
const SLACK = 3_000;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-shutdown-'));
});
afterEach(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

it('on SIGTERM it is not ready, completes open requests, and waits for none for long', async () => {
  const DATABASE_URL = await createDatabase();
  const program = new Program({ ...SECRET_MODE, DATABASE_URL }, folder);
  const url = new URL(await program.ready());
  const begin = (head: string) => HalfSent.send(url, `${head}\r\nHost: ${url.host}\r\n`);
  const [ready, live, unknown] = [
    await begin('GET /health/ready HTTP/1.1'),
    await begin('GET /health/live HTTP/1.1'),
    await begin('GET /nothing HTTP/1.1'),
  ];
  const endless = await begin('POST /api/v1/tasks HTTP/1.1\r\nContent-Length: 100');
  // By its answer the program has read what came before.
  expect((await send(`${url.origin}/health/ready`)).status).toBe(200);

  const signalled = performance.now();
  const ended = program.kill('SIGTERM');
  while (!(await isRefused(url)));
  const response = await ready.complete();
  expect(response).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: \d+\r\n/i);
  expect(response).toContain('"code":"not_ready"');
  expect(response).toContain('"code":"shutdown"');
  expect(await live.complete()).toMatch(/^HTTP\/1\.1 200 /);
  expect(await unknown.complete()).toContain('"code":"route_not_found"');

  expect((await ended).code).toBe(0);
  expect(performance.now() - signalled).toBeLessThan(DRAIN + SLACK);
  endless.destroy();
});
