import { resolveRecurrence, ruleFault } from '../recurrence/index.js';
import {
  foldTag,
  MAX_DESCRIPTION_LENGTH,
  MAX_TAG_LENGTH,
  MAX_TAGS,
  MAX_TITLE_LENGTH,
  parseDue,
  type PriorityName,
} from '../tasks/index.js';
import type { DraftTask } from './draft.js';
import type { ImportReport } from './import-report.js';

/** A recurrence as the body of a create has it. */
export interface ForeignRecurrence {
  readonly rule: string;
  readonly timeZone: string;
  readonly basis?: 'due' | 'completion';
}

/** Fields of another service's task, whose texts may be longer than those of Taskward. */
export interface ForeignFields {
  readonly title: string;
  readonly description: string;
  /** Texts that are appended to the description. */
  readonly comments?: readonly string[];
  readonly priority: PriorityName;
  readonly due: string | null;
  readonly tags: readonly string[];
  readonly recurrence: ForeignRecurrence | null;
}

/** Everything of a draft except its fields. */
type Place = Omit<DraftTask, 'fields'>;

const UNTITLED = 'Untitled';
const ELLIPSIS = '…';

/** Returns a text of at most `limit` code points: one that is longer ends in an ellipsis. */
export function cut(text: string, limit: number): string {
  // Each code point has at least one unit, so most texts need not be split.
  if (text.length <= limit) return text;
  const points = Array.from(text);
  return points.length <= limit ? text : points.slice(0, limit - 1).join('') + ELLIPSIS;
}

/** Returns a title, and the whole of one that is too long, for the description. */
function titleOf(text: string, line: number, report: ImportReport): [string, string] {
  const title = text.trim();
  if (title === '') {
    report.skip(line, 'no_title', `the task has no title, and is called ${UNTITLED}`);
    return [UNTITLED, ''];
  }
  const short = cut(title, MAX_TITLE_LENGTH);
  if (short === title) return [title, ''];
  report.skip(line, 'title_too_long', 'the title is cut, and all of it is in the description');
  return [short, title];
}

function descriptionOf(
  texts: readonly string[],
  line: number,
  report: ImportReport,
): string | null {
  const paragraphs = texts.map((text) => text.trim()).filter((text) => text !== '');
  const description = paragraphs.join('\n\n');
  const short = cut(description, MAX_DESCRIPTION_LENGTH);
  if (short !== description)
    report.skip(line, 'description_too_long', 'the description, with its comments, is cut');
  return short === '' ? null : short;
}

function tagsOf(texts: readonly string[], line: number, report: ImportReport): string[] {
  const tags = new Map<string, string>();
  for (const tag of texts.map((text) => text.trim()).filter((text) => text !== '')) {
    const short = cut(tag, MAX_TAG_LENGTH);
    if (short !== tag) report.skip(line, 'tag_too_long', `the tag ${short} is too long`);
    else if (tags.has(foldTag(tag))) continue;
    else if (tags.size === MAX_TAGS)
      report.skip(line, 'too_many_tags', `the tag ${tag} is one too many`);
    else tags.set(foldTag(tag), tag);
  }
  return [...tags.values()];
}

/** Returns the reason why a task cannot repeat; undefined if it can. */
function recurrenceFault(
  { rule, timeZone }: ForeignRecurrence,
  due: string | null,
): string | undefined {
  const fault = ruleFault(rule);
  if (fault !== undefined) return `its rule ${fault}`;
  const moment = parseDue(due ?? '') ?? { dueDate: null, dueAt: null };
  const { faults } = resolveRecurrence(null, { rule, timeZone }, moment);
  return faults?.map((broken) => `${broken.path.join('/')} ${broken.rule}`).join(', ');
}

function recurrenceOf(
  { recurrence, due }: ForeignFields,
  { completedAt, line }: Place,
  report: ImportReport,
): ForeignRecurrence | null {
  if (recurrence === null) return null;
  const fault = completedAt === null ? recurrenceFault(recurrence, due) : 'it is completed';
  if (fault === undefined) return recurrence;
  report.skip(line, 'recurrence', `the task does not repeat: ${fault}`);
  return null;
}

/**
 * Returns a task of another service in the limits of Taskward. Nobody can edit what another service wrote, so what
 * is too long is cut, and what cannot be taken is left out; both are reported.
 */
export function fitTask(place: Place, fields: ForeignFields, report: ImportReport): DraftTask {
  const { line } = place;
  const { priority, due, description, comments = [] } = fields;
  const [title, wholeTitle] = titleOf(fields.title, line, report);
  return {
    ...place,
    fields: {
      title,
      description: descriptionOf([wholeTitle, description, ...comments], line, report),
      priority,
      due,
      tags: tagsOf(fields.tags, line, report),
      recurrence: recurrenceOf(fields, place, report),
    },
  };
}
