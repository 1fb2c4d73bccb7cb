import { formatEvent } from '../http/index.js';
import type { AuthenticatedUser } from '../auth/index.js';
import type { ChangesService } from './changes.service.js';

/** Entries that are read at a time: a stream holds up to as many for a client that reads slowly. */
const PAGE_SIZE = 50;

/** Events after a position of the log, and the position after them. */
export interface FeedPage {
  readonly events: readonly string[];
  readonly next: bigint;
  readonly hasMore: boolean;
}

/**
 * The log of one owner, as their streams on this instance read it: one statement at a time, however
 * many streams there are, and the same one for all that have come equally far.
 */
export class ChangeFeed {
  /** Reads that have not started: only these can return what has changed by now. */
  readonly #waiting = new Map<bigint, Promise<FeedPage>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly changes: ChangesService,
    private readonly user: AuthenticatedUser,
  ) {}

  /**
   * Returns what has changed after a position.
   *
   * @throws Problem `change_token_expired`, or `database_unavailable` and the like.
   */
  read(position: bigint): Promise<FeedPage> {
    const waiting = this.#waiting.get(position);
    if (waiting !== undefined) return waiting;
    const page = this.#last.then(() => {
      this.#waiting.delete(position);
      return this.#load(position);
    });
    this.#waiting.set(position, page);
    this.#last = page.catch(() => undefined);
    return page;
  }

  tokenOf(position: bigint): string {
    return this.changes.tokenOf(this.user, position);
  }

  async #load(position: bigint): Promise<FeedPage> {
    const { data, next, hasMore } = await this.changes.after(this.user, position, PAGE_SIZE);
    const events = data.map((change) =>
      formatEvent({ event: 'change', id: change.token, data: JSON.stringify(change) }),
    );
    const token = this.tokenOf(next);
    // The last entry may be of something that has changed again, and is left out here.
    if (next > position && data.at(-1)?.token !== token) events.push(formatEvent({ id: token }));
    return { events, next, hasMore };
  }
}
