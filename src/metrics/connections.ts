import { Durations } from './durations.js';
import { Gauge } from './prom-client.js';
import { registry } from './registry.js';

/** The parts of a pool of `pg` that are measured. */
export interface MeasuredPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

const pools = new Map<string, MeasuredPool>();

const connections = new Gauge({
  name: 'taskward_db_connections',
  help: 'Connections of a pool in use and idle, and requests that wait for one.',
  labelNames: ['pool', 'state'],
  registers: [registry],
  collect() {
    for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
      connections.set({ pool, state: 'used' }, totalCount - idleCount);
      connections.set({ pool, state: 'idle' }, idleCount);
      connections.set({ pool, state: 'waiting' }, waitingCount);
    }
  },
});

/** Measures a pool whenever the metrics are read, until another one has its name. */
export function measurePool(name: 'api' | 'identity', pool: MeasuredPool): void {
  pools.set(name, pool);
}

const listening = new Map<string, () => number>();

const staleness = new Gauge({
  name: 'taskward_listen_staleness_seconds',
  help: 'Time since the last moment up to which every notification is known to have arrived.',
  labelNames: ['connection'],
  registers: [registry],
  collect() {
    for (const [connection, secondsOf] of listening) staleness.set({ connection }, secondsOf());
  },
});

/**
 * Measures a connection that listens, whenever the metrics are read.
 *
 * @example measureStaleness('sessions', () => connection.staleness / 1_000)
 */
export function measureStaleness(
  connection: 'sessions' | 'changes' | 'tokens',
  seconds: () => number,
): void {
  listening.set(connection, seconds);
}

const waits = new Durations({
  name: 'taskward_db_wait_seconds',
  help: 'Time that requests waited for a connection: in the queue of a pool, or in that of their user.',
  labelNames: ['queue'],
});

/** Waits for a connection, by the queue in which a request waited. */
export const connectionWaits = {
  api: waits.series({ queue: 'api' }),
  identity: waits.series({ queue: 'identity' }),
  user: waits.series({ queue: 'user' }),
};
