import { randomKey, type TaskwardClient } from '@taskward/client';
import type { QueryClient } from '@tanstack/react-query';
import { type Action, type Bulk, nameOf } from './action';
import { ActionHistory } from './action-history';
import {
  type Change,
  type Entry,
  enqueue,
  enqueueAll,
  isLocal,
  localId,
  type Queue,
} from './change';
import { DoneChannel } from './done-channel';
import { renameEdit } from './drafts';
import { EditedTasks } from './edited-tasks';
import { Folds } from './folds';
import { KnownTasks } from './known-tasks';
import type { Outbox } from './outbox';
import { discard, type Done } from './queue';
import { createsBelow } from './references';
import { Sender } from './sender';
import { SkippedDates } from './skipped-dates';
import {
  changedFields,
  fieldsOf,
  inversePatch,
  NO_PLACE,
  type Task,
  type TaskFields,
} from './task';
import { applyDone } from './task-cache';
import { explainTakenBack } from './taken-back';

interface SessionOptions {
  readonly user: string;
  readonly client: TaskwardClient;
  readonly queries: QueryClient;
  readonly outbox: Outbox;
}

interface AddOptions {
  readonly abandoned?: Entry | undefined;
  /** Task that the new one is a subtask of. */
  readonly parent?: Pick<Task, 'id'> | undefined;
}

/**
 * The tasks of one user: every change goes through the outbox, and every action can be undone. A method
 * that changes tasks resolves with whether the change is stored.
 */
export class TaskSession {
  readonly sender: Sender;
  readonly actions = new ActionHistory();
  readonly folds: Folds;
  readonly skipped = new SkippedDates();
  readonly editing = new EditedTasks();
  #bulk: Bulk | undefined;
  readonly #known = new KnownTasks();
  readonly keyOf = this.#known.keyOf;
  readonly idOf = this.#known.idOf;
  readonly latest = this.#known.latest;
  readonly changedHere = this.#known.changedHere;
  readonly isNews = this.#known.isNews;
  readonly see = this.#known.see;
  readonly #channel: DoneChannel;
  #isClosed = false;

  constructor(readonly options: SessionOptions) {
    const { outbox, client } = options;
    this.folds = new Folds(options.user);
    this.#channel = new DoneChannel(options.user, ({ done, takenBack }) => {
      if (done) this.#adopt(done);
      if (takenBack) explainTakenBack(this, takenBack);
    });
    this.sender = new Sender({
      outbox,
      client,
      onDone: (done) => this.#channel.post({ done }),
      onTakenBack: (entry, failure) => this.#channel.post({ takenBack: { entry, failure } }),
    });
  }

  get user(): string {
    return this.options.user;
  }

  /** Whether the user has left. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  readonly bulk = (): Bulk | undefined => this.#bulk;

  /** Adds a task; `abandoned` is a change that is given up for it, in the same write. */
  add(fields: TaskFields, { abandoned, parent }: AddOptions = {}): Promise<boolean> {
    const id = localId();
    const at = new Date().toISOString();
    const parentId = parent && this.idOf(parent.id);
    const change: Change = { kind: 'create', id, fields, at, ...(parentId && { parentId }) };
    const place = { ...NO_PLACE, parentId: parentId ?? null };
    const task = { id, version: 0, ...fields, ...place } as Task;
    const undo = () => this.send([this.#deletion(task)]);
    return this.take({ name: 'added', tasks: [task], undo }, [change], (queue) =>
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
      const base = this.latest(task);
      return { kind: 'update', id: base.id, base, patch };
    });
    const undo = () => this.#undoEdits(changed, patch);
    return this.take({ name: nameOf(patch), tasks: changed, undo }, changes);
  }

  /** Moves tasks to the trash. */
  trash(tasks: readonly Task[]): Promise<boolean> {
    const changes = tasks.map((task) => this.#deletion(task));
    const ids = changes.map(({ id }) => id);
    const unsent = createsBelow(this.options.outbox.snapshot(), ids);
    const hasSubtasks = unsent.length > 0 || tasks.some(({ subtasks }) => subtasks?.total);
    const name = hasSubtasks ? 'trashedBelow' : 'trashed';
    return this.take({ name, tasks, undo: () => this.#undoTrash(tasks, unsent) }, changes);
  }

  restore(tasks: readonly Task[]): Promise<boolean> {
    const changes = tasks.map((task) => this.#restoration(task));
    const undo = () => this.send(tasks.map((task) => this.#deletion(task)));
    return this.take({ name: 'restored', tasks, undo }, changes);
  }

  deleteForGood(tasks: readonly Task[]): Promise<boolean> {
    const changes = tasks.map((task) => ({ ...this.#deletion(task), isPermanent: true }));
    return this.take({ name: 'deleted', tasks }, changes);
  }

  /** Changes the queue, and sends what waits; reports it if the browser does not store the queue. */
  async changeQueue(update: (queue: Queue) => Queue): Promise<boolean> {
    try {
      await this.options.outbox.change(update);
    } catch {
      this.actions.report({ name: 'notStored', tasks: [] });
      return false;
    }
    this.sender.wake();
    return true;
  }

  /** Shows a task as the server has it, in place of a change that is given up. */
  adopt(entry: Entry, task: Task): void {
    this.#adopt([{ entry, task }]);
  }

  readonly close = (): void => {
    this.#isClosed = true;
    this.sender.stop();
    this.options.outbox.close();
    this.#channel.close();
    this.actions.close();
    this.folds.close();
  };

  #undoEdits(tasks: readonly Task[], patch: Partial<TaskFields>): Promise<boolean> {
    return this.send(
      tasks.map((task) => {
        const base = this.latest(task);
        return { kind: 'update', id: base.id, base, patch: inversePatch(task, patch) };
      }),
    );
  }

  /** Restores tasks; one that was never sent is made again. */
  #undoTrash(tasks: readonly Task[], unsent: readonly Change[]): Promise<boolean> {
    return this.send([
      ...tasks.map((task): Change => {
        const { id } = this.latest(task);
        if (!isLocal(id)) return this.#restoration(task);
        const parentId = task.parentId === null ? undefined : this.idOf(task.parentId);
        const at = task.createdAt;
        const fields = fieldsOf(task);
        return { kind: 'create', id, fields, at, ...(parentId && { parentId }) };
      }),
      ...unsent.filter(({ id }) => isLocal(this.idOf(id))),
    ]);
  }

  #deletion(task: Task): Extract<Change, { kind: 'delete' }> {
    const base = this.latest(task);
    return { kind: 'delete', id: base.id, base, isPermanent: false };
  }

  #restoration(task: Task): Change {
    const base = this.latest(task);
    return { kind: 'restore', id: base.id, base };
  }

  /** Makes the changes of an action, and reports it: none about no task. */
  async take(
    action: Action,
    changes: readonly Change[],
    prepare?: (queue: Queue) => Queue,
  ): Promise<boolean> {
    const isStored = await this.send(changes, prepare);
    if (isStored && changes.length > 0) this.actions.report(action);
    return isStored;
  }

  /** Stores changes, to be sent: many as batches. */
  send(changes: readonly Change[], prepare = (queue: Queue): Queue => queue): Promise<boolean> {
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
      this.skipped.record(entry.change);
      if (!this.#known.adopt({ entry, task })) continue;
      renameEdit(this.user, entry.change.id, task.id);
      this.folds.rename(entry.change.id, task.id);
    }
    applyDone(this.options.queries, this, done);
  }
}
