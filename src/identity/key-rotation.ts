import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { errorSummary } from '../problems/index.js';
import type { Env } from '../config/index.js';
import { openPool } from './identity-pool.js';
import { type Rotation, SigningKeys } from './signing-keys.js';

/** Interval between checks of the signing key's age. */
const CHECK_INTERVAL_MS = 3_600_000;
const DAY_SECONDS = 86_400;

/** Replaces the signing key when it is too old, or encrypted with the previous secret. */
export class KeyRotation implements BeforeApplicationShutdown {
  readonly #logger = new Logger('KeyRotation');
  #running: Promise<void> | undefined;

  constructor(
    private readonly keys: SigningKeys,
    private readonly maxAgeDays: number,
  ) {}

  /**
   * Rotates at startup only: while instances switch to a new secret one by one, old and new ones
   * each consider the other's key outdated, and the last to start has the new secret.
   */
  async rotateAtStart(): Promise<void> {
    this.#logRotation(
      await this.keys.rotate(
        async (newest) => this.#isOld(newest.age) || !(await this.keys.isCurrent(newest)),
      ),
    );
  }

  /** Never rejects: a failure is retried an hour later. */
  @Interval('key-rotation', CHECK_INTERVAL_MS)
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Runs before the connections are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      this.#logRotation(await this.keys.rotate(({ age }) => this.#isOld(age)));
    } catch (error) {
      this.#logger.warn(`The signing key could not be checked: ${errorSummary(error)}`);
    }
  }

  #isOld(age: number): boolean {
    return age >= this.maxAgeDays * DAY_SECONDS;
  }

  #logRotation(rotation: Rotation | undefined): void {
    if (rotation === undefined) return;
    const { kid, signsFrom } = rotation;
    this.#logger.log(`The new key ${kid} signs from ${signsFrom.toISOString()}.`);
  }
}

/**
 * Creates a new signing key on command.
 *
 * @param revoke whether to remove the other keys and sign with the new one at once.
 * @returns undefined if an earlier key is still waiting to become active.
 */
export async function rotateKeys(
  env: Env,
  identityUrl: string,
  revoke: boolean,
): Promise<Rotation | undefined> {
  const pool = openPool(identityUrl, env.databaseLimits);
  try {
    const keys = new SigningKeys(pool, env);
    return await (revoke ? keys.revoke() : keys.rotate(({ age }) => age >= 0));
  } finally {
    await pool.end();
  }
}
