import { isTimeZone } from '../common/index.js';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { WITHOUT_NUL } from '../openapi/index.js';
import { eachRule, hasMaxLength, isNotBlank, isStorable, rule } from '../validation/index.js';
import { isUuid } from '../http/index.js';
import {
  Cursor,
  DEFAULT_LIMIT,
  Flag,
  Include,
  IsSentOnce,
  Limit,
  parameter,
} from '../resource/index.js';
import { DUE_PATTERN, parseDue } from './due.js';
import { PRIORITIES, type PriorityName } from './priority.js';
import { parseRelativeDue, RELATIVE_DUE_PATTERN } from './relative-due.js';

const MAX_TAGS = 20;

const SORT_FIELDS = ['createdAt', 'updatedAt', 'due', 'priority', 'title', 'position'] as const;
type SortField = (typeof SORT_FIELDS)[number];
export type Sort = SortField | `-${SortField}`;
/** Fields and directions that a list can be sorted by. */
export const SORTS = SORT_FIELDS.flatMap((field): Sort[] => [field, `-${field}`]);

const UNICODE = 'must be valid Unicode without NUL characters';

const PRIORITY_PATTERN = `\\s*(${PRIORITIES.join('|')})\\s*`;
const PRIORITIES_PATTERN = `^${PRIORITY_PATTERN}(,${PRIORITY_PATTERN})*$`;
/** Commas within a tag are escaped; a tag is not only white space. */
const TAG_CHARACTER = String.raw`([^,\\\x00]|\\[^\x00]?)`;
const TAG_PATTERN = String.raw`\s*([^\s,\\\x00]|\\[^\x00]?)${TAG_CHARACTER}*`;
const TAGS_PATTERN = `^${TAG_PATTERN}(,${TAG_PATTERN}){0,${String(MAX_TAGS - 1)}}$`;
/** Allows a space for the `+` of an offset. */
const DUE_PARAMETER_PATTERN = `${DUE_PATTERN.replace('[+-]', '[+ -]')}|${RELATIVE_DUE_PATTERN}`;

const ESCAPED = /\\[\\,]|[^]/gu;

/** Splits at commas; within a value `\,` is a comma and `\\` a backslash. */
function split(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const [token] of text.matchAll(ESCAPED)) {
    if (token === ',') {
      parts.push(part.trim());
      part = '';
    } else part += /^\\[\\,]/.test(token) ? token.slice(1) : token;
  }
  return [...parts, part.trim()];
}

const separated = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? split(value) : { repeated: value };

const List = (schema: ApiPropertyOptions, ...rules: PropertyDecorator[]) =>
  parameter(
    { type: String, ...schema },
    Transform(separated),
    rule('type', Array.isArray, 'must be a comma-separated list, given once'),
    ...rules,
  );

const MAX_IDS = 50;
const NONE = 'none';
const ID_PATTERN = String.raw`\s*([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|none)\s*`;

/** Ids of other resources, or `none`. */
const Ids = (description: string) =>
  List(
    {
      example: NONE,
      pattern: `^${ID_PATTERN}(,${ID_PATTERN}){0,${String(MAX_IDS - 1)}}$`,
      description,
    },
    rule(
      'too_many',
      (ids) => !Array.isArray(ids) || ids.length <= MAX_IDS,
      `must be at most ${String(MAX_IDS)}`,
    ),
    eachRule('element_uuid', (id) => id === NONE || isUuid(id), 'must be a UUID or none'),
  );

/** Restores a `+` that was not percent-encoded and arrived as a space. */
export const restorePlus = () =>
  Transform(({ value }: { value: unknown }): unknown =>
    typeof value === 'string' ? value.replace(/ (\d\d:\d\d|\d+[dw])$/, '+$1') : value,
  );

const DUE_FORMS =
  'a date, a date-time, or `today`, `tomorrow` or `now` at the time of the request, optionally with days or weeks (`today+3d`, `now-2w`).';

const isDue = (text: string) =>
  parseDue(text) !== undefined || parseRelativeDue(text) !== undefined;

