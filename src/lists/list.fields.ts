import { NOT_BLANK } from '../openapi/index.js';
import { field, IsText, type Presence, UNICODE } from '../resource/index.js';
import {
  hasMaxLength,
  isNotBlank,
  isStorable,
  LowerCased,
  rule,
  Trimmed,
} from '../validation/index.js';

/** The rules of a list's fields, for every body and for the API's description. */

const COLOR = /^#[0-9a-f]{6}$/;
export const COLOR_PATTERN = '^#[0-9a-fA-F]{6}$';

export const Name = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      minLength: 1,
      maxLength: 100,
      pattern: NOT_BLANK,
      example: 'Household',
      description: 'Trimmed.',
    },
    Trimmed(),
    IsText(),
    rule('unicode', isStorable, UNICODE),
    rule('too_short', isNotBlank, 'must not be blank'),
    rule('too_long', hasMaxLength(100), 'must be at most 100 characters'),
  );

export const Color = (presence: Presence) =>
  field(
    presence,
    {
      type: String,
      pattern: COLOR_PATTERN,
      example: '#3366cc',
      description: 'Red, green and blue in hexadecimal; stored in lower case.',
    },
    LowerCased(),
    IsText(),
    rule(
      'color',
      (value) => typeof value !== 'string' || COLOR.test(value),
      'must be a colour such as #3366cc',
    ),
  );

export const Archived = (presence: Presence) =>
  field(
    presence,
    { type: Boolean, example: false },
    rule(
      'type',
      (value) => value === undefined || typeof value === 'boolean',
      'must be true or false',
    ),
  );
