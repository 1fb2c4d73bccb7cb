import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Entry } from './change';
import type { Task } from './task';

/** A task as this device saw it last. */
export interface SeenTask {
  readonly user: string;
  readonly id: string;
  readonly isTrashed: boolean;
  readonly task: Task;
}

interface Schema extends DBSchema {
  /** Changes that wait, in the order of `seq`. */
  changes: { key: [string, number]; value: Entry & { readonly user: string } };
  /** Number of writes to a user's queue, by which a tab notices those of another. */
  revisions: { key: string; value: { readonly user: string; readonly revision: number } };
  /** Tasks to show while there is no connection. */
  tasks: { key: [string, string]; value: SeenTask };
}

export type OfflineDb = IDBPDatabase<Schema>;

let opened: Promise<OfflineDb> | undefined;

/** Opens the database of this browser, which all users of it share: every key begins with the user. */
export function offlineDb(): Promise<OfflineDb> {
  opened ??= openDB<Schema>('taskward', 1, {
    upgrade(db) {
      db.createObjectStore('changes', { keyPath: ['user', 'seq'] });
      db.createObjectStore('revisions', { keyPath: 'user' });
      db.createObjectStore('tasks', { keyPath: ['user', 'id'] });
    },
    // A tab with a newer version asks for it; the next access opens it again.
    blocking(_current, _blocked, event) {
      (event.target as unknown as OfflineDb).close();
      opened = undefined;
    },
    terminated() {
      opened = undefined;
    },
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

/** The keys of one user: an array comes after every number and string. */
export const ofUser = (user: string) => IDBKeyRange.bound([user], [user, []]);

/** Returns all tasks that this device has seen, in no order. */
export async function readSeenTasks(user: string): Promise<SeenTask[]> {
  const db = await offlineDb();
  return db.getAll('tasks', ofUser(user));
}

/** Returns a task as this device has seen it, in the trash or not. */
export async function readSeenTask(user: string, id: string): Promise<SeenTask | undefined> {
  const db = await offlineDb();
  return db.get('tasks', [user, id]);
}

/** A user's session on this page, to whose tasks nothing is added once the user has left. */
export interface SeenOwner {
  readonly user: string;
  readonly isClosed: boolean;
}

/** Keeps tasks for the time without a connection. */
export async function keepSeenTasks(
  owner: SeenOwner,
  tasks: readonly Task[],
  isTrashed: boolean,
): Promise<void> {
  const db = await offlineDb();
  if (owner.isClosed) return;
  const { user } = owner;
  const transaction = db.transaction('tasks', 'readwrite');
  for (const task of tasks) void transaction.store.put({ user, id: task.id, isTrashed, task });
  await transaction.done;
}

export async function dropSeenTasks({ user }: SeenOwner, ids: readonly string[]): Promise<void> {
  const db = await offlineDb();
  const transaction = db.transaction('tasks', 'readwrite');
  for (const id of ids) void transaction.store.delete([user, id]);
  await transaction.done;
}

/** Forgets the tasks of a user who signs out; the changes that wait are kept or discarded apart. */
export async function forgetSeenTasks(user: string): Promise<void> {
  const db = await offlineDb();
  await db.delete('tasks', ofUser(user));
}
