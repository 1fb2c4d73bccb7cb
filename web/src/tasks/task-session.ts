import type { TaskwardClient } from '@taskward/client';
import type { QueryClient } from '@tanstack/react-query';
import {
  type Change,
  type Entry,
  enqueue,
  enqueueAll,
  isLocal,
  localId,
  randomKey,
} from './change';
import type { Outbox } from './outbox';
import type { Done } from './queue';
import { Sender } from './sender';
import { changedFields, inversePatch, type Task, type TaskFields } from './task';
import { applyDone } from './task-cache';

/** The action that a message reports, with its text in the catalogue. */
type ActionName =
  'added' | 'edited' | 'completed' | 'reopened' | 'trashed' | 'restored' | 'deleted' | 'undone';

/** An action that was just taken. */
export interface Action {
  readonly name: ActionName;
  readonly tasks: readonly Task[];
  /** Absent if it cannot be undone. */
  readonly undo?: () => Promise<void>;
}

/** A bulk action, whose entries leave the queue one batch after the other. */
export interface Bulk {
  readonly group: string;
  readonly total: number;
}

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

/** The tasks of one user: every change goes through the outbox, and every action can be undone. */
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

  async add(fields: TaskFields): Promise<void> {
    const id = localId();
    const change: Change = { kind: 'create', id, fields, at: new Date().toISOString() };
    await this.#send([change]);
    const task = { id, version: 0, ...fields } as Task;
    this.#report({ name: 'added', tasks: [task], undo: () => this.#undo([this.#deletion(task)]) });
  }

  async edit(task: Task, fields: Partial<TaskFields>): Promise<void> {
    const base = this.#latest(task);
    const patch = changedFields(task, fields);
    if (Object.keys(patch).length === 0) return;
    await this.#send([{ kind: 'update', id: base.id, base, patch }]);
    this.#report({
      name: nameOf(patch),
      tasks: [task],
      undo: () => this.#undoEdits([task], patch),
    });
  }

  /** Applies the same edit to many tasks, as batches. */
  async editAll(tasks: readonly Task[], patch: Partial<TaskFields>): Promise<void> {
    const changed = tasks.filter((task) => Object.keys(changedFields(task, patch)).length > 0);
    const changes = changed.map((task): Change => {
      const base = this.#latest(task);
      return { kind: 'update', id: base.id, base, patch };
    });
    await this.#send(changes);
    this.#report({
      name: nameOf(patch),
      tasks: changed,
      undo: () => this.#undoEdits(changed, patch),
    });
  }

  /** Moves tasks to the trash. */
  async trash(tasks: readonly Task[]): Promise<void> {
    await this.#send(tasks.map((task) => this.#deletion(task)));
    this.#report({ name: 'trashed', tasks, undo: () => this.#undoTrash(tasks) });
  }

  async restore(tasks: readonly Task[]): Promise<void> {
    await this.#send(tasks.map((task) => this.#restoration(task)));
    const undo = () => this.#undo(tasks.map((task) => this.#deletion(task)));
    this.#report({ name: 'restored', tasks, undo });
  }

  async deleteForGood(tasks: readonly Task[]): Promise<void> {
    await this.#send(
      tasks.map((task) => ({
        ...this.#deletion(task),
        kind: 'delete' as const,
        isPermanent: true,
      })),
    );
    this.#report({ name: 'deleted', tasks });
  }

  /** Shows a task as the server has it, in place of a change that is given up. */
  adopt(entry: Entry, task: Task): void {
    this.#adopt([{ entry, task }]);
  }

  /** Undoes the last action that can be undone. */
  async undo(action = this.#actions.findLast(({ undo }) => undo !== undefined)): Promise<void> {
    if (action?.undo === undefined) return;
    this.#actions = this.#actions.filter((other) => other !== action);
    await action.undo();
    this.#report({ name: 'undone', tasks: action.tasks });
  }

  readonly close = (): void => {
    this.sender.stop();
    this.options.outbox.close();
    this.#channel.close();
    this.#listeners.clear();
  };

  readonly #undo = (changes: readonly Change[]) => this.#send(changes);

  #undoEdits(tasks: readonly Task[], patch: Partial<TaskFields>): Promise<void> {
    return this.#send(
      tasks.map((task) => {
        const base = this.#latest(task);
        return { kind: 'update', id: base.id, base, patch: inversePatch(task, patch) };
      }),
    );
  }

  /** Restores tasks; one that was never sent is made again. */
  #undoTrash(tasks: readonly Task[]): Promise<void> {
    return this.#send(
      tasks.map((task) => {
        const { id } = this.#latest(task);
        if (!isLocal(id)) return this.#restoration(task);
        const { title, description, completed, priority, due, tags } = task;
        const fields = { title, description, completed, priority, due, tags };
        return { kind: 'create', id, fields, at: task.createdAt };
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

  async #send(changes: readonly Change[]): Promise<void> {
    const { outbox } = this.options;
    const [only] = changes;
    if (only === undefined) return;
    if (changes.length === 1) await outbox.change((queue) => enqueue(queue, only));
    else {
      const group = randomKey();
      this.#bulk = { group, total: changes.length };
      await outbox.change((queue) => enqueueAll(queue, changes, group));
    }
    this.sender.wake();
  }

  #adopt(done: readonly Done[]): void {
    for (const { entry, task } of done) {
      if (task === undefined) continue;
      this.#known.set(task.id, task);
      if (!isLocal(entry.change.id)) continue;
      this.#made.set(entry.change.id, task.id);
      this.#keys.set(task.id, entry.change.id);
    }
    applyDone(this.options.queries, this.options.user, done);
  }

  #report(action: Action): void {
    this.#actions = [...this.#actions, action].slice(-MAX_ACTIONS);
    for (const listener of this.#listeners) listener();
  }
}

function nameOf(patch: Partial<TaskFields>): ActionName {
  if (Object.keys(patch).length > 1 || patch.completed === undefined) return 'edited';
  return patch.completed ? 'completed' : 'reopened';
}
