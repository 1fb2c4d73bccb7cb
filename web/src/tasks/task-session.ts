import { randomKey, type TaskwardClient } from '@taskward/client';
import type { QueryClient } from '@tanstack/react-query';
import { type Action, type Bulk, nameOf, undone } from './action';
import {
  type Change,
  type Entry,
  enqueue,
  enqueueAll,
  isLocal,
  localId,
  type Queue,
} from './change';
import { renameEdit } from './drafts';
import type { Outbox } from './outbox';
import { discard, type Done } from './queue';
import { Sender } from './sender';
import { changedFields, fieldsOf, inversePatch, type Task, type TaskFields } from './task';
import { applyDone } from './task-cache';

interface SessionOptions {
  readonly user: string;
  readonly client: TaskwardClient;
  readonly queries: QueryClient;
  readonly outbox: Outbox;
}

const MAX_ACTIONS = 50;
const CHANNEL = 'taskward-done';

interface DoneMessage {
  readonly user: string;
  readonly done: readonly Done[];
}

/**
 * The tasks of one user: every change goes through the outbox, and every action can be undone. A method
 * that changes tasks resolves with whether the change is stored.
 */
export class TaskSession {
  readonly sender: Sender;
  #actions: Action[] = [];
  #bulk: Bulk | undefined;
  /** Ids that the server gave to tasks made here, and back. */
  readonly #made = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  /** Tasks as the server returned them last. */
  readonly #known = new Map<string, Task>();
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel(CHANNEL);
  #isClosed = false;

