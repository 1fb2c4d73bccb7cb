import { field, IsText, LineField, type Presence } from '../resource/index.js';
import { LowerCased, rule } from '../validation/index.js';

/** The rules of a list's fields, for every body and for the API's description. */

const COLOR = /^#[0-9a-f]{6}$/;
export const COLOR_PATTERN = '^#[0-9a-fA-F]{6}$';

/** In code points. */
export const MAX_NAME_LENGTH = 100;

export const Name = (presence: Presence) =>
  LineField(presence, { maxLength: MAX_NAME_LENGTH, example: 'Household' });

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
