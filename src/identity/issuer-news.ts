import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client, type Notification, type Pool } from 'pg';
import { within } from '../common/index.js';
import type { DatabaseLimits } from '../config/index.js';

/** Milliseconds between two questions whether the line is still there, and to wait for each answer. */
const HEARTBEAT = 2_000;
const PATIENCE = 2_000;
/** Milliseconds until a line that was lost is made anew: at first, and at most. */
const FIRST_RETRY = 100;
const LAST_RETRY = 1_000;

const REVOKED = 'taskward_session_revoked';
const KEYS_CHANGED = 'taskward_keys_changed';

const NO_NEWS =
  'DATABASE_URL: notifications of PostgreSQL (LISTEN) do not arrive, so revoked sessions could not be refused. A connection pooler in transaction mode does this: DATABASE_URL must lead to PostgreSQL directly, DATABASE_API_URL and DATABASE_IDENTITY_URL may lead through the pooler.';

/**
 * Ages by the database's clock alone: ours may differ. While that may have jumped, no age is believed:
 * all that are there have ended just now.
 */
const RECENT = `
  select id, case when is_steady
      then greatest(extract(epoch from clock_timestamp() - revoked_at)::float8, 0) else 0 end as age
    from revoked_session, coalesce((
      select clock_timestamp() >= trusted_from and clock_timestamp()
        between seen_at - interval '1 minute' and seen_at + interval '2 hours'
        from purge_clock
    ), false) as is_steady
   where not is_steady or revoked_at > now() - make_interval(secs => $1)
   order by revoked_at`;

/** Whom the news is for. */
export interface NewsListener {
  /** A session has ended so many seconds ago. One may be told more than once. */
  sessionRevoked?(sessionId: string, age: number): void;
  /** The signing keys are, or may be, others than before. */
  keysChanged?(): void;
}

/** News does not arrive, though PostgreSQL takes the question for it. */
class NoNewsError extends Error {
  override readonly name = 'NoNewsError';
}

/** A connection, and what ends it without waiting for anybody. */
interface Line {
  readonly client: Client;
  readonly lost: AbortSignal;
  readonly cut: () => void;
}

/**
 * What the triggers of schema `auth` tell, on a connection of its own: PostgreSQL's LISTEN. After a
 * lost connection everything recent is read again, as what was told in the meantime is gone.
 *
 * https://www.postgresql.org/docs/18/sql-listen.html
 */
export class IssuerNews {
  readonly #logger = new Logger('Identity');
  readonly #url: string;
  readonly #listeners: NewsListener[] = [];
  readonly #stopping = new AbortController();
  #line: Line | undefined;
  #running: Promise<void> | undefined;
  #upToDateAt = -Infinity;

  /**
   * @param sessionUrl of a session of its own, as `taskward_identity`
   * @param memory seconds for which a revoked session matters: its tokens have expired then.
   */
  constructor(
    private readonly pool: Pool,
    sessionUrl: string,
    private readonly memory: number,
    private readonly limits: DatabaseLimits,
  ) {
    const url = new URL(sessionUrl);
    url.searchParams.set('application_name', 'taskward news');
    this.#url = url.href;
  }

  subscribe(listener: NewsListener): void {
    this.#listeners.push(listener);
  }

  /** Milliseconds since which something may have happened that is not known here. */
  get staleness(): number {
    return performance.now() - this.#upToDateAt;
  }

  /**
   * Resolves when everything that happened before is known, and goes on listening.
   *
   * @throws Error of the driver, or NoNewsError: without news there must be no start.
   */
  async start(): Promise<void> {
    const line = await this.#open();
    try {
      await this.#prove(line);
    } catch (error) {
      line.cut();
      throw error;
    }
    this.#running = this.#listen(line);
  }

  /** Never rejects, nor hangs. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // Not `client.end()`: asked to end while it connects, a client of `pg` never settles `connect()`.
    this.#line?.cut();
    await this.#running;
  }

  async #listen(first: Line): Promise<void> {
    let line: Line | undefined = first;
    while (line !== undefined) {
      await this.#watch(line);
      if (this.#isStopping()) return;
      this.#logger.warn('The connection that tells of revoked sessions was lost.');
      line = await this.#reopen();
      if (line !== undefined) this.#comeBack();
    }
  }

  #comeBack(): void {
    this.#logger.log('The connection that tells of revoked sessions is back.');
    for (const listener of this.#listeners) listener.keysChanged?.();
  }

  /** Resolves when the line is lost. */
  async #watch(line: Line): Promise<void> {
    try {
      for (;;) {
        await delay(HEARTBEAT, undefined, { signal: line.lost, ref: false });
        const asked = performance.now();
        await within(PATIENCE, line.cut, line.client.query('select 1'));
        this.#upToDateAt = asked;
      }
    } catch {
      line.cut();
    }
  }

  /** Tries until it succeeds; undefined when it is not to go on. */
  async #reopen(): Promise<Line | undefined> {
    const { signal } = this.#stopping;
    for (let pause = FIRST_RETRY; !this.#isStopping(); pause = Math.min(2 * pause, LAST_RETRY)) {
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
      try {
        if (!this.#isStopping()) return await this.#open();
      } catch {
        // The next try may succeed. Meanwhile whoever asks is told that nothing is known.
      }
    }
    return undefined;
  }

  async #open(): Promise<Line> {
    const line = this.#dial();
    this.#line = line;
    const { client } = line;
    try {
      await within(this.limits.connectTimeout, line.cut, client.connect());
      const listen = client.query(`listen ${REVOKED}; listen ${KEYS_CHANGED}`);
      await within(PATIENCE, line.cut, listen);
      // Only now, so that nothing falls between what is read and what is told.
      const asked = performance.now();
      const recent = client.query<{ id: string; age: number }>(RECENT, [this.memory]);
      const { rows } = await within(this.limits.connectTimeout, line.cut, recent);
      for (const { id, age } of rows) this.#revoked(id, age);
      this.#upToDateAt = asked;
      return line;
    } catch (error) {
      line.cut();
      throw error;
    }
  }

  #dial(): Line {
    const lost = new AbortController();
    // Ours, as the client's own end waits for an answer that may never come.
    const socket = new Socket();
    const client = new Client({ connectionString: this.#url, stream: () => socket });
    client.on('error', () => undefined).on('end', () => lost.abort());
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === REVOKED) this.#revoked(payload, 0);
      if (channel === KEYS_CHANGED) for (const each of this.#listeners) each.keysChanged?.();
    });
    return { client, lost: lost.signal, cut: () => void socket.destroy() };
  }

  /** Has another connection say something: a pooler that shares connections loses it. */
  async #prove(line: Line): Promise<void> {
    const echo = `taskward_echo_${randomUUID()}`;
    const heard = Promise.withResolvers<unknown>();
    const hear = ({ channel }: Notification) => {
      if (channel === echo) heard.resolve(true);
    };
    line.client.on('notification', hear);
    await within(PATIENCE, line.cut, line.client.query(`listen "${echo}"`));
    await this.pool.query(`notify "${echo}"`);
    const timer = setTimeout(() => heard.reject(new NoNewsError(NO_NEWS)), PATIENCE);
    await heard.promise.finally(() => clearTimeout(timer));
    line.client.off('notification', hear);
    await within(PATIENCE, line.cut, line.client.query(`unlisten "${echo}"`));
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #revoked(sessionId: string, age: number): void {
    for (const listener of this.#listeners) listener.sessionRevoked?.(sessionId, age);
  }
}
