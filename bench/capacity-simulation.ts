import type { Cost, Kind, Measured } from './capacity-figures.ts';
import { KINDS } from './capacity-figures.ts';
import { costOf } from './capacity-model.ts';
import type { Cleanups } from './cleanups.ts';
import { cpuByProcess, cpuOf } from './cpu.ts';
import { createDatabase, dropDatabase, seed, withClient } from './database.ts';
import { median } from './median.ts';
import { Service } from './processes.ts';
import { API, CONNECTIONS, FILTERED, LIST } from './scenarios.ts';
import { type DatabaseSide, newIdentity, startOurs } from './sides.ts';
import { PASSWORD, signUp, type User } from './user.ts';

const OWN = 1_000;
const FOREIGN = 100_000;
/**
 * Requests at once, as at an instance that is half used. Many equal ones share ticks and system calls,
 * which those of a mix do not.
 */
const SENDERS = 2;
/** Requests of the mix, in which the rarest kind still occurs. */
const MIX = 500;
/** Requests of a kind alone; a password takes as long as hundreds of others. */
const ALONE: Readonly<Partial<Record<Kind, number>>> = { token: 200, 'sign-in': 8 };

type Counts = Readonly<Record<Kind, number>>;
type Calls = Readonly<Record<Kind, readonly Call[]>>;

type Costs = Readonly<Record<Kind, Cost>>;

/** CPU time of a request of the mix: as the model sums it up, and as measured. */
interface Pair {
  readonly predicted: Cost;
  readonly measured: Cost;
}

export interface Simulation {
  /** Cost of each kind alone. */
  readonly costs: Costs;
  /** One for each round. */
  readonly pairs: readonly Pair[];
  readonly changeBytes: number;
}

interface Call {
  readonly path: string;
  readonly init: RequestInit;
}

async function idsOf({ database }: DatabaseSide, { id: owner }: User): Promise<string[]> {
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ id: string }>('select id from task where owner_id = $1 limit $2', [
      owner,
      3 * CONNECTIONS,
    ]),
  );
  return rows.map(({ id }) => id);
}

/** Returns the requests of each kind. */
async function callsOf(side: DatabaseSide): Promise<Calls> {
  const [user, guest] = [await signUp(side), await signUp(side)];
  await seed(side.database.url, { owner: user.id, own: OWN, foreign: FOREIGN });
  const ids = await idsOf(side, user);
  const [changed, completed] = [ids.slice(0, CONNECTIONS), ids.slice(CONNECTIONS, 2 * CONNECTIONS)];
  const json = (value: object, type = 'application/json') => ({
    headers: { 'content-type': type },
    body: JSON.stringify(value),
  });
  const authorization = `Bearer ${user.token}`;
  const of = (method: string, path: string, content?: ReturnType<typeof json>): Call => ({
    path,
    init: { ...content, method, headers: { authorization, ...content?.headers } },
  });
  const patch = (title: string) => (id: string) =>
    of('PATCH', `${API.tasks}/${id}`, json({ title }, API.patchType));
  const { origin } = side;
  const credentials = json({ email: guest.email, password: PASSWORD });
  return {
    me: [of('GET', API.me)],
    list: [of('GET', LIST)],
    filtered: [of('GET', FILTERED)],
    get: ids.map((id) => of('GET', `${API.tasks}/${id}`)),
    create: [of('POST', API.tasks, json(API.newTask))],
    patch: [...changed.map(patch('Buy milk')), ...changed.map(patch('Buy bread'))],
    complete: completed.map((id) => of('PATCH', `${API.tasks}/${id}/complete`)),
    token: [{ path: '/api/auth/token', init: { headers: { origin, cookie: user.cookie } } }],
    'sign-in': [
      {
        path: '/api/auth/sign-in/email',
        init: { ...credentials, method: 'POST', headers: { ...credentials.headers, origin } },
      },
    ],
  };
}

