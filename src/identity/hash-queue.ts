import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '../problems/index.js';

/** Hashes that wait at a time, of all clients, and how long one may. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 5_000;

interface Job {
  readonly start: () => void;
  readonly refuse: () => void;
}

/** The network of the client whose request is being answered. */
const client = new AsyncLocalStorage<string>();

/** Runs `work`, whose hashes wait in the queue of `network`. */
export const asClient = <T>(network: string, work: () => Promise<T>): Promise<T> =>
  client.run(network, work);

function busy(): Problem {
  return new Problem('server_busy', 'Too many passwords are being checked at the moment.', {
    headers: { 'retry-after': String(MAX_WAIT_MS / 1_000) },
  });
}

/**
 * Lets a few hashes run at once. What waits is taken from one network after the other, so that a flood
 * from one of them fills its own queue: somebody else waits for one hash, and not for hundreds. When all
 * places are taken, the longest queue gives up its last.
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

  #wait(network: string): Promise<void> {
    const queue = this.#queues.get(network) ?? [];
    if (this.#waiting === MAX_WAITING && !this.#makeRoom(queue.length)) {
      return Promise.reject(busy());
    }
    this.#queues.set(network, queue);
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const refuse = () => {
        clearTimeout(timer);
        this.#remove(network, queue, job);
        reject(busy());
      };
      const start = () => {
        clearTimeout(timer);
        resolve();
      };
      const job: Job = { start, refuse };
      const timer = setTimeout(refuse, MAX_WAIT_MS);
      queue.push(job);
    });
  }

  /** Refuses the last of the longest queue; false if none is longer than that of who asks. */
  #makeRoom(length: number): boolean {
    const [longest] = [...this.#queues.values()].sort((a, b) => b.length - a.length);
    if (longest === undefined || longest.length <= length + 1) return false;
    longest.at(-1)?.refuse();
    return true;
  }

  /** Hands the place of a hash that is done to the next network, which then goes to the end of the line. */
  #next(): void {
    const [entry] = this.#queues;
    const job = entry?.[1][0];
    if (entry === undefined || job === undefined) {
      this.#running -= 1;
      return;
    }
    const [network, queue] = entry;
    this.#remove(network, queue, job);
    if (queue.length > 0) {
      this.#queues.delete(network);
      this.#queues.set(network, queue);
    }
    job.start();
  }

  #remove(network: string, queue: Job[], job: Job): void {
    queue.splice(queue.indexOf(job), 1);
    this.#waiting -= 1;
    if (queue.length === 0) this.#queues.delete(network);
  }
}
