import type { Type } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { NOT_BLANK, WITHOUT_NUL } from '../openapi/index.js';
import {
  eachRule,
  hasMaxLength,
  ifString,
  isNotBlank,
  isStorable,
  Nested,
  rule,
} from '../validation/index.js';
import { field, IdField, IsText, LineField, type Presence, UNICODE } from '../resource/index.js';
import { DUE_PATTERN, parseDue } from './due.js';
import { PRIORITIES, PRIORITY_SCHEMA } from './priority.js';
import { foldTag } from './tag-fold.js';
import { hasFewMarks, hasFewWords, isShortDecomposed } from './text-size.js';

/** The rules of a task's fields, for every body and for the API's description. */

export const MAX_TAGS = 20;
/** In code points, as those below. */
export const MAX_TAG_LENGTH = 50;
export const MAX_TITLE_LENGTH = 255;
export const MAX_DESCRIPTION_LENGTH = 10_000;
const isTag = (element: unknown) => typeof element === 'string';

export const Title = (presence: Presence) =>
  LineField(presence, { maxLength: MAX_TITLE_LENGTH, example: 'Buy milk' });

export const Description = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      maxLength: MAX_DESCRIPTION_LENGTH,
      pattern: WITHOUT_NUL,
      example: 'Two litres, the blue one.',
    },
    IsText(),
    rule('unicode', isStorable, UNICODE),
    rule(
      'too_long',
      hasMaxLength(MAX_DESCRIPTION_LENGTH),
      `must be at most ${String(MAX_DESCRIPTION_LENGTH)} characters`,
    ),
    rule('too_many_marks', ifString(hasFewMarks), 'must have at most 100 combining marks in a row'),
    rule(
      'too_long_decomposed',
      ifString(isShortDecomposed),
      'must be at most 32000 characters after decomposition (NFKD)',
    ),
    rule(
      'too_many_words',
      ifString(hasFewWords),
      'must have at most 2500 different words; in scripts without spaces, each character counts as one',
    ),
  );

export const Completed = (presence: Presence, example: boolean) =>
  field(
    presence,
    { type: Boolean, example },
    rule(
      'type',
      (value) => value === undefined || typeof value === 'boolean',
      'must be true or false',
    ),
  );

export const Priority = (presence: Presence) =>
  field(
    presence,
    { ...PRIORITY_SCHEMA, example: 'high' },
    rule(
      'one_of',
      (value) => value === undefined || PRIORITIES.some((name) => name === value),
      `must be one of ${PRIORITIES.join(', ')}`,
    ),
  );

export const Due = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      pattern: DUE_PATTERN,
      example: '2026-12-24',
      description:
        'A day (`YYYY-MM-DD`), or an RFC 3339 date-time with an offset; fractional seconds are truncated to milliseconds.',
    },
    IsText(),
    rule(
      'due',
      (value) => typeof value !== 'string' || parseDue(value) !== undefined,
      'must be a valid date (YYYY-MM-DD) or an RFC 3339 date-time with an offset',
    ),
  );

/** In UTF-16 code units. A longer tag is rejected for its length, so it need not be folded. */
const MAX_TAG_UNITS = 2 * MAX_TAG_LENGTH;

/** Whether no two tags have the same fold. */
function areDistinct(value: unknown): boolean {
  if (!Array.isArray(value)) return true;
  const tags = value.filter(isTag).map((tag) => (tag.length > MAX_TAG_UNITS ? tag : foldTag(tag)));
  return new Set(tags).size === tags.length;
}

const trimEach = ({ value }: { value: unknown }): unknown =>
  Array.isArray(value)
    ? value.map((tag: unknown) => (typeof tag === 'string' ? tag.trim() : tag))
    : value;

export const Tags = (presence: Presence) =>
  field(
    presence,
    {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: MAX_TAG_LENGTH, pattern: NOT_BLANK },
      maxItems: MAX_TAGS,
      uniqueItems: true,
      example: ['home'],
      description:
        'Each is trimmed, and unique regardless of case (Unicode full case folding) and the composition of accents. Spelling and order are kept.',
    },
    Transform(trimEach),
    rule(
      'type',
      (value) => value === undefined || Array.isArray(value),
      'must be an array of strings',
    ),
    rule(
      'too_many',
      (tags) => !Array.isArray(tags) || tags.length <= MAX_TAGS,
      `must be at most ${String(MAX_TAGS)}`,
    ),
    rule('duplicate', areDistinct, 'must not name a tag twice'),
    eachRule('element_type', isTag, 'must be a string'),
    eachRule('element_unicode', isStorable, UNICODE),
    eachRule('element_too_short', isNotBlank, 'must not be blank'),
    eachRule(
      'element_too_long',
      hasMaxLength(MAX_TAG_LENGTH),
      `must be at most ${String(MAX_TAG_LENGTH)} characters`,
    ),
  );

export const Repeats = (type: Type<object>) =>
  field(
    'clearable',
    {
      type,
      description:
        'How the task repeats; it needs a `due`. Completing the task creates the next one.',
    },
    Nested(type, { nullable: true }),
  );

export const ListId = (presence: Presence) =>
  IdField(
    presence,
    'Id of the list. A subtask is always in the list of its parent. A task whose list changes goes to the end.',
  );

export const ParentId = (presence: Presence) =>
  IdField(
    presence,
    'Id of the task that this one is a subtask of; a task has at most four ancestors. A task whose parent changes goes to the end.',
  );
