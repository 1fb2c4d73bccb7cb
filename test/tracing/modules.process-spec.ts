import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { callAuth, cookieOf, newAddress, PASSWORD } from '../support/identity.js';
import { Program } from '../support/program.js';
import { startTraced } from '../support/traced-program.js';

const RECORDER = new URL('../support/record-on-demand.ts', import.meta.url).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-modules-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

/** Returns the packages of OpenTelemetry that a program loads which has served all kinds of requests. */
async function loadedBy(endpoint: string): Promise<Set<string | undefined>> {
  const { program, url } = await startTraced(endpoint, folder, {
    NODE_OPTIONS: `--import=${RECORDER}`,
  });
  const account = { name: 'Ada', email: newAddress(), password: PASSWORD };
  const signedUp = await callAuth(url, '/sign-up/email', account);
  const { body } = await callAuth<{ token: string }>(url, '/token', undefined, cookieOf(signedUp));
  const headers = { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify({ title: 'Milk' }) };
  expect((await fetch(`${url}/api/v1/tasks`, init)).status).toBe(201);
  expect((await fetch(`${url}/api/v1/tasks`, { headers })).status).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  const { output } = await program.kill('SIGTERM');
  return new Set(Array.from(output.matchAll(/^loads (.+)$/gm), ([, name]) => name));
}

it('no module of OpenTelemetry is loaded without OTEL_EXPORTER_OTLP_ENDPOINT', async () => {
  expect(await loadedBy('')).toEqual(new Set());
});

it('its modules are loaded with it, which the record shows', async () => {
  const packages = await loadedBy('http://127.0.0.1:9');
  expect(packages).toContain('@opentelemetry/api');
  expect(packages).toContain('@opentelemetry/sdk-trace');
  expect(packages).toContain('@opentelemetry/exporter-trace-otlp-proto');
});
