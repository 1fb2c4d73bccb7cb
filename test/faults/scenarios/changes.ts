import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { claims, now, signWithSecret } from '../../support/secret-mode.ts';
import type { Program } from '../../support/program.ts';
import { DatabaseProxy } from '../../support/tcp-proxy.ts';
import { Follower } from '../follower.ts';
import { HttpClient } from '../http-client.ts';
import { type Context, type Scenario, type Size, startProgram, timesOf } from '../scenario.ts';

const USERS = ['ada', 'eve', 'leo'];
/** Milliseconds of writing before each fault, and that a network stays away. */
const BETWEEN_MS = 1_500;
const AWAY_MS = 3_000;
/** Milliseconds that a write which has begun may take. */
const WRITE_MS = 300;
/** Seconds within which every follower has everything again: a poll of 15, and some to spare. */
const UP_TO_DATE_SECONDS = 20;
const CHANGES_PER_TASK = 4;

/** Each fault comes a tenth as often as the app is killed in other scenarios. */
const roundsOf = (size: Size) => Math.ceil(timesOf(size) / 2);

/** One of two instances, with a network of its own to the database. */
interface Instance {
  readonly proxy: DatabaseProxy;
  readonly variables: Record<string, string>;
  program: Program;
  url: string;
}

interface Task {
  readonly id: string;
  readonly title: string;
  readonly version: number;
}

/** Writes of one user at one instance, one after the other. */
class Writer {
  isPaused = false;
  isStopped = false;
  readonly url: string;
  readonly #client: HttpClient;
  readonly #context: Context;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #name: string;

  constructor(context: Context, url: string, name: string, token: string) {
    this.#context = context;
    this.#client = new HttpClient(url);
    this.#client.onResponse = (seconds) => {
      context.tally.slowest = Math.max(context.tally.slowest, seconds);
    };
    this.url = url;
    this.#name = name;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async run(): Promise<void> {
    for (let n = 0; !this.isStopped; n += 1) {
      if (this.isPaused) await delay(10);
      else await this.#writeTask(n);
    }
    this.#client.close();
  }

  async #writeTask(n: number): Promise<void> {
    const json = { title: `${this.#name} ${String(n)}` };
    const made = await this.#send('POST', '/api/v1/tasks', json);
    const { id } = (made ?? {}) as { id?: string };
    for (let change = 1; id !== undefined && change < CHANGES_PER_TASK; change += 1) {
      await this.#send('PATCH', `/api/v1/tasks/${id}`, { description: String(change) });
    }
  }

  async #send(method: string, path: string, json: object): Promise<unknown> {
    const { tally } = this.#context;
    const { status, body } = await this.#client.send({
      method,
      path,
      headers: this.#headers,
      json,
    });
    if (status === 200 || status === 201) tally.acknowledged += 1;
    else if (status === 'hung') tally.hung += 1;
    else if (status !== 'cut' && status !== 503) tally.fail(`${method}: ${String(status)}`);
    else await delay(50);
    return body;
  }
}

/** Everything that runs. */
interface Stage {
  readonly context: Context;
  readonly databaseUrl: string;
  readonly instances: readonly [Instance, Instance];
  readonly writers: readonly Writer[];
  readonly followers: ReadonlyMap<string, readonly Follower[]>;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
}

const tasksOf = (url: string, user: string) =>
  query<Task>(url, `select id, title, version from task where owner_id = '${user}'`);

