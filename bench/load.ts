import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Job, Result } from './driver.ts';
import type { Side } from './sides.ts';

/** The part of a side that a driver uses. */
export type Target = Pick<Side, 'port' | 'database'> & {
  readonly service: Pick<Side['service'], 'pids'>;
};

type DriverReply = { readonly result: Result } | { readonly error: string };

/** The requests to send to a side, and how many. */
export type Load = Omit<Job, 'port' | 'pids' | 'database'>;

/** The load that every driver can generate: each response triggers the next request. */
export type SteadyLoad = Omit<Load, 'maxRequests' | 'rate'>;

export type DriverName = 'bursts' | 'wrk';

export interface LoadDriver {
  readonly name: DriverName;
  /** CPU times are NaN without /proc. */
  run(target: Target, load: SteadyLoad): Promise<Result>;
}

/** The driver's process, which sends requests in bursts: one for each response of an I/O event. */
export class BurstDriver implements LoadDriver {
  readonly name = 'bursts';
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'driver.ts'), {
    // JSON cannot represent NaN.
    serialization: 'advanced',
  });

  /** @throws Error when a response is not successful. */
  async run({ port, service, database }: Target, load: Load): Promise<Result> {
    const job: Job = { ...load, port, pids: service.pids(), database: database?.name };
    const reply = await new Promise<DriverReply>((resolve, reject) => {
      this.#child.once('message', (message) => resolve(message as DriverReply));
      this.#child.once('exit', () => reject(new Error('the driver has ended')));
      this.#child.send(job);
    }).finally(() => this.#child.removeAllListeners('exit'));
    if ('error' in reply) throw new Error(reply.error);
    return reply.result;
  }

  stop(): void {
    this.#child.kill();
  }
}
