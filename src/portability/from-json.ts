import type { Draft, DraftList, DraftTask } from './draft.js';
import type { ImportReport } from './import-report.js';
import {
  isObject,
  type JsonObject,
  objectsOf,
  readJsonObject,
  skipUnknown,
  textOf,
} from './read-json.js';
import { JSON_FORMAT } from './to-json.js';

const LIST_MEMBERS = ['id', 'name', 'color', 'archived', 'position', 'createdAt', 'trashed'];
const TASK_MEMBERS = [
  ...['id', 'title', 'description', 'completedAt', 'priority', 'due', 'tags', 'listId', 'parentId'],
  ...['position', 'recurrence', 'series', 'nextTaskId', 'createdAt', 'trashed', 'trashedWith'],
];

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

function listOf(line: number, list: JsonObject): DraftList {
  return {
    key: String(list['id']),
    line,
    name: list['name'],
    color: list['color'],
    archived: list['archived'],
    createdAt: list['createdAt'],
    position: textOf(list['position']),
    isTrashed: list['trashed'] === true,
  };
}

function taskOf(line: number, task: JsonObject): DraftTask {
  const { title, description, priority, due, tags, recurrence, series } = task;
  return {
    key: String(task['id']),
    line,
    fields: { title, description, priority, due, tags, recurrence },
    completedAt: task['completedAt'] ?? null,
    createdAt: task['createdAt'],
    listKey: textOrNull(task['listId']),
    parentKey: textOrNull(task['parentId']),
    position: textOf(task['position']),
    series: isObject(series) ? { key: String(series['id']), state: series } : null,
    nextKey: textOrNull(task['nextTaskId']),
    isTrashed: task['trashed'] === true,
    trashedWithKey: textOrNull(task['trashedWith']),
  };
}

/** Reads the format of an export as JSON. */
export function fromJson(bytes: Uint8Array, report: ImportReport): Draft {
  const file = readJsonObject(bytes, report);
  report.assertTaken();
  const { format, version } = file;
  if (format !== JSON_FORMAT.format || version !== JSON_FORMAT.version) {
    report.refuse(1, 'format', 'The file is no export of Taskward, or one of a newer version.');
    return { lists: [], tasks: [] };
  }
  const lists = objectsOf(file['lists'], 'lists', report);
  const tasks = objectsOf(file['tasks'], 'tasks', report);
  for (const list of lists) skipUnknown(list, LIST_MEMBERS, report);
  for (const task of tasks) skipUnknown(task, TASK_MEMBERS, report);
  return {
    lists: lists.map(({ line, object }) => listOf(line, object)),
    tasks: tasks.map(({ line, object }) => taskOf(line, object)),
  };
}
