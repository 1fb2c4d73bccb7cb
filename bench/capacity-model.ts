import { type Cost, type Figures, type Kind, KINDS } from './capacity-figures.ts';

/** Assumptions about users and machines; each can be set by a flag of the same name. */
export interface Assumptions {
  /** Part of all users who use it on a day. */
  readonly active: number;
  /** Requests of an active user a day, by kind. */
  readonly perDay: Readonly<Record<Kind, number>>;
  /** Rate in the busiest hour, divided by that of the whole day. */
  readonly peak: number;
  /** Part of the active users who keep a stream of changes open in the busiest hour. */
  readonly streams: number;
  /** Tasks of a user, the trash included. */
  readonly tasks: number;
  /** Days for which the log of changes is kept. */
  readonly logDays: number;
  /** Part of a core that is used in the busiest hour. */
  readonly load: number;
  /** Streams that one instance keeps open. */
  readonly streamsPerInstance: number;
  /** Connections of an instance to PostgreSQL. */
  readonly connections: number;
  /** Connections that one PostgreSQL serves without a pooler. */
  readonly maxConnections: number;
  /** Cores, and terabytes, of the largest PostgreSQL to buy. */
  readonly maxCores: number;
  readonly maxTerabytes: number;
  /** CPU time of PostgreSQL on a cluster, coordinator included, divided by that on one machine. */
  readonly hop: number;
}

export const DEFAULTS: Assumptions = {
  active: 0.2,
  perDay: {
    me: 1,
    list: 20,
    filtered: 3,
    get: 5,
    create: 4,
    patch: 4,
    complete: 5,
    token: 4,
    'sign-in': 0.05,
  },
  peak: 4,
  streams: 0.1,
  tasks: 300,
  logDays: 90,
  load: 0.5,
  streamsPerInstance: 10_000,
  connections: 23,
  maxConnections: 200,
  maxCores: 32,
  maxTerabytes: 16,
  hop: 2,
};

const SECONDS_A_DAY = 86_400;
const MICROSECONDS = 1_000_000;
const TERABYTE = 1_000 ** 4;
const WRITES: readonly Kind[] = ['create', 'patch', 'complete'];

/** Sums what requests of a mix cost, in the unit of the costs. */
export function costOf(
  mix: Readonly<Record<Kind, number>>,
  costs: Readonly<Record<Kind, Cost>>,
): Cost {
  const sum = (part: keyof Cost) =>
    KINDS.reduce((total, kind) => total + mix[kind] * costs[kind][part], 0);
  return { node: sum('node'), database: sum('database') };
}

/** Needs of a number of users in their busiest hour. */
export interface Demand {
  readonly users: number;
  readonly requestsPerSecond: number;
  readonly streams: number;
  /** Processes, each of which uses one core. */
  readonly instances: number;
  readonly databaseCores: number;
  /** Connections of all instances together. */
  readonly connections: number;
  readonly taskBytes: number;
  readonly logBytes: number;
  readonly step: string;
}

function stepOf(demand: Omit<Demand, 'step'>, nodes: number, assumptions: Assumptions): string {
  if (nodes > 1) return `Citus, ${String(nodes)} workers`;
  return demand.connections > assumptions.maxConnections ? 'PgBouncer' : 'one PostgreSQL';
}

export function demandOf(users: number, figures: Figures, assumptions: Assumptions): Demand {
  const { perDay, peak, load, maxCores, maxTerabytes } = assumptions;
  const active = users * assumptions.active;
  const perSecond = (active * peak) / SECONDS_A_DAY;
  const cost = costOf(perDay, figures.costs);
  const coresOf = (microseconds: number) => (perSecond * microseconds) / MICROSECONDS / load;
  const streams = active * assumptions.streams;
  const instances = Math.ceil(
    Math.max(coresOf(cost.node), streams / assumptions.streamsPerInstance),
  );
  const writes = WRITES.reduce((sum, kind) => sum + perDay[kind], 0);
  const taskBytes = users * assumptions.tasks * figures.taskBytes;
  const logBytes = active * writes * assumptions.logDays * figures.changeBytes;
  const onOne = Math.ceil(coresOf(cost.database));
  const isOne = onOne <= maxCores && taskBytes + logBytes <= maxTerabytes * TERABYTE;
  const databaseCores = isOne ? onOne : Math.ceil(coresOf(cost.database) * assumptions.hop);
  const nodes = isOne
    ? 1
    : Math.max(
        2,
        Math.ceil(databaseCores / maxCores),
        Math.ceil((taskBytes + logBytes) / TERABYTE / maxTerabytes),
      );
  const demand = {
    users,
    requestsPerSecond: perSecond * KINDS.reduce((sum, kind) => sum + perDay[kind], 0),
    streams,
    instances,
    databaseCores,
    connections: instances * assumptions.connections,
    taskBytes,
    logBytes,
  };
  return { ...demand, step: stepOf(demand, nodes, assumptions) };
}
