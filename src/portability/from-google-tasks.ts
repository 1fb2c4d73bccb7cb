import type { Draft, DraftList, DraftTask } from './draft.js';
import { fitList } from './fit-list.js';
import { fitTask } from './fit-task.js';
import { assertCount } from './import-limits.js';
import type { ImportReport } from './import-report.js';
import {
  type NumberedObject,
  objectsOf,
  readJsonObject,
  skipUnknown,
  textOf,
} from './read-json.js';

/** The `kind` of a file `Tasks.json`. */
const KIND = 'tasks#taskLists';

/** Members that are taken, and those that say nothing outside of Google. */
const LIST_MEMBERS = ['items', 'title', ...['id', 'kind', 'etag', 'selfLink', 'updated']];
const TASK_MEMBERS = [
  ...['id', 'title', 'notes', 'status', 'completed', 'due', 'created', 'parent', 'deleted'],
  ...['kind', 'etag', 'selfLink', 'webViewLink', 'updated', 'position', 'hidden', 'task_type'],
];

const DAY_LENGTH = 'YYYY-MM-DD'.length;

function taskOf(element: NumberedObject, listKey: string, report: ImportReport): DraftTask {
  const { line, object: task } = element;
  skipUnknown(element, TASK_MEMBERS, report);
  return fitTask(
    {
      key: textOf(task['id']) || `task ${String(line)}`,
      line,
      completedAt: task['status'] === 'completed' ? (task['completed'] ?? true) : null,
      createdAt: task['created'],
      listKey,
      parentKey: textOf(task['parent']) || null,
      isTrashed: task['deleted'] === true,
    },
    {
      title: textOf(task['title']),
      description: textOf(task['notes']),
      priority: 'none',
      // The time is always midnight in UTC: Google keeps days only.
      due: textOf(task['due']).slice(0, DAY_LENGTH) || null,
      tags: [],
      recurrence: null,
    },
    report,
  );
}

/** Reads `Tasks.json` of a Google Takeout archive. Tasks are numbered through all lists. */
export function fromGoogleTasks(bytes: Uint8Array, report: ImportReport): Draft {
  const file = readJsonObject(bytes, report);
  report.assertTaken();
  if (file['kind'] !== KIND) {
    report.refuse(1, 'format', `The file is no Tasks.json of Google Takeout: kind is not ${KIND}.`);
    return { lists: [], tasks: [] };
  }
  const lists: DraftList[] = [];
  const tasks: DraftTask[] = [];
  for (const list of objectsOf(file['items'] ?? [], 'items', report)) {
    const key = `list ${String(list.line)}`;
    skipUnknown(list, LIST_MEMBERS, report);
    lists.push(fitList({ key, line: list.line, name: textOf(list.object['title']) }, report));
    // A list without tasks has no member for them.
    const first = tasks.length;
    const elements = objectsOf(list.object['items'] ?? [], 'items', report);
    // Before the work of each.
    assertCount(first + elements.length);
    for (const { line, object } of elements)
      tasks.push(taskOf({ line: first + line, object }, key, report));
  }
  return { lists, tasks };
}
