import { firstDay, formatRule } from '../recurrence/rule';
import type { RepeatWords } from '../recurrence/repeat-words';
import type { DueWords, Writer } from './due-words';
import { codePointLength, MAX_TAG_LENGTH, MAX_TAGS } from './rules';
import { distinctTags } from './tag-fold';
import { EMPTY_FIELDS, type Priority, type TaskFields } from './task';
import { dayOf, instantOf, timeOf } from './zone';

/** The knowledge of dates, which is loaded after the page. */
export interface LineWords {
  readonly findDue: (text: string, writer: Writer) => DueWords | undefined;
  readonly findRepeat: (text: string, writer: Writer) => RepeatWords | undefined;
}

/** A part of the line that was understood, so that the person can take it back. */
export interface Token {
  readonly kind: 'tag' | 'priority' | 'due' | 'repeat';
  readonly text: string;
}

export interface QuickAdd {
  readonly fields: TaskFields;
  readonly tokens: readonly Token[];
}

const PRIORITY_WORDS: Record<string, Priority> = {
  high: 'high',
  hoch: 'high',
  h: 'high',
  '1': 'high',
  medium: 'medium',
  mittel: 'medium',
  m: 'medium',
  '2': 'medium',
  low: 'low',
  niedrig: 'low',
  l: 'low',
  n: 'low',
  '3': 'low',
};

/** A tag or a priority, as a word of its own. */
const MARKED = /(?<=^|\s)(?:#"(?<quoted>[^"]+)"|(?<mark>[#!])(?<word>\S+))(?=\s|$)/gu;
const TRAILING = /[,.;:!?]+$/;

const isTag = (word: string) =>
  /[\p{L}\p{M}\p{So}\p{Emoji_Presentation}]/u.test(word) &&
  !word.startsWith('#') &&
  codePointLength(word) <= MAX_TAG_LENGTH;

const DAY_LENGTH = 10;

const collapse = (text: string) => text.trim().replace(/\s+/g, ' ');

interface Marks {
  rest: string;
  tags: string[];
  priority: Priority;
  tokens: Token[];
}

function readMark(found: Marks, match: RegExpExecArray): Omit<Token, 'text'> | undefined {
  const { quoted, mark, word = '' } = match.groups ?? {};
  if (mark === '!') {
    const priority = PRIORITY_WORDS[word.toLowerCase()];
    if (priority === undefined) return undefined;
    found.priority = priority;
    return { kind: 'priority' };
  }
  const tag = (quoted ?? word.replace(TRAILING, '')).trim();
  if (!isTag(tag) || found.tags.length >= MAX_TAGS) return undefined;
  found.tags.push(tag);
  return { kind: 'tag' };
}

function readMarks(line: string, ignored: ReadonlySet<string>): Marks {
  const found: Marks = { rest: '', tags: [], priority: 'none', tokens: [] };
  let end = 0;
  for (const match of line.matchAll(MARKED)) {
    const [text] = match;
    const token = ignored.has(text) ? undefined : readMark(found, match);
    if (token === undefined) continue;
    found.tokens.push({ ...token, text });
    found.rest += line.slice(end, match.index);
    end = match.index + text.length;
  }
  found.rest = collapse(found.rest + line.slice(end));
  return found;
}

const mask = (text: string, start: number, end: number) =>
  text.slice(0, start) + '_'.repeat(end - start) + text.slice(end);

/** Returns a text without parts of it, which do not overlap. */
function without(text: string, parts: readonly { start: number; end: number }[]): string {
  const sorted = parts.toSorted((one, other) => other.start - one.start);
  return sorted.reduce(
    (rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`,
    text,
  );
}

/** Returns the first due of a rule: at the time and from the day on that the line says, if it does. */
function firstDue(
  { rule, monthDate }: RepeatWords,
  due: string | undefined,
  { timeZone, now }: Writer,
): string {
  const isInstant = due !== undefined && due.length > DAY_LENGTH;
  const from = isInstant ? dayOf(new Date(due), timeZone) : (due ?? dayOf(now, timeZone));
  const day = firstDay(rule, from, monthDate);
  if (!isInstant) return day;
  return day === from
    ? due
    : instantOf(day, timeOf(new Date(due), timeZone), timeZone).toISOString();
}

/**
 * Reads a task in one line: `milk every monday 9am #home !high`. The rest is the title, as it was written;
 * `ignored` holds the parts that the person wants to stay in it.
 */
export function parseQuickAdd(
  line: string,
  writer: Writer,
  { findDue, findRepeat }: LineWords,
  ignored: ReadonlySet<string> = new Set(),
): QuickAdd {
  const { rest, tags, priority, tokens } = readMarks(line, ignored);
  const fields = { ...EMPTY_FIELDS, priority, tags: distinctTags(tags) };
  // Parts that the person rejected are masked, so that no date is found in them; they stay in the title.
  const masked = [...ignored].reduce(
    (text, part) => text.replaceAll(part, '_'.repeat(part.length)),
    rest,
  );
  const repeat = findRepeat(masked, writer);
  const due = findDue(repeat ? mask(masked, repeat.start, repeat.end) : masked, writer);
  const title = collapse(
    without(
      rest,
      [repeat, due].filter((part) => part !== undefined),
    ),
  );
  // `tomorrow` alone is a title, not a task without one.
  if (title === '') return { fields: { ...fields, title: rest }, tokens };
  const { timeZone } = writer;
  return {
    fields: {
      ...fields,
      title,
      due: repeat ? firstDue(repeat, due?.due, writer) : (due?.due ?? null),
      recurrence: repeat ? { rule: formatRule(repeat.rule), timeZone, basis: 'due' } : null,
    },
    tokens: [
      ...tokens,
      ...(due ? [{ kind: 'due' as const, text: due.text }] : []),
      ...(repeat ? [{ kind: 'repeat' as const, text: rest.slice(repeat.start, repeat.end) }] : []),
    ],
  };
}
