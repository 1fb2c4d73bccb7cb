import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { freePort } from '../support/free-port.js';
import { Collector } from '../support/otlp-collector.js';
import { Program } from '../support/program.js';
import { claims, SECRET_MODE, signWithSecret } from '../support/tokens.js';
import { newTrace, requestLines, startTraced } from '../support/traced-program.js';
import { until } from '../support/until.js';

let folder: string;
let collector: Collector;
let authorization: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-export-'));
  collector = await new Collector().start();
  authorization = `Bearer ${await signWithSecret(claims())}`;
});
afterEach(async () => {
  await Program.killAll();
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

const start = (endpoint: string, variables: Record<string, string> = {}) =>
  startTraced(endpoint, folder, { ...SECRET_MODE, ...variables });

/** Sends requests one after the other, each of which must be served. */
async function request(url: string, count = 1): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { status } = await send(`${url}/api/v1/me`, { headers: { authorization } });
    expect(status).toBe(200);
  }
}

const failures = ({ output }: Program) => output.match(/Spans are lost/g) ?? [];

describe('spans', () => {
  it('are sent before the program ends, however long they would have waited', async () => {
    const { url, program } = await start(collector.url, {
      OTEL_BSP_SCHEDULE_DELAY: '3600000',
      // As Compose passes variables that are not set.
      OTEL_SERVICE_NAME: '',
      OTEL_TRACES_SAMPLER: '',
      OTEL_EXPORTER_OTLP_HEADERS: '',
    });
    await request(url, 3);
    expect(collector.requests).toEqual([]);
    expect((await program.kill('SIGTERM')).code).toBe(0);
    expect(collector.requests.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(collector.spans.filter(({ kind }) => kind === 'server')).toHaveLength(3);
    expect(collector.spans[0]?.resource).toMatchObject({ 'service.name': 'taskward' });
  });

  it('are sent as the variables of OpenTelemetry say, also those of .env', async () => {
    const variables = {
      OTEL_SERVICE_NAME: 'tasks-in-test',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,service.version=9',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=secret',
    };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(folder, '.env'), lines.join(''));
    const { url, program } = await start(`${collector.url}/otlp/`, { LOG_LEVEL: 'warn' });
    await request(url);
    const { output } = await program.kill('SIGTERM');
    expect(output).not.toContain('unknown variable');
    const [received] = collector.requests;
    expect(received).toMatchObject({ path: '/otlp/v1/traces', headers: { 'api-key': 'secret' } });
    expect(collector.spans[0]?.resource).toMatchObject({
      'service.name': 'tasks-in-test',
      'service.version': '9',
      'deployment.environment.name': 'staging',
    });
  });

  it('are sent to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT as it is', async () => {
    const { url, program } = await start('http://127.0.0.1:9', {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own`,
    });
    await request(url);
    await program.kill('SIGTERM');
    expect(collector.requests.map(({ path }) => path)).toEqual(['/own']);
  });

  it('are not sent with OTEL_SDK_DISABLED', async () => {
    const { url, program } = await start(collector.url, { OTEL_SDK_DISABLED: 'true' });
    await request(url);
    await program.kill('SIGTERM');
    expect(collector.requests).toEqual([]);
  });

  it('are not sent without OTEL_EXPORTER_OTLP_ENDPOINT, whatever else is set', async () => {
    await writeFile(join(folder, '.env'), 'OTEL_SERVICE_NAME=tasks\n');
    const { url, program } = await start('', {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
    });
    await request(url);
    const { output } = await program.kill('SIGTERM');
    expect(output).toContain('.env: unknown variable OTEL_SERVICE_NAME.');
    expect(collector.requests).toEqual([]);
  });

  it('of a request that begins a trace are made only if it is sampled', async () => {
    const { url, program } = await start(collector.url, {
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    await request(url);
    const { traceId, traceparent } = newTrace();
    await send(`${url}/api/v1/me`, { headers: { authorization, traceparent } });
    await program.kill('SIGTERM');
    expect(requestLines(program).map((line) => line['traceId'])).toEqual([undefined, traceId]);
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  });

  it('are sampled by the default where a variable is wrong, with a warning', async () => {
    const { url, program } = await start(collector.url, {
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '2',
    });
    await request(url);
    const { output } = await program.kill('SIGTERM');
    expect(output).toContain('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1: 1 is used.');
    expect(collector.spans).not.toEqual([]);
  });
});

/** Returns a module that makes the first thread that gets a batch fail, and remembers that in a file. */
const failingOnce = (file: string) => `
  import { existsSync, writeFileSync } from 'node:fs';
  import { parentPort } from 'node:worker_threads';
  parentPort?.on('message', () => {
    if (existsSync('${file}')) return;
    writeFileSync('${file}', '');
    throw new Error('thrown in a thread');
  });`;

describe('the thread that sends spans', () => {
  it('is replaced when it fails, which is one line in the log, and another once spans are sent', async () => {
    const module = failingOnce(join(folder, 'failed'));
    await writeFile(join(folder, 'failing.mjs'), module);
    const { url, program } = await start(collector.url, {
      NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'failing.mjs')).href}`,
    });
    await request(url);
    await until(() => Promise.resolve(failures(program).length > 0));
    expect(program.output).toContain('thrown in a thread');
    await request(url);
    await until(() => Promise.resolve(program.output.includes('Spans are sent again.')));
    expect(collector.spans).not.toEqual([]);
    expect((await program.kill('SIGTERM')).code).toBe(0);
    expect(failures(program)).toHaveLength(1);
  });
});

describe('a collector', () => {
  it('that is not there delays neither requests nor the end, and is one line in the log', async () => {
    const address = `http://127.0.0.1:${String(await freePort())}`;
    const { url, program } = await start(address, {
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '5',
    });
    await request(url, 100);
    await until(() => Promise.resolve(failures(program).length > 0));
    await request(url, 100);
    expect((await program.kill('SIGTERM')).code).toBe(0);
    expect(failures(program)).toHaveLength(1);
  });

  it('that never responds is given up at the end', async () => {
    collector.misbehave = () => undefined;
    const { url, program } = await start(collector.url);
    await request(url, 10);
    expect((await program.kill('SIGTERM')).code).toBe(0);
  });

  it('that refuses spans is one line in the log, and another once it takes them', async () => {
    const { traceId, traceparent } = newTrace();
    collector.misbehave = (_, response) => response.writeHead(400).end('canary');
    const { url, program } = await start(collector.url);
    await request(url, 5);
    await until(() => Promise.resolve(failures(program).length > 0));
    collector.misbehave = undefined;
    await send(`${url}/api/v1/me`, { headers: { authorization, traceparent } });
    await collector.tree(traceId);
    const { output } = await program.kill('SIGTERM');
    expect(failures(program)).toHaveLength(1);
    expect(output).toContain('Spans are sent again.');
    expect(output).not.toContain('canary');
  });
});
