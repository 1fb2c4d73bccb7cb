import { randomKey } from '@taskward/client';
import type { Change, Entry, Failure, Queue } from './change';
import { referencesOf, withoutReferences, withReference } from './references';
import type { Task, TaskFields } from './task';

/** Operations of a batch, by the API. */
const MAX_BATCH = 100;

/** The server keeps a key for 24 hours; a retry may take a part of the last one. */
const MAX_RETRY_MS = 23 * 60 * 60 * 1000;

/** Kinds of changes that a batch can have. */
const isBatchable = ({ change, isAlone, group }: Entry) =>
  group !== undefined &&
  isAlone !== true &&
  (change.kind === 'update' || (change.kind === 'delete' && !change.isPermanent));

/**
 * Returns the entries to send next: one, or those of one batch. An entry that waits for the person
 * holds up the later changes of its own task, and those that name it, and no others.
 */
export function nextToSend(queue: Queue): Entry[] {
  const blocked = new Set<string>();
  for (const entry of queue) {
    const { id } = entry.change;
    const isBlocked = [id, ...referencesOf(entry.change)].some((named) => blocked.has(named));
    if (entry.failure !== undefined || isBlocked) blocked.add(id);
    else return batchOf(queue, entry, blocked);
  }
  return [];
}

function batchOf(queue: Queue, first: Entry, blocked: ReadonlySet<string>): Entry[] {
  if (first.sentAt !== undefined) {
    return queue.filter(({ key, failure }) => key === first.key && !failure);
  }
  if (!isBatchable(first)) return [first];
  const ids = new Set(blocked);
  const batch: Entry[] = [];
  for (const entry of queue.slice(queue.indexOf(first))) {
    const { id } = entry.change;
    const isNext = entry.group === first.group && isBatchable(entry) && entry.sentAt === undefined;
    // A task appears once in a batch, and after its earlier changes.
    if (isNext && !ids.has(id) && entry.failure === undefined) batch.push(entry);
    ids.add(id);
    if (batch.length === MAX_BATCH) break;
  }
  return batch;
}

const seqsOf = (entries: readonly Entry[]) => new Set(entries.map(({ seq }) => seq));

/** Records that entries are about to be sent, under one key. */
export function markSent(queue: Queue, entries: readonly Entry[], now: number): Queue {
  const seqs = seqsOf(entries);
  const key = entries[0]?.key ?? randomKey();
  return queue.map((entry) =>
    seqs.has(entry.seq) ? { ...entry, key, sentAt: entry.sentAt ?? now } : entry,
  );
}

/**
 * Leaves a create to the person that was tried so long ago that the server has forgotten its key: sent
 * again, it could make a second task.
 */
export function suspend(queue: Queue, now: number): Queue {
  const isUncertain = ({ change, sentAt = now, failure }: Entry) =>
    change.kind === 'create' && failure === undefined && now - sentAt > MAX_RETRY_MS;
  const failure: Failure = { kind: 'uncertain' };
  return queue.map((entry) => (isUncertain(entry) ? { ...entry, failure } : entry));
}

/** Returns the creates that may have made a task: they were sent, and no response has come. */
export const sentCreates = (queue: Queue) =>
  queue.flatMap(({ change, sentAt, failure }) =>
    change.kind === 'create' && sentAt !== undefined && failure === undefined
      ? { title: change.fields.title.trim(), sentAt }
      : [],
  );

/** A change that the server has carried out: the task as it is now, none after a delete. */
export interface Done {
  readonly entry: Entry;
  readonly task?: Task | undefined;
}

function followed(change: Change, task: Task): Change {
  if (change.kind === 'create') return change;
  return { ...change, id: task.id, base: task };
}

/** Names tasks that were just made by their ids. */
function renamed(change: Change, done: ReadonlyMap<string, Done>): Change {
  return referencesOf(change).reduce((result, local) => {
    const id = done.get(local)?.task?.id;
    return id === undefined || id === local ? result : withReference(result, local, id);
  }, change);
}

/** Removes what was carried out; later changes of the same tasks build on the result. */
export function settle(queue: Queue, done: readonly Done[]): Queue {
  const seqs = seqsOf(done.map(({ entry }) => entry));
  const byId = new Map(done.map((one) => [one.entry.change.id, one]));
  return queue
    .filter(({ seq }) => !seqs.has(seq))
    .map((entry) => {
      const one = byId.get(entry.change.id);
      if (one === undefined) {
        const change = renamed(entry.change, byId);
        return change === entry.change ? entry : { ...entry, change };
      }
      const { task } = one;
      if (task === undefined) return { ...entry, version: undefined };
      const change = renamed(followed(entry.change, task), byId);
      return { ...entry, change, version: task.version };
    });
}

/** Records that the server refused a change, or that its task has changed. */
export const fail = (queue: Queue, { seq }: Entry, failure: Failure): Queue =>
  queue.map((entry) => (entry.seq === seq ? { ...entry, failure } : entry));

/** Sends the entries of a refused batch one by one: of a batch nothing was carried out. */
export function split(queue: Queue, entries: readonly Entry[]): Queue {
  const seqs = seqsOf(entries);
  const fresh = { sentAt: undefined, isAlone: true };
  return queue.map((entry) =>
    seqs.has(entry.seq) ? { ...entry, ...fresh, key: randomKey() } : entry,
  );
}

/** Sends a change again, as it is; one that conflicted, whatever version there is. */
export function retry(queue: Queue, { seq }: Entry): Queue {
  const fresh = { sentAt: undefined, isAlone: true, failure: undefined };
  return queue.map((entry) => {
    if (entry.seq !== seq) return entry;
    const version = entry.failure?.kind === 'conflict' ? undefined : entry.version;
    return { ...entry, ...fresh, key: randomKey(), version };
  });
}

/** Sends a change again, with other fields. */
export function mend(queue: Queue, entry: Entry, patch: Partial<TaskFields>): Queue {
  return retry(queue, entry).map((other) => {
    const { change } = other;
    if (other.seq !== entry.seq) return other;
    if (change.kind === 'create') {
      return { ...other, change: { ...change, fields: { ...change.fields, ...patch } } };
    }
    if (change.kind !== 'update') return other;
    return { ...other, change: { ...change, patch: { ...change.patch, ...patch } } };
  });
}

/** Sends a change over the version that it conflicted with. */
export function overwrite(queue: Queue, { seq }: Entry, current: Task): Queue {
  return queue.map((entry) => {
    if (entry.seq !== seq) return entry;
    const change = followed(entry.change, current);
    const fresh = { key: randomKey(), sentAt: undefined, isAlone: true, failure: undefined };
    return { ...entry, ...fresh, change, version: current.version };
  });
}

/** Gives up a change, and what was to follow it on the same task. */
export function discard(queue: Queue, { seq, change }: Entry): Queue {
  const kept = queue.filter((entry) => entry.seq < seq || entry.change.id !== change.id);
  return change.kind === 'create' ? withoutReferences(kept, change.id) : kept;
}

/** Gives up one change, and keeps what was to follow it. */
export const withdraw = (queue: Queue, { seq }: Entry): Queue =>
  queue.filter((entry) => entry.seq !== seq);
