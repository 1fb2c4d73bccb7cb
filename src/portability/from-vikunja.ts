import type { PriorityName } from '../tasks/index.js';
import type { Draft, DraftList, DraftTask } from './draft.js';
import { fitList } from './fit-list.js';
import { fitTask, type ForeignRecurrence } from './fit-task.js';
import { htmlConverter } from './html-text.js';
import { assertCount } from './import-limits.js';
import type { ImportReport } from './import-report.js';
import { inTurns } from './in-turns.js';
import {
  isObject,
  type JsonObject,
  type NumberedObject,
  objectsOf,
  readJson,
  skipUnknown,
  textOf,
} from './read-json.js';
import { isZip, readZipEntry } from './read-zip.js';

/** File of an export that has projects and tasks. */
const DATA = 'data.json';

/** The zero time of Go, which stands for none. */
const NO_TIME = '0001-01-01T00:00:00Z';

/** Members that are taken, and those that say nothing outside of Vikunja. */
const PROJECT_MEMBERS = [
  ...['id', 'title', 'hex_color', 'is_archived', 'position', 'created', 'tasks', 'views'],
  ...['positions', 'identifier', 'owner', 'updated', 'subscription', 'max_permission', 'max_right'],
];
const TASK_MEMBERS = [
  ...['id', 'title', 'description', 'done', 'done_at', 'due_date', 'project_id', 'repeat_after'],
  ...['repeat_mode', 'priority', 'labels', 'comments', 'related_tasks', 'created', 'updated'],
  ...['identifier', 'index', 'uid', 'position', 'bucket_id', 'created_by', 'subscription'],
  ...['comment_count', 'is_unread', 'max_permission', 'max_right'],
];

const PRIORITIES: readonly PriorityName[] = ['none', 'low', 'medium', 'high'];
/** Values of `repeat_mode`. */
const MONTHLY = 1;
const FROM_COMPLETION = 2;
const DAY_SECONDS = 86_400;

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const timeOf = (value: unknown): string | null =>
  textOf(value) === NO_TIME ? null : textOf(value) || null;
const elementsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
/** Returns the members whose value is not the time that is none. */
const withoutUnset = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== NO_TIME));
const idOf = (value: unknown): string => String(numberOf(value));

/** Returns how a task repeats; undefined for spans that are no number of days. */
function recurrenceOf(task: JsonObject): ForeignRecurrence | null | undefined {
  const [seconds, mode] = [numberOf(task['repeat_after']), numberOf(task['repeat_mode'])];
  if (mode === MONTHLY) return { rule: 'FREQ=MONTHLY', timeZone: 'UTC' };
  if (seconds === 0) return null;
  if (seconds % DAY_SECONDS !== 0) return undefined;
  const rule = `FREQ=DAILY;INTERVAL=${String(seconds / DAY_SECONDS)}`;
  return { rule, timeZone: 'UTC', basis: mode === FROM_COMPLETION ? 'completion' : 'due' };
}

/** Returns the parent among related tasks, and reports other relations. */
function parentOf(task: JsonObject, line: number, report: ImportReport): string | null {
  const related = isObject(task['related_tasks']) ? task['related_tasks'] : {};
  const [parent, ...others] = elementsOf(related['parenttask']);
  for (const kind of Object.keys(related))
    if (!['parenttask', 'subtask'].includes(kind) && elementsOf(related[kind]).length > 0)
      report.skip(
        line,
        'relation',
        `tasks that are related as ${kind.slice(0, 100)} are not known`,
      );
  if (others.length > 0) report.skip(line, 'relation', 'parents after the first are not known');
  return parent ? idOf(parent['id']) : null;
}

/** Reads the tasks of one export. */
class VikunjaTasks {
  constructor(
    private readonly textOfHtml: (html: string) => string,
    private readonly report: ImportReport,
  ) {}

  taskOf(element: NumberedObject, listKey: string): DraftTask {
    const { line, object: task } = element;
    skipUnknown({ line, object: withoutUnset(task) }, TASK_MEMBERS, this.report);
    const recurrence = recurrenceOf(task);
    if (recurrence === undefined)
      this.report.skip(line, 'recurrence', 'the task does not repeat: a day is the shortest span');
    return fitTask(
      {
        key: idOf(task['id']),
        line,
        completedAt: task['done'] === true ? (timeOf(task['done_at']) ?? true) : null,
        createdAt: timeOf(task['created']) ?? undefined,
        listKey,
        parentKey: parentOf(task, line, this.report),
      },
      {
        title: textOf(task['title']),
        description: this.textOfHtml(textOf(task['description'])),
        comments: elementsOf(task['comments']).map(({ comment }) =>
          this.textOfHtml(textOf(comment)),
        ),
        priority: PRIORITIES[numberOf(task['priority'])] ?? 'high',
        due: timeOf(task['due_date']),
        tags: elementsOf(task['labels']).map(({ title }) => textOf(title)),
        recurrence: recurrence ?? null,
      },
      this.report,
    );
  }
}

/** Returns the positions of tasks in the list of a project, which is the first of its views, by their ids. */
function positionsOf(project: JsonObject): Map<string, number> {
  const view = elementsOf(project['views'])[0]?.['id'];
  const positions = elementsOf(project['positions']).filter(
    ({ project_view_id: of }) => of === view,
  );
  return new Map(positions.map(({ task_id: id, position }) => [idOf(id), numberOf(position)]));
}

function listOf({ line, object: project }: NumberedObject, report: ImportReport): DraftList {
  const { hex_color: color } = project;
  const hex = textOf(color).replace('#', '');
  return fitList(
    {
      key: idOf(project['id']),
      line,
      name: textOf(project['title']),
      color: hex === '' ? null : `#${hex}`,
      archived: project['is_archived'] === true,
      createdAt: timeOf(project['created']) ?? undefined,
    },
    report,
  );
}

const byNumber = <Element>(elements: Element[], numberFor: (element: Element) => number) =>
  elements.sort((a, b) => numberFor(a) - numberFor(b));

/**
 * Reads an export of Vikunja: the zip archive, or its `data.json`. Projects become lists. Tasks are numbered through
 * all projects.
 */
export async function fromVikunja(bytes: Uint8Array, report: ImportReport): Promise<Draft> {
  const data = isZip(bytes) ? await readZipEntry(bytes, DATA, report) : bytes;
  report.assertTaken();
  // The favourites are no project of their own.
  const projects = objectsOf(readJson(data, report), DATA, report).filter(
    ({ object }) => numberOf(object['id']) > 0,
  );
  const reader = new VikunjaTasks(await htmlConverter(), report);
  const tasks: DraftTask[] = [];
  for (const { line, object: project } of projects) {
    skipUnknown({ line, object: project }, PROJECT_MEMBERS, report);
    const first = tasks.length;
    const own: DraftTask[] = [];
    const elements = objectsOf(project['tasks'] ?? [], 'tasks', report);
    // Before the work of each.
    assertCount(first + elements.length);
    for await (const { line: number, object } of inTurns(elements))
      own.push(reader.taskOf({ line: first + number, object }, idOf(project['id'])));
    const positions = positionsOf(project);
    tasks.push(...byNumber(own, ({ key }) => positions.get(key) ?? 0));
  }
  const ordered = byNumber(projects, ({ object }) => numberOf(object['position']));
  return { lists: ordered.map((project) => listOf(project, report)), tasks };
}
