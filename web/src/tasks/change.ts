import { randomKey } from '@taskward/client';
import type { Place } from './place';
import { withoutSubtree } from './references';
import type { FieldError } from './rules';
import { changedFields, type Task, type TaskFields } from './task';

/** A change of one task that a person made. */
export type Change =
  | {
      readonly kind: 'create';
      readonly id: string;
      readonly fields: TaskFields;
      readonly at: string;
      readonly parentId?: string;
    }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly base: Task;
      readonly patch: Partial<TaskFields>;
    }
  | {
      readonly kind: 'delete';
      readonly id: string;
      readonly base: Task;
      readonly isPermanent: boolean;
    }
  | { readonly kind: 'restore'; readonly id: string; readonly base: Task }
  | { readonly kind: 'move'; readonly id: string; readonly base: Task; readonly to: Place }
  /** Moves a task that repeats to its next date, which only the server knows. */
  | { readonly kind: 'skip'; readonly id: string; readonly base: Task }
  /** Restores the content of an earlier version. */
  | {
      readonly kind: 'revert';
      readonly id: string;
      readonly base: Task;
      readonly version: number;
    }
  | {
      readonly kind: 'completeSubtasks';
      readonly id: string;
      readonly base: Task;
      /** The open tasks below it that are known here. */
      readonly subtasks: readonly Task[];
    };

/** The reason for which the server did not take a change, which then waits for the person. */
export type Failure =
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly detail: string;
      readonly errors: readonly FieldError[];
      /** Code of the first broken rule, whatever it is about. */
      readonly rule?: string;
    }
  /** The task was changed elsewhere; `null` if it is not there any more. */
  | { readonly kind: 'conflict'; readonly current: Task | null }
  /** The task may have been created, too long ago to ask for it again under the same key. */
  | { readonly kind: 'uncertain' };

/** A change in the queue. */
export interface Entry {
  /** The place in the queue. */
  readonly seq: number;
  /** `Idempotency-Key`: entries that are sent as one batch share it. */
  readonly key: string;
  readonly change: Change;
  /** Milliseconds of the first attempt: the server may have carried it out, so it stays as it is. */
  readonly sentAt?: number | undefined;
  /** The version that the server must have; none after a delete of our own. */
  readonly version?: number | undefined;
  /** Bulk action that the entry is part of. */
  readonly group?: string | undefined;
  /** Sent by itself, because its batch was refused. */
  readonly isAlone?: boolean;
  readonly failure?: Failure | undefined;
}

export type Queue = readonly Entry[];

const LOCAL = 'local:';

export const localId = () => LOCAL + randomKey();
/** Returns whether the server does not know a task yet. */
export const isLocal = (id: string) => id.startsWith(LOCAL);

const versionOf = (change: Change) => (change.kind === 'create' ? undefined : change.base.version);

function append(queue: Queue, change: Change, group?: string): Queue {
  const seq = (queue.at(-1)?.seq ?? 0) + 1;
  const version = versionOf(change);
  return [...queue, { seq, key: randomKey(), change, version, group }];
}

const replace = (queue: Queue, old: Entry, fresh?: Entry): Queue =>
  queue.flatMap((entry) => (entry === old ? (fresh ?? []) : entry));

/** Returns whether nothing that an entry says has reached the server: it can be changed or taken back. */
export const isOpen = ({ sentAt, failure }: Entry) => sentAt === undefined || failure !== undefined;

/** An entry with another change, to be sent anew unless the person has yet to decide. */
function rewrite(entry: Entry, change: Change): Entry {
  const failure = entry.failure?.kind === 'refused' ? undefined : entry.failure;
  return { ...entry, key: randomKey(), change, sentAt: undefined, isAlone: true, failure };
}

type Update = Extract<Change, { kind: 'update' }>;

function enqueueUpdate(queue: Queue, last: Entry, { patch }: Update): Queue | undefined {
  const { change } = last;
  if (change.kind === 'create') {
    const fields = { ...change.fields, ...patch };
    return replace(queue, last, rewrite(last, { ...change, fields }));
  }
  if (change.kind !== 'update') return undefined;
  const merged = changedFields(change.base, { ...change.patch, ...patch });
  const isNothing = Object.keys(merged).length === 0 && last.failure === undefined;
  return replace(queue, last, isNothing ? undefined : rewrite(last, { ...change, patch: merged }));
}

/** Merges a change into the last entry of its task; `undefined` if it has to follow it instead. */
function merge(queue: Queue, last: Entry, change: Change): Queue | undefined {
  const { kind } = last.change;
  if (change.kind === 'update') return enqueueUpdate(queue, last, change);
  // Another move may lean on where an earlier one has put the task.
  if (change.kind === 'move' && kind === 'move' && last === queue.at(-1)) {
    return replace(queue, last, rewrite(last, { ...change, base: last.change.base }));
  }
  if (change.kind === 'restore' && kind === 'delete') return replace(queue, last);
  if (change.kind === 'delete' && kind === 'create') {
    return withoutSubtree(queue, change.id);
  }
  if (change.kind === 'delete' && last.failure && last.change.kind !== 'create') {
    return replace(queue, last, rewrite(last, { ...change, base: last.change.base }));
  }
  return undefined;
}

/** Adds a change: to an entry of the same task that has not been sent, or behind all others. */
export function enqueue(queue: Queue, change: Change, group?: string): Queue {
  const last = queue.findLast((entry) => entry.change.id === change.id);
  const merged = last && isOpen(last) ? merge(queue, last, change) : undefined;
  return merged ?? append(queue, change, group);
}

/** Adds the changes of a bulk action, which are sent as batches. */
export function enqueueAll(queue: Queue, changes: readonly Change[], group: string): Queue {
  const known = new Set(queue.map(({ change }) => change.id));
  let result = queue;
  let seq = queue.at(-1)?.seq ?? 0;
  const fresh: Entry[] = [];
  for (const change of changes) {
    if (known.has(change.id)) result = enqueue(result, change, group);
    else {
      seq += 1;
      const version = versionOf(change);
      fresh.push({ seq, key: randomKey(), change, version, group });
    }
  }
  const last = result.at(-1)?.seq ?? 0;
  const shift = Math.max(0, last - (queue.at(-1)?.seq ?? 0));
  return [...result, ...fresh.map((entry) => ({ ...entry, seq: entry.seq + shift }))];
}
