import type { Change } from './changes.js';
import type { components } from './schema.js';

type Task = components['schemas']['Task'];
type TaskList = components['schemas']['TaskList'];
type MaybePromise<T> = T | Promise<T>;

/** All tasks and lists of a user, archived lists among them, but not the trash. */
export interface Snapshot {
  readonly tasks: readonly Task[];
  readonly lists: readonly TaskList[];
}

/**
 * A local copy of one user's tasks and lists, such as a database of the browser, that `sync()` writes.
 * Keep a store for each user, and let one `sync()` write it at a time.
 */
export interface Store {
  /** Returns the token that was stored last; `undefined` if the copy has never been complete. */
  readonly readToken: () => MaybePromise<string | undefined>;
  /** Replaces everything, and stores the token, in one step (all or nothing). */
  readonly replaceAll: (snapshot: Snapshot, token: string) => MaybePromise<void>;
  /**
   * Applies changes in their order, and stores the token, in one step. Types that end with `.trashed` or
   * `.removed` delete the task or list `id`; all others carry its whole state, to insert or overwrite.
   */
  readonly apply: (changes: readonly Change[], token: string) => MaybePromise<void>;
}

function put<T>(items: Map<string, T>, { id, type }: Change, state: T | null): void {
  if (state === null || /\.(trashed|removed)$/.test(type)) items.delete(id);
  else items.set(id, state);
}

/** A store in memory, which begins with a full read in each program. */
export class MemoryStore implements Store {
  /** Tasks by id. */
  readonly tasks = new Map<string, Task>();
  /** Lists by id. */
  readonly lists = new Map<string, TaskList>();
  #token: string | undefined;

  readToken(): string | undefined {
    return this.#token;
  }

  replaceAll({ tasks, lists }: Snapshot, token: string): void {
    this.tasks.clear();
    this.lists.clear();
    for (const task of tasks) this.tasks.set(task.id, task);
    for (const list of lists) this.lists.set(list.id, list);
    this.#token = token;
  }

  apply(changes: readonly Change[], token: string): void {
    for (const change of changes) {
      if ('task' in change) put(this.tasks, change, change.task);
      else put(this.lists, change, change.list);
    }
    this.#token = token;
  }
}
