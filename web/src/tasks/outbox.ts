import type { Entry, Queue } from './change';
import { offlineDb, ofUser } from './offline-db';

/** The message by which the tabs of a browser tell each other about a user's queue. */
const CHANNEL = 'taskward-outbox';

const stored = ({ user: _, ...entry }: Entry & { readonly user: string }): Entry => entry;

/**
 * The changes of one user that the server has not confirmed, kept in IndexedDB. All tabs share it: each
 * write is a transaction on the queue as it is, whichever tab wrote it last.
 */
export class Outbox {
  #queue: Queue = [];
  #revision = -1;
  #writing: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor(readonly user: string) {
    this.#channel.onmessage = ({ data }) => {
      if (data === this.user) void this.load().catch(() => undefined);
    };
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly snapshot = (): Queue => this.#queue;

  readonly isLoaded = (): boolean => this.#revision >= 0;

  /** Reads the queue, if another tab has written it since. */
  load(): Promise<Queue> {
    return this.change((queue) => queue);
  }

  /** Replaces the queue by what `update` makes of it. Resolves once it is on the disk. */
  change(update: (queue: Queue) => Queue): Promise<Queue> {
    const writing = this.#writing.then(() => this.#write(update));
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  /** Drops the queue: nothing of it will be sent. */
  async discardAll(): Promise<void> {
    await this.change(() => []);
  }

  /** Listens no more; what is being sent may still be settled. */
  close(): void {
    this.#isClosed = true;
    this.#channel.close();
    this.#listeners.clear();
  }

  async #write(update: (queue: Queue) => Queue): Promise<Queue> {
    const { user } = this;
    const db = await offlineDb();
    const transaction = db.transaction(['changes', 'revisions'], 'readwrite');
    const changes = transaction.objectStore('changes');
    const revisions = transaction.objectStore('revisions');
    const { revision = 0 } = (await revisions.get(user)) ?? {};
    const isCurrent = revision === this.#revision;
    const before = isCurrent ? this.#queue : (await changes.getAll(ofUser(user))).map(stored);
    const after = update(before);
    if (after !== before) {
      const kept = new Map(after.map((entry) => [entry.seq, entry]));
      for (const { seq } of before) if (!kept.has(seq)) void changes.delete([user, seq]);
      const known = new Set(before);
      for (const entry of after) if (!known.has(entry)) void changes.put({ ...entry, user });
      void revisions.put({ user, revision: revision + 1 });
    }
    await transaction.done;
    this.#adopt(after, after === before ? revision : revision + 1);
    if (after !== before && !this.#isClosed) this.#channel.postMessage(user);
    return after;
  }

  #adopt(queue: Queue, revision: number): void {
    const isSame = this.#revision === revision;
    this.#revision = revision;
    this.#queue = queue;
    if (!isSame) for (const listener of this.#listeners) listener();
  }
}
