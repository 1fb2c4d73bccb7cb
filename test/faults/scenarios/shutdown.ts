import { Client } from 'pg';
import { HalfSent, isRefused } from '../../support/half-sent.ts';
import type { Program } from '../../support/program.ts';
import { claims, now, signWithSecret } from '../../support/secret-mode.ts';
import { until } from '../../support/until.ts';
import { HttpClient } from '../http-client.ts';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram, timesOf } from '../scenario.ts';

/** Seconds that requests in flight are given, and the slack of a busy machine. */
const DRAIN = 5;
const SLACK = 3;
/** As many connections as one user may hold. */
const IN_FLIGHT = 4;
/** A user whose tasks do not belong to the load. */
const USER = 'somebody';
const CHANGED = 'changed while it stops';

/** Changes of rows that are locked: the program has the requests, for sure, and cannot answer yet. */
async function holdRequests(client: HttpClient, locker: Client) {
  const token = await signWithSecret(claims({ sub: USER, exp: now() + 3600 }));
  const headers = { authorization: `Bearer ${token}` };
  const ids: string[] = [];
  while (ids.length < IN_FLIGHT) {
    const json = { title: USER };
    const made = await client.send({ method: 'POST', path: '/api/v1/tasks', headers, json });
    ids.push((made.body as { id: string }).id);
  }
  await locker.query(`begin; select from task where owner_id = '${USER}' for update`);
  return ids.map((id) =>
    client.send({
      method: 'PATCH',
      path: `/api/v1/tasks/${id}`,
      headers,
      json: { title: CHANGED },
    }),
  );
}

/** Waits until so many connections wait for what another one has locked. */
async function untilHeld(locker: Client, connections: number): Promise<void> {
  await until(async () => {
    const { rowCount } = await locker.query(
      'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
    );
    return rowCount === connections;
  });
}

interface Round {
  readonly program: Program;
  readonly url: URL;
  readonly locker: Client;
}

async function stopUnderLoad({ tally, print }: Context, round: Round): Promise<void> {
  const { program, url, locker } = round;
  const client = new HttpClient(url.href);
  const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\n`;
  const ready = await HalfSent.send(url, head('/health/ready'));
  const live = await HalfSent.send(url, head('/health/live'));
  const body = 'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"title":';
  const endless = await HalfSent.send(
    url,
    `POST /api/v1/tasks HTTP/1.1\r\nHost: ${url.host}\r\n${body}`,
  );
  const held = await holdRequests(client, locker);
  await untilHeld(locker, IN_FLIGHT);

  const signalled = performance.now();
  const ended = program.kill('SIGTERM');
  await until(() => isRefused(url));
  const response = await ready.complete();
  if (!response.startsWith('HTTP/1.1 503') || !response.includes('"not_ready"')) {
    tally.fail(`/health/ready while stopping: ${response}`);
  }
  if (!(await live.complete()).startsWith('HTTP/1.1 200')) tally.fail('not live while stopping');
  await locker.query('rollback');
  for (const { status } of await Promise.all(held)) {
    if (status === 200) tally.acknowledged += 1;
    else tally.fail(`a request in flight got ${String(status)}`);
  }
  const { code } = await ended;
  const seconds = (performance.now() - signalled) / 1_000;
  print(`SIGTERM: exit code ${String(code)} after ${seconds.toFixed(1)} s`);
  if (code !== 0) tally.fail(`exit code ${String(code)}`);
  if (seconds > DRAIN + SLACK) tally.fail(`it took ${seconds.toFixed(1)} s to end`);
  endless.destroy();
  client.close();
}

/** Somebody's tasks are all there, and go, as the load's ledger does not know them. */
async function expectHeld({ tally }: Context, locker: Client): Promise<void> {
  const { rowCount } = await locker.query(
    `delete from task where owner_id = '${USER}' and title = '${CHANGED}'`,
  );
  if (rowCount !== IN_FLIGHT) tally.loses(USER, `${String(rowCount)} of ${String(IN_FLIGHT)}`);
}

export const shutdown: Scenario = {
  name: 'sigterm',
  title: (size) => `SIGTERM, with half-sent requests, ${String(timesOf(size))} times`,
  async run(context: Context) {
    const { postgres, tally, size } = context;
    const databaseUrl = await postgres.createDatabase();
    const variables = { DATABASE_URL: databaseUrl };
    const first = await startProgram(context, variables);
    let { program } = first;
    const url = new URL(first.url);
    const locker = new Client({ connectionString: databaseUrl });
    await locker.connect();
    // Requests meet a closed port, and those on idle connections may meet their end.
    const load = await Load.start(first.url, tally, { tolerates: ['cut', 503] });
    for (let time = 0; time < timesOf(size); time += 1) {
      await load.untilAcknowledged(300);
      await stopUnderLoad(context, { program, url, locker });
      await expectHeld(context, locker);
      ({ program } = await startProgram(context, { ...variables, PORT: url.port }));
      await load.recovery(performance.now());
    }
    await locker.end();
    await load.verify(databaseUrl);
    await program.kill('SIGTERM');
  },
};