const LISTENING = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'taskward changes' and datname = current_database()`;

interface Fault {
  readonly name: string;
  cause(stage: Stage): Promise<void>;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'app killed between commits and notifications',
    async cause({ context, writers, instances: [instance] }) {
      // Later writes would wake the streams that a lost notification has left asleep.
      for (const writer of writers) writer.isPaused = writer.url !== instance.url;
      await delay(WRITE_MS);
      const killed = instance.program.kill('SIGKILL');
      for (const writer of writers) writer.isPaused = true;
      await killed;
      const { port } = new URL(instance.url);
      const started = await startProgram(context, { ...instance.variables, PORT: port });
      instance.program = started.program;
    },
  },
  {
    name: 'PostgreSQL killed',
    async cause({ context: { postgres } }) {
      await postgres.kill();
      await postgres.startAgain();
    },
  },
  {
    name: 'network lost',
    async cause({ instances: [, { proxy }] }) {
      proxy.freeze();
      await delay(AWAY_MS);
      proxy.mend();
    },
  },
  {
    name: 'notifications lost',
    async cause({ databaseUrl }) {
      await query(databaseUrl, LISTENING);
    },
  },
];

/** Returns the first task that a follower has not seen as it is. */
async function missingAt({ databaseUrl, followers }: Stage) {
  for (const [user, all] of followers) {
    for (const task of await tasksOf(databaseUrl, user)) {
      const isMissing = all.some(({ versions }) => versions.get(task.id) !== task.version);
      if (isMissing) return task;
    }
  }
  return undefined;
}

/** Stops the writes, and waits until every follower has everything; returns the seconds since then. */
async function untilUpToDate(stage: Stage, since: number): Promise<number> {
  const { tally } = stage.context;
  for (const writer of stage.writers) writer.isPaused = true;
  const seconds = () => (performance.now() - since) / 1_000;
  for (;;) {
    const missing = await missingAt(stage);
    if (missing === undefined) break;
    if (seconds() > UP_TO_DATE_SECONDS) {
      tally.loses(missing.title, 'a follower has not seen it as it is');
      break;
    }
    await delay(20);
  }
  tally.recoveries.push(seconds());
  for (const writer of stage.writers) writer.isPaused = false;
  return seconds();
}

interface Entry {
  readonly id: string;
  readonly version: number;
  readonly seq: string;
}

/** Compares the order of what each follower has seen with that of the log. */
async function verifyOrder({ databaseUrl, followers, context: { tally } }: Stage): Promise<void> {
  for (const [user, all] of followers) {
    const sql = `select id, version, seq from change where owner_id = '${user}'`;
    const entries = await query<Entry>(databaseUrl, sql);
    const numbers = new Map(
      entries.map(({ id, version, seq }) => [`${id} ${version}`, Number(seq)]),
    );
    for (const { seen } of all) {
      let last = 0;
      for (const { id, version } of seen) {
        const number = numbers.get(`${id} ${String(version)}`);
        if (number === undefined) tally.foreign.add(`${user}: ${id}`);
        else if (number === last) tally.duplicated.add(`${user}: ${id}`);
        else if (number < last) tally.fail(`out of order: ${id} ${String(version)}`);
        last = number ?? last;
      }
    }
  }
}

async function startInstance(context: Context, databaseUrl: string): Promise<Instance> {
  const proxy = new DatabaseProxy(databaseUrl);
  const variables = { DATABASE_URL: await proxy.start() };
  return { proxy, variables, ...(await startProgram(context, variables)) };
}

async function setUp(context: Context): Promise<Stage> {
  const databaseUrl = await context.postgres.createDatabase();
  const first = await startInstance(context, databaseUrl);
  const second = await startInstance(context, databaseUrl);
  const origins = [first.url, second.url];
  const writers: Writer[] = [];
  const followers = new Map<string, Follower[]>();
  for (const sub of USERS) {
    const token = await signWithSecret(claims({ sub, exp: now() + 24 * 3600 }));
    const { tally } = context;
    const follower = (from: string[]) => new Follower({ token, origins: from, tally });
    followers.set(sub, [follower(origins), follower(origins.toReversed())]);
    for (const url of origins) writers.push(new Writer(context, url, `${sub} at ${url}`, token));
  }
  return { context, databaseUrl, instances: [first, second], writers, followers };
}

export const changes: Scenario = {
  name: 'changes',
  title: (size) =>
    `streams of changes over two instances, ${String(FAULTS.length * roundsOf(size))} faults`,
  async run(context) {
    const stage = await setUp(context);
    // Followers that have not begun would miss the first changes, as a new copy does.
    await delay(BETWEEN_MS);
    const running = Promise.all(stage.writers.map((writer) => writer.run()));
    for (const fault of FAULTS) {
      let slowest = 0;
      for (let time = 0; time < roundsOf(context.size); time += 1) {
        await delay(BETWEEN_MS + Math.random() * 100);
        await fault.cause(stage);
        slowest = Math.max(slowest, await untilUpToDate(stage, performance.now()));
      }
      context.print(
        `${fault.name}: every follower up to date after ${slowest.toFixed(1)} s at most`,
      );
    }
    for (const writer of stage.writers) writer.isStopped = true;
    await running;
    await untilUpToDate(stage, performance.now());
    await Promise.all([...stage.followers.values()].flat().map((follower) => follower.stop()));
    await verifyOrder(stage);
    for (const { program, proxy } of stage.instances) {
      await program.kill('SIGTERM');
      await proxy.stop();
    }
  },
};
