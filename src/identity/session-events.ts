import { Logger } from '@nestjs/common';
import type { ClientBase, Pool } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { ListenConnection } from '../database/index.js';

const SESSION_REVOKED = 'taskward_session_revoked';
const KEYS_CHANGED = 'taskward_keys_changed';

/**
 * Sessions revoked within the last `$1` seconds. Ages come from the database's clock, because ours
 * may differ. While that clock may have jumped, no age is trusted: every session counts as just
 * revoked.
 */
const RECENTLY_REVOKED = `
  select id, case when is_steady
      then greatest(extract(epoch from clock_timestamp() - revoked_at)::float8, 0) else 0 end as age
    from revoked_session, coalesce((
      select clock_timestamp() >= trusted_from and clock_timestamp()
        between seen_at - interval '1 minute' and seen_at + interval '2 hours'
        from purge_clock
    ), false) as is_steady
   where not is_steady or revoked_at > now() - make_interval(secs => $1)
   order by revoked_at`;

/** Callbacks for what happens in the schema `auth`, on whichever instance. */
export interface SessionEventsListener {
  /** A session ended `ageSeconds` ago. The same session may be reported more than once. */
  sessionRevoked?(sessionId: string, ageSeconds: number): void;
  /** The signing keys changed, or may have. */
  keysChanged?(): void;
}

/** Events that the triggers of the schema `auth` notify. */
export class SessionEvents {
  readonly #logger = new Logger('Identity');
  readonly #listeners: SessionEventsListener[] = [];
  readonly #connection: ListenConnection;

  /**
   * @param sessionUrl connection string that bypasses poolers, as `taskward_identity`.
   * @param retentionSeconds how long a revoked session matters: by then its tokens have expired.
   */
  constructor(
    private readonly pool: Pool,
    sessionUrl: string,
    private readonly retentionSeconds: number,
    { connectTimeoutMs }: DatabaseLimits,
  ) {
    this.#connection = new ListenConnection({
      url: sessionUrl,
      applicationName: 'taskward listen',
      channels: [SESSION_REVOKED, KEYS_CHANGED],
      connectTimeoutMs,
      catchUp: (client) => this.#catchUp(client),
      onNotification: (channel, payload) => {
        if (channel === SESSION_REVOKED) this.#sessionRevoked(payload, 0);
        if (channel === KEYS_CHANGED) this.#keysChanged();
      },
      onLost: () => {
        this.#logger.warn('The connection that receives session events was lost.');
      },
      onReconnected: () => {
        this.#logger.log('The connection that receives session events is back.');
        this.#keysChanged();
      },
    });
  }

  subscribe(listener: SessionEventsListener): void {
    this.#listeners.push(listener);
  }

  /** Milliseconds since the last moment up to which every event is known. */
  get staleness(): number {
    return this.#connection.staleness;
  }

  /**
   * Resolves once every earlier event is known, and keeps listening.
   *
   * @throws ListenError, or an error of the driver.
   */
  async start(): Promise<void> {
    await this.#connection.start(this.pool);
  }

  /** Never rejects or hangs. */
  async stop(): Promise<void> {
    await this.#connection.stop();
  }

  async #catchUp(client: ClientBase): Promise<void> {
    const { rows } = await client.query<{ id: string; age: number }>(RECENTLY_REVOKED, [
      this.retentionSeconds,
    ]);
    for (const { id, age } of rows) this.#sessionRevoked(id, age);
  }

  #sessionRevoked(sessionId: string, ageSeconds: number): void {
    for (const listener of this.#listeners) listener.sessionRevoked?.(sessionId, ageSeconds);
  }

  #keysChanged(): void {
    for (const listener of this.#listeners) listener.keysChanged?.();
  }
}
