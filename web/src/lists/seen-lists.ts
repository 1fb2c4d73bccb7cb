import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { sessions } from '../auth/session-store';
import type { List } from './list';

interface Schema extends DBSchema {
  lists: { key: string; value: { readonly user: string; readonly lists: readonly List[] } };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** Opens the database of this browser, with the lists of each user that has not signed out. */
function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('taskward-lists', 1, {
    upgrade(db) {
      db.createObjectStore('lists', { keyPath: 'user' });
    },
    terminated() {
      opened = undefined;
    },
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

/** Keeps lists for the time without a connection, unless the user has left. */
export async function keepSeenLists(user: string, lists: readonly List[]): Promise<void> {
  const db = await database();
  const state = sessions.state();
  if (state.status === 'signed-in' && state.user.id === user)
    await db.put('lists', { user, lists });
}

/** Returns the lists that this device has seen; none if it has not. */
export async function readSeenLists(user: string): Promise<readonly List[] | null> {
  const db = await database();
  return (await db.get('lists', user))?.lists ?? null;
}

/** Forgets the lists of a user who signs out. */
export async function forgetSeenLists(user: string): Promise<void> {
  const db = await database();
  await db.delete('lists', user);
}
