import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Job, Result } from './driver.ts';
import type { Side } from './sides.ts';

type DriverReply = { readonly result: Result } | { readonly error: string };

/** The requests to send to a side, and how many. */
export type Load = Omit<Job, 'port' | 'pid' | 'database'>;

/** The driver's process. */
export class Driver {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'driver.ts'), {
    // JSON cannot represent NaN.
    serialization: 'advanced',
  });

  /** @throws Error when a response is not successful. */
  async run({ port, service, database }: Side, load: Load): Promise<Result> {
    const job: Job = { ...load, port, pid: service.pid, database: database.name };
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
