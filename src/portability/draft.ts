/** A list as a file has it; what is `unknown` has not been checked. */
export interface DraftList {
  /** Id by which tasks of the file name it. */
  readonly key: string;
  readonly line: number;
  readonly name: unknown;
  readonly color?: unknown;
  readonly archived?: unknown;
  readonly createdAt?: unknown;
  /** Lists are put in the order of these strings; those without one, or with the same, in that of the file. */
  readonly position?: string;
  readonly isTrashed?: boolean;
}

/** How far a series has come; without it a series begins at `due`. */
interface DraftSeries {
  readonly key: string;
  readonly state: unknown;
}

/** A task as a file has it. */
export interface DraftTask {
  /** Id by which other tasks of the file name it. */
  readonly key: string;
  readonly line: number;
  /** As the body of a create has it. */
  readonly fields: Readonly<{
    title: unknown;
    description?: unknown;
    priority?: unknown;
    due?: unknown;
    tags?: unknown;
    recurrence?: unknown;
  }>;
  /** Null if it is open; true if it was completed at a time that the file does not have. */
  readonly completedAt: unknown;
  readonly createdAt?: unknown;
  readonly listKey: string | null;
  readonly parentKey: string | null;
  readonly position?: string;
  readonly series?: DraftSeries | null;
  readonly nextKey?: string | null;
  readonly isTrashed?: boolean;
  readonly trashedWithKey?: string | null;
}

/** Lists and tasks of a file, in its order. */
export interface Draft {
  readonly lists: readonly DraftList[];
  readonly tasks: readonly DraftTask[];
}
