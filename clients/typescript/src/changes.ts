import type { components } from './schema.js';

type Task = components['schemas']['Task'];
type TaskList = components['schemas']['TaskList'];

type Kind =
  'created' | 'updated' | 'completed' | 'reopened' | 'moved' | 'trashed' | 'restored' | 'removed';

interface Entry {
  readonly token: string;
  readonly id: string;
  readonly version: number;
  readonly at: string;
}

interface TaskChange extends Entry {
  readonly type: `task.${Kind}`;
  readonly task: Task | null;
}

interface ListChange extends Entry {
  readonly type: `list.${Kind}`;
  readonly list: TaskList | null;
}

/** A change of a task or list, with its state then; `null` if it was permanently deleted. */
export type Change = TaskChange | ListChange;

/** A page of the change log. */
export interface ChangePage {
  readonly data: readonly Change[];
  readonly nextToken: string;
  readonly hasMore: boolean;
}

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
