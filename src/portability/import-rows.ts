import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type { List } from '../lists/index.js';
import { endPosition, type NewValues, NOW } from '../resource/index.js';
import { newTask, type Task } from '../tasks/index.js';
import type { CheckedList } from './check-draft.js';
import type { PlacedTask } from './place-tasks.js';

/** New ids by the keys of a file; a key that only other keys name has one, too. */
class Ids {
  readonly #ids = new Map<string, string>();

  /** Makes ids in the order of the file, so that what was made at once stays in that order. */
  constructor(keys: readonly string[]) {
    for (const key of keys) this.#ids.set(key, uuidv7());
  }

  of(key: string): string {
    const id = this.#ids.get(key) ?? uuidv4();
    this.#ids.set(key, id);
    return id;
  }

  orNull(key: string | null | undefined): string | null {
    return key === null || key === undefined ? null : this.of(key);
  }
}

/** Returns a new position for each element, in the order of the old ones. */
function positionsOf(elements: readonly { readonly position?: string }[]): string[] {
  const order = elements
    .map(({ position = '' }, index) => ({ position, index }))
    .sort((a, b) =>
      a.position < b.position ? -1 : a.position > b.position ? 1 : a.index - b.index,
    );
  const positions: string[] = [];
  for (const { index } of order) positions[index] = endPosition();
  return positions;
}

function listRow({ draft, fields, createdAt }: CheckedList, id: string): NewValues<List> {
  return {
    id,
    name: fields.name,
    color: fields.color ?? null,
    archived: fields.archived ?? false,
    createdAt,
    deletedAt: draft.isTrashed === true ? NOW : null,
  };
}

/** Rows of lists and tasks; tasks in groups, each of which comes after the one with its parents. */
export interface ImportRows {
  readonly lists: NewValues<List>[];
  readonly tasks: NewValues<Task>[][];
}

/** New ids by keys, and what each key is. */
interface Keys {
  readonly lists: Ids;
  readonly tasks: Ids;
  readonly areLists: ReadonlySet<string>;
  readonly areParents: ReadonlySet<string | null>;
}

function taskRow(
  { checked, listKey, parentKey, isTrashed, trashedWithKey }: PlacedTask,
  position: string,
  { lists, tasks, areLists, areParents }: Keys,
): NewValues<Task> {
  const { draft, fields, recurrence } = checked;
  const seriesKey = recurrence && draft.series ? draft.series.key : null;
  const trashIds = trashedWithKey !== null && areLists.has(trashedWithKey) ? lists : tasks;
  return {
    ...newTask(fields),
    id: tasks.of(draft.key),
    listId: lists.orNull(listKey),
    parentId: tasks.orNull(parentKey),
    position,
    createdAt: checked.createdAt,
    completedAt: checked.completedAt,
    recurrence,
    seriesId: seriesKey === draft.key ? null : tasks.orNull(seriesKey),
    nextTaskId: recurrence ? tasks.orNull(draft.nextKey) : null,
    deletedAt: isTrashed ? NOW : null,
    trashedWith: isTrashed ? trashIds.orNull(trashedWithKey) : null,
    hasSubtasks: areParents.has(draft.key),
  };
}

/** Returns the rows of what a file has. Each call makes new ids. */
export function importRows(
  lists: readonly CheckedList[],
  tasks: readonly PlacedTask[],
): ImportRows {
  const keys: Keys = {
    lists: new Ids(lists.map(({ draft }) => draft.key)),
    tasks: new Ids(tasks.map(({ checked }) => checked.draft.key)),
    areLists: new Set(lists.map(({ draft }) => draft.key)),
    areParents: new Set(tasks.map(({ parentKey }) => parentKey)),
  };
  const positions = positionsOf(tasks.map(({ checked }) => checked.draft));
  const listPositions = positionsOf(lists.map(({ draft }) => draft));
  const groups: NewValues<Task>[][] = [];
  tasks.forEach((placed, index) => {
    const row = taskRow(placed, positions[index] ?? endPosition(), keys);
    (groups[placed.depth] ??= []).push(row);
  });
  return {
    lists: lists.map((list, index) => ({
      ...listRow(list, keys.lists.of(list.draft.key)),
      position: listPositions[index] ?? endPosition(),
    })),
    tasks: groups,
  };
}
