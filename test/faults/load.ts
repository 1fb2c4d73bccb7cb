import { setTimeout as delay } from 'node:timers/promises';
import { claims, now, signWithSecret } from '../support/secret-mode.ts';
import { HttpClient } from './http-client.ts';
import { Ledger } from './ledger.ts';
import { Tally } from './tally.ts';
import { type Shared, Worker } from './worker.ts';

export interface LoadOptions {
  readonly users?: number;
  readonly workersPerUser?: number;
  readonly readsPerWrite?: number;
  /** Failures of a request that the fault may cause. */
  readonly tolerates?: readonly ('cut' | 503)[];
}

/** Seconds after the end of a fault in which a request must have succeeded. */
const TIMEOUT_SECONDS = 30;
/** Milliseconds without a failure after which a fault is over. */
const QUIET = 1_000;
/** Seconds within which readiness and every request must be well again. */
const RECOVERY = 5;

const day = () => now() + 24 * 3600;

/** Users who read and write all the time. */
export class Load {
  readonly client: HttpClient;
  readonly tally: Tally;
  readonly #shared: Shared;
  readonly #workers: Worker[] = [];
  #running: Promise<unknown> = Promise.resolve();

  private constructor(
    url: string,
    tally: Tally,
    { readsPerWrite = 2, tolerates = [] }: LoadOptions,
  ) {
    this.client = new HttpClient(url);
    this.tally = tally;
    this.client.onResponse = (seconds) => {
      tally.slowest = Math.max(tally.slowest, seconds);
    };
    this.#shared = {
      client: this.client,
      ledger: new Ledger(),
      tally,
      tolerates: new Set(tolerates),
      readsPerWrite,
      lastIds: new Map(),
      lastFailure: 0,
      lastSuccess: 0,
      isStopped: false,
    };
  }

  static async start(url: string, tally: Tally, options: LoadOptions = {}): Promise<Load> {
    const load = new Load(url, tally, options);
    const { users = 8, workersPerUser = 2 } = options;
    for (let user = 0; user < users; user += 1) {
      const sub = `user-${String(user)}`;
      const token = await signWithSecret(claims({ sub, exp: day() }));
      for (let worker = 0; worker < workersPerUser; worker += 1) {
        const name = `worker ${String(worker)}`;
        load.#workers.push(new Worker(load.#shared, sub, name, token));
      }
    }
    load.#running = Promise.all(load.#workers.map((worker) => worker.run()));
    // Awaited in stop(); until then a failure must not count as unhandled.
    load.#running.catch(() => undefined);
    return load;
  }

  /** Seconds from `since` to the last request that failed; it is an error when there is no end. */
  async recovery(since: number): Promise<number> {
    const deadline = since + TIMEOUT_SECONDS * 1_000;
    let readyAt: number | undefined;
    for (;;) {
      if ((await this.client.send({ path: '/health/ready' })).status === 200) {
        readyAt ??= performance.now();
      }
      const { lastFailure, lastSuccess } = this.#shared;
      const isQuiet = performance.now() - Math.max(lastFailure, since) > QUIET;
      if (readyAt !== undefined && isQuiet && lastSuccess > Math.max(lastFailure, since)) break;
      if (performance.now() > deadline) {
        this.tally.fail(`no recovery within ${String(TIMEOUT_SECONDS)} s`);
        break;
      }
      await delay(20);
    }
    const felt = Math.max(readyAt ?? performance.now(), this.#shared.lastFailure, since);
    const seconds = (felt - since) / 1_000;
    this.tally.recoveries.push(seconds);
    if (seconds > RECOVERY) this.tally.fail(`recovery took ${seconds.toFixed(1)} s`);
    return seconds;
  }

  /** Waits until requests have begun to fail. */
  untilFailing(since: number): Promise<void> {
    return this.#until(() => this.#shared.lastFailure >= since);
  }

  /** Waits until so many more changes were acknowledged. */
  untilAcknowledged(more: number): Promise<void> {
    const goal = this.tally.acknowledged + more;
    return this.#until(() => this.tally.acknowledged >= goal);
  }

  /** @throws what ended a worker that must not end, or that it took too long. */
  async #until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 10 * TIMEOUT_SECONDS * 1_000;
    while (!condition()) {
      await Promise.race([delay(10), this.#running]);
      if (performance.now() > deadline) throw new Error(`in vain: ${String(condition)}`);
    }
  }

  /** Ends the load, each worker after what it is doing. */
  async stop(): Promise<void> {
    this.#shared.isStopped = true;
    await this.#running;
  }

  /** Compares all that was acknowledged with the table and with what each user is shown. */
  async verify(databaseUrl: string): Promise<void> {
    await this.stop();
    await this.#shared.ledger.verify(databaseUrl, this.tally);
    for (const worker of this.#workers) await worker.readBack();
    this.client.close();
  }
}
