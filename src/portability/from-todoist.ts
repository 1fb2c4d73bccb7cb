import type { PriorityName } from '../tasks/index.js';
import type { Draft, DraftList, DraftTask } from './draft.js';
import { fitList } from './fit-list.js';
import { type ForeignFields, fitTask } from './fit-task.js';
import type { ImportReport } from './import-report.js';
import { inTurns } from './in-turns.js';
import { type CsvLine, readCsv } from './read-csv.js';
import { parseTodoistDate } from './todoist-date.js';

/** Columns that are taken, and those that say nothing by themselves. */
const COLUMNS = [
  ...['type', 'content', 'description', 'priority', 'indent', 'date', 'timezone'],
  ...['date_lang', 'deadline_lang', 'duration_unit'],
];

/** 1 is the highest, and 4 what every task has that was given none. */
const PRIORITIES: Readonly<Record<string, PriorityName>> = { 1: 'high', 2: 'medium', 3: 'low' };

/** A label: `@` and what follows up to a blank. An e-mail address has something in front of it. */
const LABEL = /(?<!\S)@(\S+)/g;

const cellOf = ({ cells }: CsvLine, name: string) => (cells[name] ?? '').trim();

/** Returns when a line is due, and reports what is not understood. */
function dateOf(row: CsvLine, report: ImportReport): Pick<ForeignFields, 'due' | 'recurrence'> {
  const text = cellOf(row, 'date');
  if (text === '') return { due: null, recurrence: null };
  const parsed = parseTodoistDate(text, cellOf(row, 'timezone'));
  if (parsed === undefined)
    report.skip(row.line, 'date', `the date ${text.slice(0, 100)} is not known`);
  if (parsed?.isFloating === true)
    report.skip(row.line, 'time_zone', 'the time has no time zone, and is taken as UTC');
  return { due: parsed?.due ?? null, recurrence: parsed?.recurrence ?? null };
}

/** A line of type `task`, and its place. */
interface TaskLine {
  readonly row: CsvLine;
  readonly listKey: string | null;
  readonly parentKey: string | null;
}

const keyOf = ({ line }: CsvLine) => `line ${String(line)}`;

/** Reads lines in their order: a task is below the last one that is indented less. */
class TodoistLines {
  readonly lists: DraftList[] = [];
  readonly #tasks: TaskLine[] = [];
  readonly #comments = new Map<string, string[]>();
  /** Keys of the last task and of those above it, by their indents. */
  #above: { readonly indent: number; readonly key: string }[] = [];

  constructor(private readonly report: ImportReport) {}

  /** Fits the tasks when all comments have been read. */
  async tasks(): Promise<DraftTask[]> {
    const tasks: DraftTask[] = [];
    for await (const line of inTurns(this.#tasks)) tasks.push(this.#taskOf(line));
    return tasks;
  }

  #taskOf({ row, listKey, parentKey }: TaskLine): DraftTask {
    const key = keyOf(row);
    const content = cellOf(row, 'content');
    return fitTask(
      { key, line: row.line, completedAt: null, listKey, parentKey },
      {
        title: content.replace(LABEL, '').replaceAll(/\s+/g, ' '),
        description: cellOf(row, 'description'),
        comments: this.#comments.get(key) ?? [],
        priority: PRIORITIES[cellOf(row, 'priority')] ?? 'none',
        tags: [...content.matchAll(LABEL)].map(([, label = '']) => label),
        ...dateOf(row, this.report),
      },
      this.report,
    );
  }

  add(row: CsvLine): void {
    const { line } = row;
    const type = cellOf(row, 'type').toLowerCase();
    if (type === 'task') this.#addTask(row);
    else if (type === 'section') this.#addSection(row);
    else if (type === 'note') this.#addComment(row);
    // How the project is shown, and empty lines between sections.
    else if (type !== 'meta' && type !== '')
      this.report.refuse(line, 'type', 'TYPE must be task, section or note');
  }

  #addTask(row: CsvLine): void {
    const indent = Number(cellOf(row, 'indent') || 1);
    this.#above = this.#above.filter((task) => task.indent < indent);
    const listKey = this.lists.at(-1)?.key ?? null;
    this.#tasks.push({ row, listKey, parentKey: this.#above.at(-1)?.key ?? null });
    this.#above.push({ indent, key: keyOf(row) });
  }

  #addSection(row: CsvLine): void {
    const key = keyOf(row);
    const name = cellOf(row, 'content');
    this.lists.push(fitList({ key, line: row.line, name }, this.report));
    this.#above = [];
  }

  #addComment(row: CsvLine): void {
    const key = this.#above.at(-1)?.key;
    const text = cellOf(row, 'content');
    if (key === undefined)
      this.report.skip(row.line, 'comment', 'the comment does not follow a task');
    else this.#comments.set(key, [...(this.#comments.get(key) ?? []), text]);
  }
}

/** Reports the cells of columns that an import does not know; of an author, the first only. */
function skipUnknown(rows: readonly CsvLine[], report: ImportReport): void {
  const author = rows.find((row) => cellOf(row, 'author') !== '');
  if (author) report.skip(author.line, 'unknown', 'author is not known');
  for (const row of rows)
    for (const name of Object.keys(row.cells))
      if (![...COLUMNS, 'author'].includes(name) && !['', 'None'].includes(cellOf(row, name)))
        report.skip(row.line, 'unknown', `${name.slice(0, 100)} is not known`);
}

/** Reads the CSV template of a Todoist project. Sections become lists, and comments are in descriptions. */
export async function fromTodoist(bytes: Uint8Array, report: ImportReport): Promise<Draft> {
  const rows = await readCsv(bytes, report);
  const names = Object.keys(rows[0]?.cells ?? {});
  for (const name of ['type', 'content'])
    if (rows.length > 0 && !names.includes(name))
      report.refuse(1, 'required', `${name} is required`);
  report.assertTaken();
  skipUnknown(rows, report);
  const lines = new TodoistLines(report);
  for (const row of rows) lines.add(row);
  return { lists: lines.lists, tasks: await lines.tasks() };
}
