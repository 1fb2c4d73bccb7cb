import { isLocal } from './change';
import type { Done } from './queue';
import type { Task } from './task';

/** The tasks of a page as the server returned them, and the ids that it gave to those that were made here. */
export class KnownTasks {
  /** Ids that the server gave to tasks made here, and back. */
  readonly #made = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  /** Tasks as the server returned them last. */
  readonly #latest = new Map<string, Task>();
  /** The newest version of each task that lists were changed by. */
  readonly #versions = new Map<string, number>();

  /** Returns the same key before and after the server gave a task its id. */
  readonly keyOf = (id: string): string => this.#keys.get(id) ?? id;

  /** Returns the id that the server gave to a task, if it was made here. */
  readonly idOf = (id: string): string => this.#made.get(id) ?? id;

  /** Returns the task as the server has it, under the id that it has there. */
  readonly latest = (task: Task): Task => {
    const id = this.idOf(task.id);
    const known = this.#latest.get(id);
    return known && known.version > task.version ? known : { ...task, id };
  };

  /** Returns whether a version of a task has not been seen yet. */
  readonly isNews = (id: string, version: number): boolean =>
    version > (this.#versions.get(id) ?? 0);

  /** Records a version of a task; returns whether it is news. */
  readonly see = (id: string, version: number): boolean => {
    const isNews = this.isNews(id, version);
    if (isNews) this.#versions.set(id, version);
    return isNews;
  };

  /** Returns the tasks that were made or changed here, except those that have changed since. */
  readonly changedHere = (): Task[] =>
    [...this.#latest.values()].filter(({ id, version }) => version === this.#versions.get(id));

  /** Keeps the outcome of a change; returns whether it has given a task its id. */
  adopt({ entry: { change }, task }: Done & { readonly task: Task }): boolean {
    this.#latest.set(task.id, task);
    if (!isLocal(change.id)) return false;
    this.#made.set(change.id, task.id);
    this.#keys.set(task.id, change.id);
    return true;
  }
}
