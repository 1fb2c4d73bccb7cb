import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type Notification, type Pool } from 'pg';
import { withTimeout } from '../common/index.js';

/** Heartbeat interval, and how long to wait for each reply (ms). */
const HEARTBEAT_INTERVAL_MS = 2_000;
const REPLY_TIMEOUT_MS = 2_000;
/** Delay before a lost connection is re-established: the first one, and the longest (ms). */
const MIN_RECONNECT_DELAY_MS = 100;
const MAX_RECONNECT_DELAY_MS = 1_000;

const NOT_DELIVERED =
  'DATABASE_URL: PostgreSQL notifications (LISTEN) are not delivered, so this instance would miss revoked sessions and changes of other instances. A connection pooler in transaction mode causes this: DATABASE_URL must connect to PostgreSQL directly; DATABASE_API_URL and DATABASE_IDENTITY_URL may go through the pooler.';

/** PostgreSQL accepts LISTEN, but its notifications are not delivered. */
class ListenError extends Error {
  override readonly name = 'ListenError';
}

interface Connection {
  readonly client: Client;
  readonly lost: AbortSignal;
  /** Closes the socket at once, without the goodbye that `client.end()` waits for. */
  readonly destroy: () => void;
}

/** Callbacks and settings of a `ListenConnection`. */
export interface ListenOptions {
  /** Connection string that bypasses poolers. */
  readonly url: string;
  /** Name of the connection in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly channels: readonly string[];
  readonly connectTimeoutMs: number;
  /** Reads what was notified before or while there was no connection. Runs after every LISTEN. */
  readonly catchUp: (client: Client) => Promise<void>;
  readonly onNotification: (channel: string, payload: string) => void;
  readonly onLost: () => void;
  readonly onReconnected: () => void;
}

/**
 * A connection of its own for PostgreSQL's LISTEN, with a heartbeat, re-established when lost.
 *
 * https://www.postgresql.org/docs/18/sql-listen.html
 */
export class ListenConnection {
  readonly #stopping = new AbortController();
  readonly #url: string;
  #connection: Connection | undefined;
  #lastQuery: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | undefined;
  #upToDateAt = -Infinity;

  constructor(private readonly options: ListenOptions) {
    const url = new URL(options.url);
    url.searchParams.set('application_name', options.applicationName);
    this.#url = url.href;
  }

  /** Milliseconds since the last moment up to which every notification is known to have arrived. */
  get staleness(): number {
    return performance.now() - this.#upToDateAt;
  }

  /**
   * Connects, catches up, and keeps listening in the background.
   *
   * @param sender connections from which a test notification is sent; by default a new one.
   * @throws ListenError when that notification does not arrive.
   */
  async start(sender?: Pick<Pool, 'query'>): Promise<void> {
    const connection = await this.#connect();
    try {
      if (sender) await assertDelivery(connection, sender);
      else await this.#withConnection((other) => assertDelivery(connection, other));
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.#running = this.#run(connection);
  }

  /**
   * Sends a notification over this connection.
   *
   * @throws an error of the driver, also while there is no connection.
   */
  async notify(channel: string, payload: string): Promise<void> {
    if (this.#connection === undefined) throw new Error('There is no connection yet.');
    const { client, destroy } = this.#connection;
    await this.#enqueue(() => {
      const sent = client.query('select pg_notify($1, $2)', [channel, payload]);
      return withTimeout(sent, REPLY_TIMEOUT_MS, destroy);
    });
  }

