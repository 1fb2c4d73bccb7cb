import type { Query, QueryClient } from '@tanstack/react-query';
import type { TaskEntry } from '../changes/entry';
import { withEntry } from './entry-pages';
import { entrySteps, knownTasks } from './entry-steps';
import type { LocalFilter } from './filter';
import { type Deltas, progressDeltas, withProgress } from './progress';
import { filterOf, taskLists } from './task-cache';
import { type TaskPages, withUpdated } from './task-pages';

/** Lists of fewer pages are read again rather than changed entry by entry, if there are many. */
const MAX_ENTRIES = 200;
const MAX_REREAD_PAGES = 3;
const REREAD_DELAY_MS = 500;
/** A list that was read so lately may count what an entry says already. */
const RECENT_MS = 10_000;

interface EntryOptions {
  readonly queries: QueryClient;
  readonly user: string;
  /** Returns whether a task stays where it is in a list. */
  readonly isInPlace: (id: string) => boolean;
}

/** Changes lists by what the change log says, and reads those again that it does not say all about. */
export class LiveCache {
  readonly #stale = new Set<Query<TaskPages>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: EntryOptions) {}

  close(): void {
    clearTimeout(this.#timer);
  }

  apply(entries: readonly TaskEntry[]): void {
    const { queries, user } = this.options;
    const lists = taskLists(queries, user);
    const tasksOf = ({ state }: Query<TaskPages>) =>
      state.data?.pages.flatMap(({ data }) => data) ?? [];
    const known = knownTasks(lists.filter((list) => filterOf(list).view !== 'trash').map(tasksOf));
    const { steps, unclear } = entrySteps(entries, known);
    const deltas = progressDeltas(steps);
    for (const list of lists) {
      const isRecent = Date.now() - list.state.dataUpdatedAt < RECENT_MS;
      this.#change(list, entries, isRecent ? undefined : deltas);
      const isUnclear = tasksOf(list).some(
        ({ id }) => unclear.has(id) || (isRecent && deltas.has(id)),
      );
      if (isUnclear || this.#isReadAgain(list, entries)) this.#readAgain(list);
      // A read on its way replaces the list, by what the server may have had before.
      if (list.state.fetchStatus !== 'fetching') continue;
      const again = () => {
        this.#change(list, entries);
        if (deltas.size > 0) this.#readAgain(list);
      };
      list.promise?.then(again, again);
    }
  }

  /** Reads all again: the lists on the page at once, others when they are shown. */
  async readAll(): Promise<void> {
    const { queries, user } = this.options;
    await queries.invalidateQueries({ queryKey: ['tasks', user] });
  }

  #change(list: Query<TaskPages>, entries: readonly TaskEntry[], deltas?: Deltas): void {
    const { data } = list.state;
    if (data === undefined) return;
    const filter = filterOf(list);
    const { isInPlace } = this.options;
    const changed = entries.reduce(
      (pages, entry) => withEntry(pages, entry, filter, isInPlace(entry.id)),
      data,
    );
    const applied = deltas ? withUpdated(changed, (task) => withProgress(task, deltas)) : changed;
    if (applied === data) return;
    list.setData(applied, { manual: true, updatedAt: list.state.dataUpdatedAt });
  }

  #isReadAgain(list: Query<TaskPages>, entries: readonly TaskEntry[]): boolean {
    const { view, search }: LocalFilter = filterOf(list);
    const pages = list.state.data?.pages.length ?? 0;
    if (view === 'trash') return entries.some(isOfTrash);
    if (search.q !== undefined) return true;
    return entries.length > MAX_ENTRIES && pages <= MAX_REREAD_PAGES;
  }

  #readAgain(list: Query<TaskPages>): void {
    this.#stale.add(list);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const stale = [...this.#stale];
      this.#stale.clear();
      for (const { queryKey } of stale)
        void this.options.queries.invalidateQueries({ queryKey, exact: true });
    }, REREAD_DELAY_MS);
  }
}

const isOfTrash = ({ type }: TaskEntry) =>
  type === 'task.trashed' || type === 'task.restored' || type === 'task.removed';
