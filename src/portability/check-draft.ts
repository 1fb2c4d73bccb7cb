import type { Type } from '@nestjs/common';
import { parseInstant } from '../common/index.js';
import { CreateListDto } from '../lists/index.js';
import { resolveRecurrence, type StoredRecurrence } from '../recurrence/index.js';
import { NOW } from '../resource/index.js';
import { CreateTaskDto, parseDue } from '../tasks/index.js';
import { InvalidInput, validateInput } from '../validation/index.js';
import type { Draft, DraftList, DraftTask } from './draft.js';
import type { ImportReport } from './import-report.js';
import { inTurns } from './in-turns.js';
import { seriesStateOf } from './series-state.js';

type Moment = Date | typeof NOW;

/** A list whose fields keep the rules of a create. */
export interface CheckedList {
  readonly draft: DraftList;
  readonly fields: CreateListDto;
  readonly createdAt: Moment;
}

/** A task whose fields keep the rules of a create. */
export interface CheckedTask {
  readonly draft: DraftTask;
  readonly fields: CreateTaskDto;
  readonly createdAt: Moment;
  readonly completedAt: Moment | null;
  readonly recurrence: StoredRecurrence | null;
}

function fieldsOf<Dto extends object>(
  fields: object,
  type: Type<Dto>,
  line: number,
  report: ImportReport,
): Dto | undefined {
  try {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    return validateInput(Object.fromEntries(present), type) as Dto;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    for (const { code, detail } of error.failures) report.refuse(line, code, detail);
    return undefined;
  }
}

function momentOf(value: unknown, name: string, line: number, report: ImportReport): Moment {
  const moment = typeof value === 'string' ? parseInstant(value) : undefined;
  if (moment !== undefined) return moment;
  if (value !== undefined && value !== true) {
    report.refuse(line, 'date_time', `${name} must be an RFC 3339 date-time with an offset`);
  }
  return NOW;
}

/** Returns the recurrence of a task with its state: the one that the file has, or that of a new series. */
function recurrenceOf(
  { line, series }: DraftTask,
  { recurrence, due }: CreateTaskDto,
  report: ImportReport,
): StoredRecurrence | null {
  if (!recurrence) return null;
  const moment = parseDue(due ?? '') ?? { dueDate: null, dueAt: null };
  const resolved = resolveRecurrence(null, recurrence, moment);
  if (resolved.faults) {
    for (const { path, code, rule } of resolved.faults)
      report.refuse(line, code, `${path.join('/')} ${rule}`);
    return null;
  }
  const begun = { ...resolved.recurrence, ...resolved.first.state };
  if (!series) return begun;
  const state = seriesStateOf(series.state, begun);
  if (state === undefined) report.refuse(line, 'series', 'series does not fit due and recurrence');
  return { ...begun, ...state };
}

function listOf(draft: DraftList, report: ImportReport): CheckedList | undefined {
  const { line, name, color, archived } = draft;
  const fields = fieldsOf({ name, color, archived }, CreateListDto, line, report);
  const createdAt = momentOf(draft.createdAt, 'createdAt', line, report);
  return fields && { draft, fields, createdAt };
}

function taskOf(draft: DraftTask, report: ImportReport): CheckedTask | undefined {
  const { line, completedAt } = draft;
  const fields = fieldsOf(draft.fields, CreateTaskDto, line, report);
  const createdAt = momentOf(draft.createdAt, 'createdAt', line, report);
  const completed =
    completedAt === null ? null : momentOf(completedAt, 'completedAt', line, report);
  if (fields === undefined) return undefined;
  const recurrence = recurrenceOf(draft, fields, report);
  return { draft, fields, createdAt, completedAt: completed, recurrence };
}

async function checkAll<Element, Checked>(
  elements: readonly Element[],
  check: (element: Element) => Checked | undefined,
): Promise<Checked[]> {
  const checked: Checked[] = [];
  for await (const element of inTurns(elements)) {
    const one = check(element);
    if (one !== undefined) checked.push(one);
  }
  return checked;
}

/**
 * Checks every field of a file by the rules of a create.
 *
 * @throws Problem `validation_failed` that lists what cannot be taken.
 */
export async function checkDraft(
  { lists, tasks }: Draft,
  report: ImportReport,
): Promise<{ lists: CheckedList[]; tasks: CheckedTask[] }> {
  const checked = {
    lists: await checkAll(lists, (list) => listOf(list, report)),
    tasks: await checkAll(tasks, (task) => taskOf(task, report)),
  };
  report.assertTaken();
  return checked;
}
