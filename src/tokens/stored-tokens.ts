import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { DatabaseLimits } from '../config/index.js';
import { ListenConnection, type OwnerId } from '../database/index.js';
import { type FoundToken, PersonalTokens, type TokenDetails } from '../issuer/index.js';
import { measureStaleness } from '../metrics/index.js';
import { errorSummary, Problem } from '../problems/index.js';
import type { PersonalTokensRepository } from './personal-tokens.repository.js';
import type { TokenLookupRepository } from './token-lookup.repository.js';

const REVOKED = 'taskward_personal_token_revoked';
/** How long the database may be silent before no verified token is trusted any more. */
const MAX_STALENESS_MS = 5_000;
/** Interval between writes of the days on which tokens were used. */
const RECORD_INTERVAL_MS = 5_000;
/** Revoked tokens that are remembered; after that, all are looked up again. */
const MAX_REVOKED = 10_000;

/**
 * Personal tokens in the database. Each instance listens for those that are revoked, on whichever
 * instance: a verified token costs no query. What was revoked while there was no connection is not read
 * later; instead every verified token is looked up again.
 */
export class StoredTokens
  extends PersonalTokens
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #logger = new Logger('Tokens');
  readonly #connection: ListenConnection;
  readonly #listeners: (() => void)[] = [];
  /** Ids of tokens that were revoked in this epoch. */
  readonly #revoked = new Set<string>();
  #epoch: object = {};
  /** Days of use that are not written yet, by hash. */
  #uses = new Map<string, string>();

  /** @param url connection string that bypasses poolers, as `taskward_api`. */
  constructor(
    private readonly lookup: TokenLookupRepository,
    private readonly tokens: PersonalTokensRepository,
    url: string,
    { connectTimeoutMs }: DatabaseLimits,
  ) {
    super();
    this.#connection = new ListenConnection({
      url,
      applicationName: 'taskward tokens',
      channels: [REVOKED],
      connectTimeoutMs,
      catchUp: () => {
        this.#forget();
        return Promise.resolve();
      },
      onNotification: (_, id) => {
        // Without an id, some token was changed by hand.
        if (id === '') this.#forget();
        else this.#revoke(id);
      },
      onLost: () => {
        this.#logger.warn('The connection that receives revoked tokens was lost.');
      },
      onReconnected: () => {
        this.#logger.log('The connection that receives revoked tokens is back.');
      },
    });
  }

  /** @throws ListenError, or an error of the driver. */
  async onModuleInit(): Promise<void> {
    await this.#connection.start();
    measureStaleness('tokens', () => this.#connection.staleness / 1_000);
  }

  /** Writes the last uses while there still are connections. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.writeUses();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#connection.stop();
  }

  override async find(hash: string): Promise<FoundToken | undefined> {
    // Before the lookup, which may not see a revocation during it.
    const epoch = this.#epoch;
    const found = await this.lookup.find(hash);
    return found && { ...found, epoch };
  }

  override async describe(ownerId: OwnerId, hash: string): Promise<TokenDetails | undefined> {
    return (await this.tokens.findByHash(ownerId, hash)) ?? undefined;
  }

  override isCurrent(epoch: object): boolean {
    return epoch === this.#epoch;
  }

  override isRevoked(id: string): boolean {
    if (this.#revoked.has(id)) return true;
    if (this.#connection.staleness > MAX_STALENESS_MS) {
      throw new Problem(
        'database_unavailable',
        'The database is unavailable, so it is unknown whether the token was revoked.',
      );
    }
    return false;
  }

  override onRevoked(listener: () => void): void {
    this.#listeners.push(listener);
  }

  override recordUse(hash: string, day: string): void {
    this.#uses.set(hash, day);
  }

  /** Writes all days of use as one statement a day. Never rejects: what failed is written the next time. */
  @Interval(RECORD_INTERVAL_MS)
  async writeUses(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      for (const [day, hashes] of Map.groupBy(uses.keys(), (hash) => uses.get(hash) ?? '')) {
        await this.lookup.recordUse(hashes, day);
      }
    } catch (error) {
      this.#uses = new Map([...uses, ...this.#uses]);
      this.#logger.debug(`The days of use were not written: ${errorSummary(error)}`);
    }
  }

  #revoke(id: string): void {
    if (this.#revoked.size >= MAX_REVOKED) this.#forget();
    this.#revoked.add(id);
    this.#report();
  }

  /** Begins an epoch: every verified token is looked up again. */
  #forget(): void {
    this.#epoch = {};
    this.#revoked.clear();
    this.#report();
  }

  #report(): void {
    for (const listener of this.#listeners) listener();
  }
}
