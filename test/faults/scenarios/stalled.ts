import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { claims, now, signWithSecret } from '../../support/secret-mode.ts';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';

/** Connections of one user, and requests for a page of nearly 2 MiB that each sends at once. */
const READERS = 400;
const REQUESTS = 3;
/** Seconds in which all must be cut: 30 without progress, or idle, and twice as many to spare. */
const CUT_WITHIN = 90;
/** How much more memory the process may have than when the same pages are read. */
const MORE_MEMORY_MIB = 100;

/** MiB of a process, as Linux counts them; NaN elsewhere. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Gives a user tasks whose first page is as large as pages get. */
export async function createLargeTasks(databaseUrl: string, owner: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const sql = `insert into task (owner_id, id, title, description)
    select $1, gen_random_uuid(), 'large', repeat('あ', 10000) from generate_series(1, 60)`;
  await client.query(sql, [owner]).finally(() => client.end());
}

/** Requests pages over a connection of its own, and reads none. */
export function stallReader(url: string, token: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => undefined);
  const head = `GET /api/v1/tasks?limit=200 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  socket.write(head.repeat(REQUESTS));
  return socket;
}

/** The connections that the process has to clients on this port. */
async function connectionsAt({ port }: URL): Promise<number> {
  const wanted = Number(port).toString(16).toUpperCase().padStart(4, '0');
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  const established = '01';
  return lines.filter((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return local.endsWith(`:${wanted}`) && state === established;
  }).length;
}

export const stalled: Scenario = {
  name: 'stalled',
  title: () => `${String(READERS)} readers that do not read`,
  async run(context: Context) {
    const { postgres, tally, print } = context;
    const DATABASE_URL = await postgres.createDatabase();
    const { program, url } = await startProgram(context, { DATABASE_URL });
    const sub = 'mallory';
    const token = await signWithSecret(claims({ sub, exp: now() + 3600 }));
    await createLargeTasks(DATABASE_URL, sub);
    const load = await Load.start(url, tally, { users: 4 });
    const headers = { authorization: `Bearer ${token}` };
    // Many at once, as the stalled ones come: what making them costs is no matter of who reads them.
    for (let round = 0; round < 5; round += 1) {
      const request = { path: '/api/v1/tasks?limit=200', headers };
      await Promise.all(Array.from({ length: 100 }, () => load.client.send(request)));
    }
    const before = await memoryOf(program.pid);
    const others = await connectionsAt(new URL(url));
    const readers = Array.from({ length: READERS }, () => stallReader(url, token));
    const begin = performance.now();
    let most = before;
    let left = READERS;
    do {
      await delay(500);
      most = Math.max(most, await memoryOf(program.pid));
      left = (await connectionsAt(new URL(url))) - others;
    } while (left > 0 && performance.now() - begin < CUT_WITHIN * 1_000);
    const seconds = (performance.now() - begin) / 1_000;
    for (const reader of readers) reader.destroy();
    print(
      `${String(READERS)} stalled readers: memory ${before.toFixed(0)} → at most ${most.toFixed(0)} MiB, all cut after ${seconds.toFixed(0)} s`,
    );
    if (left > 0) tally.fail(`${String(left)} readers were not cut`);
    if (most > before + MORE_MEMORY_MIB) tally.fail(`memory grew to ${most.toFixed(0)} MiB`);
    await load.stop();
    await program.kill('SIGTERM');
  },
};
