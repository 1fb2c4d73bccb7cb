import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '../common/problem.js';

/** Hashes that wait at a time, of all clients, and how long one may. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 5_000;

interface Job {
  readonly start: () => void;
}

/** The address of the client whose request is being answered. */
const client = new AsyncLocalStorage<string>();

/** Runs `work`, whose hashes wait in the queue of `address`. */
export const asClient = <T>(address: string, work: () => Promise<T>): Promise<T> =>
  client.run(address, work);

function busy(): Problem {
  return new Problem('server_busy', 'Too many passwords are being checked at the moment.', {
    headers: { 'retry-after': String(MAX_WAIT_MS / 1_000) },
  });
}

/**
 * Lets a few hashes run at once. What waits is taken from one address after the other, so that a flood
 * from one of them fills its own queue: somebody else waits for one hash, and not for hundreds.
 */
export class HashQueue {
  readonly #queues = new Map<string, Job[]>();
  #running = 0;
  #waiting = 0;

  /** @param maxRunning hashes at once. */
  constructor(private readonly maxRunning: number) {}

  /** @throws Problem `server_busy` when a hash has waited for too long, or too many do. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.maxRunning) await this.#wait(client.getStore() ?? '');
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #wait(address: string): Promise<void> {
    if (this.#waiting === MAX_WAITING) return Promise.reject(busy());
    const queue = this.#queues.get(address) ?? [];
    this.#queues.set(address, queue);
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const job: Job = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#remove(address, queue, job);
        reject(busy());
      }, MAX_WAIT_MS);
      queue.push(job);
    });
  }

  /** Hands the place of a hash that is done to the next address, which then goes to the end of the line. */
  #next(): void {
    const [entry] = this.#queues;
    const job = entry?.[1][0];
    if (entry === undefined || job === undefined) {
      this.#running -= 1;
      return;
    }
    const [address, queue] = entry;
    this.#remove(address, queue, job);
    if (queue.length > 0) {
      this.#queues.delete(address);
      this.#queues.set(address, queue);
    }
    job.start();
  }

  #remove(address: string, queue: Job[], job: Job): void {
    queue.splice(queue.indexOf(job), 1);
    this.#waiting -= 1;
    if (queue.length === 0) this.#queues.delete(address);
  }
}
