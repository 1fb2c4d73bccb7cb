import { setTimeout as delay } from 'node:timers/promises';
import { type ReceivedEvent, StreamClient } from '../support/event-stream.ts';
import type { Tally } from './tally.ts';

/** Milliseconds between two looks at a stream, and before a new one is opened. */
const LOOK_MS = 5;
const RETRY_MS = 100;

/** A version of a task, as an event has it. */
export interface Seen {
  readonly id: string;
  readonly version: number;
}

interface FollowerOptions {
  readonly token: string;
  /** Instances, in the order in which they are connected to. */
  readonly origins: readonly string[];
  readonly tally: Tally;
}

/** A client that follows a user's changes; each new connection resumes, at another instance. */
export class Follower {
  /** In the order in which they were received. */
  readonly seen: Seen[] = [];
  /** The latest version of each task. */
  readonly versions = new Map<string, number>();
  readonly #options: FollowerOptions;
  readonly #running: Promise<void>;
  #lastEventId = '';
  #isStopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { origins } = this.#options;
    for (let n = 0; !this.#isStopped; n += 1) {
      // An instance that is down refuses connections, or ends them.
      await this.#follow(origins[n % origins.length] ?? '').catch(() => undefined);
      await delay(RETRY_MS);
    }
  }

  async #follow(origin: string): Promise<void> {
    const { token, tally } = this.#options;
    const headers = this.#lastEventId === '' ? {} : { 'last-event-id': this.#lastEventId };
    const client = await StreamClient.open(origin, { token }, { headers });
    if (client.status !== 200) {
      if (client.status !== 503) tally.fail(`a stream: ${String(client.status)}`);
      return;
    }
    for (let taken = 0; !this.#isStopped || taken < client.events.length;) {
      const isClosed = client.isClosed;
      for (const event of client.events.slice(taken)) this.#receive(event);
      taken = client.events.length;
      this.#lastEventId = client.lastEventId;
      if (isClosed) break;
      await delay(LOOK_MS);
    }
    client.close();
  }

  #receive({ event, data }: ReceivedEvent): void {
    if (event !== 'change') return;
    const { id, version } = JSON.parse(data) as Seen;
    this.#options.tally.reads += 1;
    this.seen.push({ id, version });
    this.versions.set(id, version);
  }
}
