import { AsyncLocalStorage } from 'node:async_hooks';
import { countRefused } from '../metrics/index.js';
import { Problem } from '../problems/index.js';

/** Maximum number of waiting hashes, of all clients together, and how long each may wait. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 5_000;

interface Job {
  readonly start: () => void;
  readonly refuse: () => void;
}

/** Network of the client whose request is being handled. */
const currentNetwork = new AsyncLocalStorage<string>();

/** Runs `work`; its hashes wait in the queue of `network`. */
export const runForNetwork = <T>(network: string, work: () => Promise<T>): Promise<T> =>
  currentNetwork.run(network, work);

function serverBusy(): Problem {
  countRefused('password_hashes');
  return new Problem('server_busy', 'Too many passwords are being checked at the moment.', {
    headers: { 'retry-after': String(MAX_WAIT_MS / 1_000) },
  });
}

/**
 * Limits how many hashes run at once. Waiting hashes are taken from each network in turn, so a
 * flood from one network delays others by one hash, not by hundreds. When the queue is full, the
 * longest per-network queue loses its last entry.
 */
export class HashQueue {
  readonly #queues = new Map<string, Job[]>();
  #running = 0;
  #waiting = 0;

  /** @param maxConcurrent maximum number of hashes running at once. */
  constructor(private readonly maxConcurrent: number) {}

  /** @throws Problem `server_busy` when a hash waited too long, or too many are waiting. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.maxConcurrent) await this.#wait(currentNetwork.getStore() ?? '');
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#startNext();
    }
  }

  #wait(network: string): Promise<void> {
    const queue = this.#queues.get(network) ?? [];
    if (this.#waiting === MAX_WAITING && !this.#makeRoom(queue.length)) {
      return Promise.reject(serverBusy());
    }
    this.#queues.set(network, queue);
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      const refuse = () => {
        clearTimeout(timer);
        this.#remove(network, queue, job);
        reject(serverBusy());
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

  /**
   * Rejects the last entry of the longest queue; returns false if none is longer than the caller's.
   */
  #makeRoom(length: number): boolean {
    const [longest] = [...this.#queues.values()].sort((a, b) => b.length - a.length);
    if (longest === undefined || longest.length <= length + 1) return false;
    longest.at(-1)?.refuse();
    return true;
  }

  /** Starts the next hash, and moves its network to the end of the rotation. */
  #startNext(): void {
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