const Due = (description: string) =>
  parameter(
    { type: String, description, pattern: DUE_PARAMETER_PATTERN, example: '2026-12-24' },
    restorePlus(),
    rule(
      'due',
      (value) => typeof value === 'string' && isDue(value),
      'must be a valid date (YYYY-MM-DD), an RFC 3339 date-time with an offset, or today, tomorrow or now, optionally with up to 9999 days or weeks (today+3d, now-2w), given once',
    ),
  );

/** Query parameters of one task. */
export class GetTaskQuery {
  @Include('progress', 'Adds `subtasks`, the numbers of subtasks of the next level.')
  include?: 'progress';
}

/** Query parameters of a list. */
export class ListTasksQuery extends GetTaskQuery {
  @Flag({ description: 'Filters by completion.' })
  completed?: boolean;

  @List(
    {
      example: 'high,medium',
      pattern: PRIORITIES_PATTERN,
      description: `Tasks with any of these priorities, comma-separated: ${PRIORITIES.join(', ')}.`,
    },
    eachRule(
      'element_one_of',
      (value) => PRIORITIES.some((name) => name === value),
      `must be one of ${PRIORITIES.join(', ')}`,
    ),
  )
  priority?: PriorityName[];

  @List(
    {
      example: 'home',
      pattern: TAGS_PATTERN,
      description:
        'Tasks with all of these tags, comma-separated. Case (Unicode full case folding) and the composition of accents do not matter. Write a comma within a tag as `\\,`, and a backslash as `\\\\`.',
    },
    rule(
      'too_many',
      (tags) => !Array.isArray(tags) || tags.length <= MAX_TAGS,
      `must be at most ${String(MAX_TAGS)}`,
    ),
    eachRule('element_unicode', isStorable, UNICODE),
    eachRule('element_too_short', isNotBlank, 'must not be blank'),
    eachRule('element_too_long', hasMaxLength(50), 'must be at most 50 characters'),
  )
  tags?: string[];

  @Ids(
    'Tasks of any of these lists, comma-separated; `none` stands for tasks without a list. An unknown id finds nothing.',
  )
  list?: string[];

  @Ids(
    'Subtasks of any of these tasks, comma-separated; `none` stands for tasks without a parent. An unknown id finds nothing.',
  )
  parent?: string[];

  @Due(
    `Tasks due before this: ${DUE_FORMS} All-day tasks count by their day in \`timeZone\`: a date, or the day of the instant.`,
  )
  dueBefore?: string;

  @Due(`Tasks due at this or after it: ${DUE_FORMS}`)
  dueAfter?: string;

  @Flag({ description: 'Filters by whether `due` is set.' })
  hasDue?: boolean;

  @ApiProperty({
    type: String,
    required: false,
    default: 'UTC',
    minLength: 1,
    example: 'Europe/Berlin',
    description: 'IANA time zone in which days start and end, for the `due` filters and sorting.',
  })
  @rule(
    'time_zone',
    (value) => typeof value === 'string' && isTimeZone(value),
    'must be the IANA name of a time zone, given once',
  )
  timeZone = 'UTC';

  @ApiProperty({
    required: false,
    maxLength: 200,
    pattern: WITHOUT_NUL,
    example: 'milk',
    description:
      'Words to find in title and description; the beginning of a word is enough. Case, accents, Arabic and Hebrew vowel signs, soft hyphens and joiners do not matter.',
  })
  @IsOptional()
  @IsSentOnce()
  @rule('unicode', isStorable, UNICODE)
  @rule('too_long', hasMaxLength(200), 'must be at most 200 characters')
  q?: string;

  @ApiProperty({
    required: false,
    enum: SORTS,
    default: '-createdAt',
    description:
      'Sort order; `-` means descending. Ties are sorted by id in the same direction. Tasks without `due` come last in both directions. By `position` they are in the order that they were moved to.',
  })
  @rule(
    'one_of',
    (value) => SORTS.some((sort) => sort === value),
    `must be one of ${SORTS.join(', ')}`,
  )
  sort: Sort = '-createdAt';

  @Limit('Maximum number of tasks on a page. A page of large tasks ends earlier, at 2 MiB.')
  limit: number = DEFAULT_LIMIT;

  @Cursor()
  cursor?: string;

  @Flag({ default: false, description: 'Adds `total`, the number of tasks on all pages.' })
  count?: boolean;

  @Flag({ default: false, description: 'Lists the trash instead.' })
  trashed?: boolean;
}
