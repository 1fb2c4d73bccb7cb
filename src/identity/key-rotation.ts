import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { shownReason } from '../problems/index.js';
import type { Env } from '../config/index.js';
import { openPool } from './identity-pool.js';
import { type Rotation, SigningKeys } from './signing-keys.js';

/** Milliseconds between two looks at the age of the signing key. */
const EVERY = 3_600_000;
/** Seconds. */
const DAY = 86_400;

/** Replaces the signing key when it is old enough, or encrypted with a secret that is to go. */
export class KeyRotation implements BeforeApplicationShutdown {
  readonly #logger = new Logger('KeyRotation');
  #running: Promise<void> | undefined;

  constructor(
    private readonly keys: SigningKeys,
    private readonly days: number,
  ) {}

  /**
   * At the start and not later: while instances change to a new secret one after the other, each
   * kind finds the other's key outdated, and the last to start is one that has changed.
   */
  async atStart(): Promise<void> {
    this.#tell(
      await this.keys.rotate(
        async (newest) => this.#isOld(newest.age) || !(await this.keys.isCurrent(newest)),
      ),
    );
  }

  /** Never fails: what fails is tried again in an hour. */
  @Interval('key-rotation', EVERY)
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** The connections end after this. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      this.#tell(await this.keys.rotate(({ age }) => this.#isOld(age)));
    } catch (error) {
      this.#logger.warn(`The signing key could not be looked after: ${shownReason(error)}`);
    }
  }

  #isOld(age: number): boolean {
    return age >= this.days * DAY;
  }

  #tell(rotation: Rotation | undefined): void {
    if (rotation === undefined) return;
    const { kid, signsFrom } = rotation;
    this.#logger.log(`The new key ${kid} signs from ${signsFrom.toISOString()} on.`);
  }
}

/**
 * Makes a new signing key on command.
 *
 * @param revoke whether the others are to go at once, and the new one to sign at once.
 * @returns undefined when a key that was made before is still waiting to sign.
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