/** Sends calls in turn over several connections; returns the CPU time of one. */
async function costOfCalls(side: DatabaseSide, calls: readonly Call[], count: number) {
  const cpu = () => [cpuOf(side.service.pid), cpuByProcess(side.database.name)] as const;
  let next = 0;
  const send = async () => {
    while (next < count) {
      const { path, init } = calls[next++ % calls.length] ?? { path: '', init: {} };
      const response = await fetch(`${side.origin}${path}`, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${text}`);
    }
  };
  const [node, database] = cpu();
  await Promise.all(Array.from({ length: SENDERS }, send));
  const [nodeAfter, databaseAfter] = cpu();
  // Idle connections are closed meanwhile, and what they used before is none of this.
  const used = Array.from(databaseAfter, ([pid, time]) => time - (database.get(pid) ?? 0));
  return {
    node: (nodeAfter - node) / count,
    database: used.reduce((sum, time) => sum + time, 0) / count,
  };
}

/** Returns a mix of the kinds in which each is spread evenly, and how often each occurs. */
export function mixOf(
  perDay: Counts,
  calls: Calls,
  size = MIX,
): { readonly counts: Counts; readonly mix: readonly Call[] } {
  const total = KINDS.reduce((sum, kind) => sum + perDay[kind], 0);
  const counts = Object.fromEntries(
    KINDS.map((kind) => [kind, Math.ceil((perDay[kind] / total) * size)]),
  ) as Record<Kind, number>;
  const placed = KINDS.flatMap((kind) =>
    Array.from({ length: counts[kind] }, (_, i) => ({
      at: (i + 0.5) / counts[kind],
      call: calls[kind].slice(i % calls[kind].length).slice(0, 1),
    })),
  );
  return { counts, mix: placed.sort((a, b) => a.at - b.at).flatMap(({ call }) => call) };
}

const medianOf = (costs: readonly Cost[]): Cost => ({
  node: median(costs.map(({ node }) => node)),
  database: median(costs.map(({ database }) => database)),
});

/** Returns how much of the disk an entry of the log takes. */
async function changeBytesOf({ database }: DatabaseSide): Promise<number> {
  const sql = `select pg_total_relation_size('change') / count(*)::float as bytes from change`;
  const { rows } = await withClient(database.url, (client) => client.query<{ bytes: number }>(sql));
  return rows[0]?.bytes ?? Number.NaN;
}

/** Starts the program as in production, on a database that already has tasks. */
async function start(server: string, folder: string, cleanups: Cleanups): Promise<DatabaseSide> {
  const database = await createDatabase(server, 'capacity');
  cleanups.add(async () => {
    await Service.stopAll();
    await dropDatabase(server, database);
  });
  return startOurs(database, folder, { identity: await newIdentity() });
}

/**
 * Measures each kind of request alone and all of them mixed, in turns: what else the machine does affects
 * both alike.
 */
export async function simulate(
  server: string,
  folder: string,
  cleanups: Cleanups,
  { perDay, rounds }: { readonly perDay: Counts; readonly rounds: number },
): Promise<Simulation> {
  const side = await start(server, folder, cleanups);
  const calls = await callsOf(side);
  const { counts, mix } = mixOf(perDay, calls);
  const alone: Costs[] = [];
  const pairs: Pair[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const costs: Record<string, Cost> = {};
    for (const kind of KINDS) {
      costs[kind] = await costOfCalls(side, calls[kind], ALONE[kind] ?? MIX);
    }
    const measured = await costOfCalls(side, mix, 2 * mix.length);
    if (round === 0) continue;
    const sum = costOf(counts, costs as Costs);
    const predicted = { node: sum.node / mix.length, database: sum.database / mix.length };
    alone.push(costs as Costs);
    pairs.push({ predicted, measured });
  }
  const costs = Object.fromEntries(
    KINDS.map((kind) => [kind, medianOf(alone.map((round) => round[kind]))]),
  ) as Costs;
  return { costs, pairs, changeBytes: await changeBytesOf(side) };
}

/**
 * Returns the figures to commit. Those of a few milliseconds are scaled to the machine, and the driver,
 * of the committed figures, where a list took `list`; a sign-in only computes.
 */
export function scaled({ costs, changeBytes }: Simulation, list: Cost): Measured {
  const of = (kind: Kind, { node, database }: Cost): Cost => ({
    node: Math.round(costs[kind].node * node),
    database: Math.round(costs[kind].database * database),
  });
  const factor = {
    node: list.node / costs.list.node,
    database: list.database / costs.list.database,
  };
  return {
    costs: {
      complete: of('complete', factor),
      token: of('token', factor),
      'sign-in': of('sign-in', { node: 1, database: 1 }),
    },
    changeBytes: Math.round(changeBytes),
  };
}
