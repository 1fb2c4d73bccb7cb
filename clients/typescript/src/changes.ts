import type { components } from './schema.js';

type Schemas = components['schemas'];
type Entry = Schemas['Change'];

interface TaskChange extends Omit<Entry, 'type' | 'task' | 'list'> {
  readonly type: Extract<Entry['type'], `task.${string}`>;
  readonly task: Schemas['Task'] | null;
}

interface ListChange extends Omit<Entry, 'type' | 'task' | 'list'> {
  readonly type: Extract<Entry['type'], `list.${string}`>;
  readonly list: Schemas['TaskList'] | null;
}

/** A change of a task or list, with its state; `null` if it was permanently deleted. */
export type Change = TaskChange | ListChange;

/** A page of the change log. */
export type ChangePage = Omit<Schemas['ChangePage'], 'data'> & { readonly data: readonly Change[] };

/** Changes that arrived together, in order. */
export interface ChangeBatch {
  readonly changes: readonly Change[];
  /** Token of the last of them. */
  readonly token: string;
}

/** The change log of one user. */
export interface ChangeLog {
  /** Reads the changes after a token; without one, none, and the token of this moment. */
  readonly readPage: (token: string | undefined, signal: AbortSignal) => Promise<ChangePage>;
  /** Opens the stream of the changes after a token. */
  readonly openStream: (token: string, signal: AbortSignal) => Promise<Response>;
}
