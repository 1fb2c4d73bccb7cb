import type { Change as LogEntry } from '@taskward/client';
import { isTaskEntry, type TaskEntry } from '../changes/entry';
import { Follower } from '../changes/follower';
import { applyListEntries, refreshCounts, refreshLists } from '../lists/list-cache';
import { LiveCache } from './live-cache';
import { forgetSeenTasks } from './offline-db';
import { sentCreates } from './queue';
import { keepEntries } from './seen-entries';
import type { TaskSession } from './task-session';

/** Brings what is changed in other browsers into the lists of this page, as it happens. */
class LiveTasks {
  readonly #cache: LiveCache;
  readonly #follower: Follower;
  readonly #stopListening: readonly (() => void)[];
  /** Entries that wait until a change of this page is settled. */
  #held: readonly TaskEntry[] = [];

  constructor(private readonly session: TaskSession) {
    const { user, options } = session;
    const { client, queries, outbox } = options;
    const isInPlace = (id: string) =>
      session.editing.has(id) || outbox.snapshot().some(({ change }) => change.id === id);
    this.#cache = new LiveCache({ queries, user, isInPlace });
    this.#follower = new Follower({
      user,
      client,
      onChanges: (changes, isLeading) => this.#apply(changes, isLeading),
      onGap: (isLost) => void this.#readAll(isLost),
    });
    const release = () => this.#release();
    this.#stopListening = [outbox.subscribe(release), session.editing.subscribe(release)];
  }

  readonly close = (): void => {
    this.#follower.close();
    this.#cache.close();
    for (const stop of this.#stopListening) stop();
  };

  async #apply(changes: readonly LogEntry[], isLeading: boolean): Promise<void> {
    const { user, options } = this.session;
    const tasks = changes.filter(isTaskEntry);
    applyListEntries(
      options.queries,
      user,
      changes.filter((change) => !isTaskEntry(change)),
    );
    this.#applyTasks(tasks);
    // Without a database there is nothing to show without a connection, and no harm done.
    if (isLeading) await keepEntries(this.session, tasks).catch(() => undefined);
  }

  #applyTasks(entries: readonly TaskEntry[]): void {
    const { session } = this;
    const ids = new Set(entries.map(({ id }) => id));
    for (const id of ids) {
      const queryKey = ['history', session.user, id];
      void session.options.queries.invalidateQueries({ queryKey });
    }
    const waiting = [...this.#held.filter(({ id }) => !ids.has(id)), ...entries];
    const news = waiting.filter(({ id, version }) => session.isNews(id, version));
    this.#held = news.filter((entry) => this.#isHeld(entry));
    const applied = news.filter((entry) => !this.#held.includes(entry));
    if (applied.length === 0) return;
    this.#cache.apply(applied);
    for (const { id, version } of applied) session.see(id, version);
    refreshCounts(session.options.queries, session.user);
  }

  #release(): void {
    if (this.#held.length > 0) this.#applyTasks([]);
  }

  /**
   * A task that may be the one that this page is making would be shown twice until the response comes, and one that
   * is being edited would vanish with what was typed.
   */
  #isHeld({ id, type, task }: TaskEntry): boolean {
    const { editing, options } = this.session;
    if (task === null || type === 'task.trashed') return editing.has(id);
    return (
      type === 'task.created' &&
      sentCreates(options.outbox.snapshot()).some(({ title }) => title === task.title)
    );
  }

  async #readAll(isLost: boolean): Promise<void> {
    const { queries } = this.session.options;
    if (isLost) {
      await forgetSeenTasks(this.session.user).catch(() => undefined);
      void refreshLists(queries, this.session.user);
    }
    await this.#cache.readAll();
  }
}

/** Starts to follow the changes of a user; returns a function that stops it. */
export const followTasks = (session: TaskSession): (() => void) => new LiveTasks(session).close;