  /** Never rejects or hangs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // `client.end()` would leave a pending `connect()` of `pg` unsettled for ever.
    this.#connection?.destroy();
    await this.#running;
  }

  async #run(first: Connection): Promise<void> {
    let connection: Connection | undefined = first;
    while (connection !== undefined) {
      await this.#monitor(connection);
      if (this.#isStopping()) return;
      this.options.onLost();
      connection = await this.#reconnect();
      if (connection !== undefined) this.options.onReconnected();
    }
  }

  /** Sends heartbeats until the connection is lost. */
  async #monitor({ client, lost, destroy }: Connection): Promise<void> {
    try {
      for (;;) {
        await delay(HEARTBEAT_INTERVAL_MS, undefined, { signal: lost, ref: false });
        const sentAt = performance.now();
        await this.#enqueue(() => withTimeout(client.query('select 1'), REPLY_TIMEOUT_MS, destroy));
        this.#upToDateAt = sentAt;
      }
    } catch {
      destroy();
    }
  }

  /** Retries until it succeeds; returns undefined when stopped meanwhile. */
  async #reconnect(): Promise<Connection | undefined> {
    const { signal } = this.#stopping;
    let delayMs = MIN_RECONNECT_DELAY_MS;
    while (!this.#isStopping()) {
      await delay(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
      try {
        if (!this.#isStopping()) return await this.#connect();
      } catch {
        // The next attempt may succeed; until then `staleness` grows.
      }
      delayMs = Math.min(2 * delayMs, MAX_RECONNECT_DELAY_MS);
    }
    return undefined;
  }

  async #connect(): Promise<Connection> {
    const { channels, catchUp, connectTimeoutMs } = this.options;
    const connection = this.#createConnection();
    this.#connection = connection;
    const { client, destroy } = connection;
    try {
      await withTimeout(client.connect(), connectTimeoutMs, destroy);
      const listen = client.query(channels.map((channel) => `listen ${channel}`).join('; '));
      await withTimeout(listen, REPLY_TIMEOUT_MS, destroy);
      // After LISTEN, so that nothing is missed between the two.
      const sentAt = performance.now();
      await withTimeout(catchUp(client), connectTimeoutMs, destroy);
      this.#upToDateAt = sentAt;
      return connection;
    } catch (error) {
      destroy();
      throw error;
    }
  }

  /** Runs queries one after the other, as `pg` requires. */
  #enqueue<T>(query: () => Promise<T>): Promise<T> {
    const result = this.#lastQuery.then(query);
    this.#lastQuery = result.catch(() => undefined);
    return result;
  }

  async #withConnection(work: (client: Client) => Promise<void>): Promise<void> {
    const { client, destroy } = this.#createConnection();
    try {
      await withTimeout(client.connect(), this.options.connectTimeoutMs, destroy);
      await work(client);
    } finally {
      destroy();
    }
  }

  #createConnection(): Connection {
    const lost = new AbortController();
    const socket = new Socket();
    const client = new Client({ connectionString: this.#url, stream: () => socket });
    client.on('error', () => undefined).on('end', () => lost.abort());
    client.on('notification', ({ channel, payload = '' }) => {
      this.options.onNotification(channel, payload);
    });
    return { client, lost: lost.signal, destroy: () => void socket.destroy() };
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}

/**
 * Sends a notification over another connection, because a pooler in transaction mode accepts LISTEN
 * and delivers nothing.
 *
 * @throws ListenError
 */
async function assertDelivery(
  { client, destroy }: Connection,
  sender: Pick<Pool, 'query'>,
): Promise<void> {
  const testChannel = `taskward_echo_${randomUUID()}`;
  const delivered = Promise.withResolvers<unknown>();
  const onNotification = ({ channel }: Notification) => {
    if (channel === testChannel) delivered.resolve(true);
  };
  client.on('notification', onNotification);
  await withTimeout(client.query(`listen "${testChannel}"`), REPLY_TIMEOUT_MS, destroy);
  await sender.query(`notify "${testChannel}"`);
  const timer = setTimeout(() => {
    delivered.reject(new ListenError(NOT_DELIVERED));
  }, REPLY_TIMEOUT_MS);
  await delivered.promise.finally(() => clearTimeout(timer));
  client.off('notification', onNotification);
  await withTimeout(client.query(`unlisten "${testChannel}"`), REPLY_TIMEOUT_MS, destroy);
}
