import { type Change, type Entry, isLocal } from './change';
import { type Place, placed } from './place';
import { EMPTY_FIELDS, NO_PLACE, type Task } from './task';

/** Returns the id that the server gave to a task that was made here. */
export type Resolve = (id: string) => string;

/** Where the tasks of a list are. */
export type Home = 'list' | 'trash';

/** A task, and where it is, after the changes that wait. */
export interface Changed {
  readonly task: Task;
  readonly place: Home | 'nowhere';
  /** The task as it is without them, if it is in the lists. */
  readonly before: Task | undefined;
  readonly failure?: Entry['failure'];
}

type Create = Extract<Change, { kind: 'create' }>;

/** A task that the server does not know yet. */
const newTask = ({ fields, parentId, id, at }: Create, resolve: Resolve): Task => ({
  ...EMPTY_FIELDS,
  ...fields,
  ...NO_PLACE,
  parentId: parentId === undefined ? null : resolve(parentId),
  tags: [...fields.tags],
  id,
  completedAt: fields.completed ? at : null,
  createdAt: at,
  updatedAt: at,
  version: 0,
});

const resolvedPlace = ({ parentId, before, after }: Place, resolve: Resolve): Place => ({
  parentId: parentId === null ? null : resolve(parentId),
  ...(before !== undefined && { before: resolve(before) }),
  ...(after !== undefined && { after: resolve(after) }),
});

/** The tasks of a list that changes wait for, by id. Tasks that are listed start from what the list has. */
export class ChangedTasks {
  readonly #changed = new Map<string, Changed>();
  readonly #listed: ReadonlyMap<string, Task>;

  constructor(
    tasks: readonly Task[],
    private readonly home: Home,
    private readonly resolve: Resolve,
  ) {
    this.#listed = new Map(tasks.map((task) => [task.id, task]));
  }

  get all(): ReadonlyMap<string, Changed> {
    return this.#changed;
  }

  apply({ change, failure: failed }: Entry): void {
    const id = this.resolve(change.id);
    if (change.kind === 'create') {
      const task = newTask(change, this.resolve);
      const created = { task, place: 'list', before: undefined, failure: failed } as const;
      // Otherwise the server has just made it, and its entry is about to leave the queue.
      if (!this.#listed.has(id)) this.#changed.set(id, created);
      return;
    }
    const known = this.#changed.get(id) ?? this.#start(id, change.base, change.kind);
    const failure = failed ?? known.failure;
    this.#changed.set(id, { ...known, ...this.#after(known.task, change), failure });
    if (change.kind !== 'completeSubtasks') return;
    for (const subtask of change.subtasks) this.#complete(subtask);
  }

  #start(id: string, base: Task, kind: Change['kind']): Changed {
    const listed = this.#listed.get(id);
    const task = listed ?? base;
    const place = listed ? this.home : 'list';
    const isTrashed = place === 'trash' || kind === 'restore';
    return { task, place, before: isTrashed ? undefined : task };
  }

  #after(task: Task, change: Exclude<Change, Create>): Partial<Changed> {
    switch (change.kind) {
      case 'restore':
        return { place: 'list' };
      case 'delete':
        return { place: change.isPermanent || isLocal(change.id) ? 'nowhere' : 'trash' };
      case 'update':
        return { task: { ...task, ...change.patch } as Task };
      // The server knows the next date, and the earlier version.
      case 'skip':
      case 'revert':
        return {};
      case 'completeSubtasks':
        return { task: { ...task, completed: true } };
      case 'move':
        return { task: placed(task, resolvedPlace(change.to, this.resolve), this.#known()) };
    }
  }

  #complete(subtask: Task): void {
    const id = this.resolve(subtask.id);
    const known = this.#changed.get(id) ?? this.#start(id, subtask, 'update');
    this.#changed.set(id, { ...known, task: { ...known.task, completed: true } });
  }

  /** Returns the tasks of the lists as they are by now. */
  *#known(): Iterable<Task> {
    for (const [id, task] of this.#listed) if (!this.#changed.has(id)) yield task;
    for (const { task, place } of this.#changed.values()) if (place === 'list') yield task;
  }
}
