import { MAX_ANCESTORS } from '../tasks/index.js';
import type { CheckedList, CheckedTask } from './check-draft.js';
import type { DraftTask } from './draft.js';
import type { ImportReport } from './import-report.js';

/** A task with its place among what the file has. */
export interface PlacedTask {
  readonly checked: CheckedTask;
  /** Number of ancestors. */
  readonly depth: number;
  readonly parentKey: string | null;
  readonly listKey: string | null;
  readonly isTrashed: boolean;
  readonly trashedWithKey: string | null;
}

/** Returns elements by their keys; refuses a key that is there twice. */
function byKey<Element extends { readonly draft: { readonly key: string; readonly line: number } }>(
  elements: readonly Element[],
  report: ImportReport,
): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const element of elements) {
    const { key, line } = element.draft;
    if (found.has(key)) report.refuse(line, 'duplicate', 'id is that of an earlier line');
    found.set(key, element);
  }
  return found;
}

/**
 * Puts tasks into their lists and below their parents. A subtask is in the list of its parent, and what lies in a
 * list or below a task in the trash is in the trash with it.
 */
class Placement {
  readonly #lists: ReadonlyMap<string, CheckedList>;
  readonly #tasks: ReadonlyMap<string, CheckedTask>;
  readonly #placed = new Map<string, PlacedTask>();

  constructor(
    lists: readonly CheckedList[],
    tasks: readonly CheckedTask[],
    private readonly report: ImportReport,
  ) {
    this.#lists = byKey(lists, report);
    this.#tasks = byKey(tasks, report);
  }

  place(checked: CheckedTask): PlacedTask {
    let placed: PlacedTask | undefined;
    for (const task of this.#unplacedAbove(checked)) {
      placed = this.#below(task, this.#parentOf(task));
      this.#placed.set(task.draft.key, placed);
      if (placed.depth <= MAX_ANCESTORS) continue;
      const detail = `parent must not give a task more than ${String(MAX_ANCESTORS)} ancestors`;
      this.report.refuse(task.draft.line, 'too_deep', detail);
    }
    placed ??= this.#placed.get(checked.draft.key);
    if (placed === undefined) throw new Error('A task was not placed.');
    return placed;
  }

  /** Returns a task and its ancestors that have no place yet, the farthest first. */
  #unplacedAbove(checked: CheckedTask): CheckedTask[] {
    const chain = new Map<string, CheckedTask>();
    let task: CheckedTask | undefined = checked;
    while (task !== undefined && !this.#placed.has(task.draft.key)) {
      const { key, parentKey, line }: DraftTask = task.draft;
      if (chain.has(key)) {
        this.report.refuse(line, 'cycle', 'parent must not be the task itself or one below it');
        break;
      }
      chain.set(key, task);
      task = parentKey === null ? undefined : this.#tasks.get(parentKey);
    }
    return [...chain.values()].reverse();
  }

  #parentOf({ draft: { parentKey, line } }: CheckedTask): PlacedTask | null {
    if (parentKey === null) return null;
    if (!this.#tasks.has(parentKey))
      this.report.skip(line, 'parent_not_found', 'its parent is not in the file');
    return this.#placed.get(parentKey) ?? null;
  }

  #below(checked: CheckedTask, parent: PlacedTask | null): PlacedTask {
    const { draft } = checked;
    const listKey = parent ? parent.listKey : this.#listOf(checked);
    const list = listKey === null ? undefined : this.#lists.get(listKey);
    const place = {
      checked,
      depth: parent ? parent.depth + 1 : 0,
      parentKey: parent && draft.parentKey,
      listKey,
    };
    if (draft.isTrashed === true)
      return { ...place, isTrashed: true, trashedWithKey: draft.trashedWithKey ?? null };
    if (parent?.isTrashed === true)
      return {
        ...place,
        isTrashed: true,
        trashedWithKey: parent.trashedWithKey ?? draft.parentKey,
      };
    const isTrashed = list?.draft.isTrashed === true;
    return { ...place, isTrashed, trashedWithKey: isTrashed ? listKey : null };
  }

  #listOf({ draft: { listKey, line } }: CheckedTask): string | null {
    if (listKey === null || this.#lists.has(listKey)) return listKey;
    this.report.skip(line, 'list_not_found', 'its list is not in the file');
    return null;
  }
}

/** @throws Problem `validation_failed` */
export function placeTasks(
  lists: readonly CheckedList[],
  tasks: readonly CheckedTask[],
  report: ImportReport,
): PlacedTask[] {
  const placement = new Placement(lists, tasks, report);
  const placed = tasks.map((task) => placement.place(task));
  report.assertTaken();
  return placed;
}