  constructor(readonly options: SessionOptions) {
    const { outbox, client } = options;
    this.sender = new Sender({
      outbox,
      client,
      onDone: (done) => {
        this.#adopt(done);
        this.#channel.postMessage({ user: options.user, done } satisfies DoneMessage);
      },
    });
    this.#channel.onmessage = ({ data }: MessageEvent<DoneMessage>) => {
      if (data.user === options.user) this.#adopt(data.done);
    };
  }

  get user(): string {
    return this.options.user;
  }

  /** Whether the user has left. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** The last action, for the message about it. */
  readonly lastAction = (): Action | undefined => this.#actions.at(-1);
  readonly bulk = (): Bulk | undefined => this.#bulk;

  /** Returns the same key before and after the server gave a task its id. */
  readonly keyOf = (id: string): string => this.#keys.get(id) ?? id;

  /** Returns the id that the server gave to a task, if it was made here. */
  readonly idOf = (id: string): string => this.#made.get(id) ?? id;

  /** Adds a task; `abandoned` is a change that is given up for it, in the same write. */
  add(fields: TaskFields, abandoned?: Entry): Promise<boolean> {
    const id = localId();
    const change: Change = { kind: 'create', id, fields, at: new Date().toISOString() };
    const task = { id, version: 0, ...fields } as Task;
    const undo = () => this.#send([this.#deletion(task)]);
    return this.#take({ name: 'added', tasks: [task], undo }, [change], (queue) =>
      abandoned ? discard(queue, abandoned) : queue,
    );
  }

  edit(task: Task, fields: Partial<TaskFields>): Promise<boolean> {
    return this.editAll([task], changedFields(task, fields));
  }

  /** Applies the same edit to tasks: to many as batches. */
  editAll(tasks: readonly Task[], patch: Partial<TaskFields>): Promise<boolean> {
    const changed = tasks.filter((task) => Object.keys(changedFields(task, patch)).length > 0);
    const changes = changed.map((task): Change => {
      const base = this.#latest(task);
      return { kind: 'update', id: base.id, base, patch };
    });
    const undo = () => this.#undoEdits(changed, patch);
    return this.#take({ name: nameOf(patch), tasks: changed, undo }, changes);
  }

  /** Moves tasks to the trash. */
  trash(tasks: readonly Task[]): Promise<boolean> {
    const changes = tasks.map((task) => this.#deletion(task));
    return this.#take({ name: 'trashed', tasks, undo: () => this.#undoTrash(tasks) }, changes);
  }

  restore(tasks: readonly Task[]): Promise<boolean> {
    const changes = tasks.map((task) => this.#restoration(task));
    const undo = () => this.#send(tasks.map((task) => this.#deletion(task)));
    return this.#take({ name: 'restored', tasks, undo }, changes);
  }

  deleteForGood(tasks: readonly Task[]): Promise<boolean> {
    const changes = tasks.map((task) => ({ ...this.#deletion(task), isPermanent: true }));
    return this.#take({ name: 'deleted', tasks }, changes);
  }

  /** Changes the queue, and sends what waits; reports it if the browser does not store the queue. */
  async changeQueue(update: (queue: Queue) => Queue): Promise<boolean> {
    try {
      await this.options.outbox.change(update);
    } catch {
      this.report({ name: 'notStored', tasks: [] });
      return false;
    }
    this.sender.wake();
    return true;
  }

  /** Shows a task as the server has it, in place of a change that is given up. */
  adopt(entry: Entry, task: Task): void {
    this.#adopt([{ entry, task }]);
  }

  /** Undoes the last action that can be undone. */
  async undo(action = this.#actions.findLast(({ undo }) => undo !== undefined)): Promise<void> {
    if (action?.undo === undefined) return;
    this.#actions = this.#actions.filter((other) => other !== action);
    if (await action.undo()) this.report(undone(action));
    // Can be tried again, behind the message that it could not be stored.
    else this.#actions = this.#actions.toSpliced(-1, 0, action);
  }

  readonly close = (): void => {
    this.#isClosed = true;
    this.sender.stop();
    this.options.outbox.close();
    this.#channel.close();
    this.#listeners.clear();
  };

  #undoEdits(tasks: readonly Task[], patch: Partial<TaskFields>): Promise<boolean> {
    return this.#send(
      tasks.map((task) => {
        const base = this.#latest(task);
        return { kind: 'update', id: base.id, base, patch: inversePatch(task, patch) };
      }),
    );
  }

  /** Restores tasks; one that was never sent is made again. */
  #undoTrash(tasks: readonly Task[]): Promise<boolean> {
    return this.#send(
      tasks.map((task) => {
        const { id } = this.#latest(task);
        if (!isLocal(id)) return this.#restoration(task);
        return { kind: 'create', id, fields: fieldsOf(task), at: task.createdAt };
      }),
    );
  }

  #deletion(task: Task): Extract<Change, { kind: 'delete' }> {
    const base = this.#latest(task);
    return { kind: 'delete', id: base.id, base, isPermanent: false };
  }

  #restoration(task: Task): Change {
    const base = this.#latest(task);
    return { kind: 'restore', id: base.id, base };
  }

  /** Returns the task as the server has it, under the id that it has there. */
  #latest(task: Task): Task {
    const id = this.idOf(task.id);
    const known = this.#known.get(id);
    return known && known.version > task.version ? known : { ...task, id };
  }

  /** Makes the changes of an action, and reports it: none about no task. */
  async #take(
    action: Action,
    changes: readonly Change[],
    prepare?: (queue: Queue) => Queue,
  ): Promise<boolean> {
    const isStored = await this.#send(changes, prepare);
    if (isStored && changes.length > 0) this.report(action);
    return isStored;
  }

  /** Stores changes, to be sent: many as batches. */
  #send(changes: readonly Change[], prepare = (queue: Queue): Queue => queue): Promise<boolean> {
    const [only] = changes;
    if (only === undefined) return Promise.resolve(true);
    if (changes.length === 1) return this.changeQueue((queue) => enqueue(prepare(queue), only));
    const group = randomKey();
    this.#bulk = { group, total: changes.length };
    return this.changeQueue((queue) => enqueueAll(prepare(queue), changes, group));
  }

  #adopt(done: readonly Done[]): void {
    for (const { entry, task } of done) {
      if (task === undefined) continue;
      this.#known.set(task.id, task);
      if (!isLocal(entry.change.id)) continue;
      this.#made.set(entry.change.id, task.id);
      this.#keys.set(task.id, entry.change.id);
      renameEdit(this.user, entry.change.id, task.id);
    }
    applyDone(this.options.queries, this, done);
  }

  /** Shows an action, and what undoes it. */
  report(action: Action): void {
    this.#actions = [...this.#actions, action].slice(-MAX_ACTIONS);
    for (const listener of this.#listeners) listener();
  }
}
