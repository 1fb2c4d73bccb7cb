import type { AuthorizedFetch } from './authorized-fetch.js';
import type { Change, ChangeLog, ChangePage } from './changes.js';
import { followChanges, type FollowLimits } from './follow.js';
import { linkedController } from './linked-controller.js';
import type { Get } from './pages.js';
import type { Store } from './store.js';
import { syncStore } from './sync.js';

/** Options of `sync()`. */
export interface SyncOptions extends Partial<FollowLimits> {
  readonly signal?: AbortSignal;
}

/** Options of `changes.follow()`. */
export interface FollowOptions extends SyncOptions {
  /** Token of the last change that the caller has seen. Default: the token of this moment. */
  readonly since?: string;
}

/** The tasks, lists and changes of the user whose token `authorized` adds. */
export class UserData {
  readonly #log: ChangeLog;

  /** @param closed is aborted when the user's token is forgotten */
  constructor(
    baseUrl: string,
    authorized: AuthorizedFetch,
    private readonly get: Get,
    private readonly closed: AbortSignal,
  ) {
    const url = new URL('/api/v1/changes/stream', baseUrl).href;
    this.#log = {
      readPage: async (since, signal) => {
        const query = since === undefined ? {} : { since };
        return (await get('/api/v1/changes', { params: { query }, signal })).data as ChangePage;
      },
      openStream: (token, signal) => {
        const headers = { accept: 'text/event-stream', 'last-event-id': token };
        return authorized.openStream(new Request(url, { headers, signal, credentials: 'omit' }));
      },
    };
  }

  async *follow({ signal, ...options }: FollowOptions): AsyncGenerator<Change, void, undefined> {
    const { controller, unlink } = linkedController(this.closed, signal);
    try {
      for await (const { changes } of followChanges(this.#log, controller.signal, options)) {
        yield* changes;
      }
    } finally {
      unlink();
    }
  }

  async sync(store: Store, { signal, ...limits }: SyncOptions): Promise<never> {
    const { controller, unlink } = linkedController(this.closed, signal);
    try {
      return await syncStore({ log: this.#log, get: this.get }, store, controller.signal, limits);
    } finally {
      unlink();
    }
  }
}
