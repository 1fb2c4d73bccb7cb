import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { send } from './support/client.js';
import { Program } from './support/program.js';

/** Seconds, and MiB of the whole process. */
const LONGEST = 3;
const MOST = 180;
/** Of a second; the unit in which Linux counts. */
const TICK = 0.01;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-start-time-'));
});
afterEach(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

/** Seconds of work and MiB that Linux counts for a process; undefined elsewhere. */
async function costOf({ pid }: Program) {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map((file) =>
      readFile(`/proc/${String(pid)}/${file}`, 'utf8').catch(() => undefined),
    ),
  );
  if (stat === undefined || status === undefined) return undefined;
  // Behind the name, which may hold anything: utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const memory = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  return { work: (Number(fields[11]) + Number(fields[12])) * TICK, memory };
}

/** Starts until it is ready to serve; the figures are of that moment. */
async function start() {
  const begin = performance.now();
  const program = new Program({ NODE_ENV: 'development', DATA_DIR: join(folder, 'data') }, folder);
  const url = await program.ready();
  expect((await send(`${url}/health/ready`)).status).toBe(200);
  const time = (performance.now() - begin) / 1_000;
  const cost = await costOf(program);
  expect(await program.kill('SIGTERM')).toMatchObject({ code: 0 });
  return { time, cost };
}

it('is the same in the image as under npm', async () => {
  const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
  const [dockerfile, manifest] = [await read('docker/Dockerfile'), await read('package.json')];
  const last = /^CMD (.*)$/m.exec(dockerfile.slice(dockerfile.lastIndexOf('\nCMD')))?.[1];
  const command = JSON.parse(last ?? '[]') as string[];
  const { scripts } = JSON.parse(manifest) as { scripts: { start: string } };
  expect(command.join(' ')).toBe(scripts.start);
});

it('is ready within three seconds, once its database is there', async () => {
  await start();
  const starts = [await start(), await start()];
  console.info(JSON.stringify(starts));
  for (const { cost } of starts) {
    if (cost === undefined) continue;
    // The clock would tell what else the machine does. What is waited for is PostgreSQL, and that is
    // up in less than a second.
    expect(cost.work).toBeLessThan(LONGEST);
    expect(cost.memory).toBeLessThan(MOST);
  }
}, 60_000);
