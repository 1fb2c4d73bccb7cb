import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { isUuid } from '../http/index.js';
import { NOT_BLANK } from '../openapi/index.js';
import {
  hasMaxLength,
  isNotBlank,
  isStorable,
  LowerCased,
  rule,
  Trimmed,
} from '../validation/index.js';

/**
 * Presence of a field in a body: `required`, `nullable` (must be there, though it may be `null`),
 * `optional` (may be left out), or `clearable` (may be left out, and `null` clears it).
 */
export type Presence = 'required' | 'nullable' | 'optional' | 'clearable';

const MUST_BE_THERE: readonly Presence[] = ['required', 'nullable'];
const MAY_BE_NULL: readonly Presence[] = ['nullable', 'clearable'];

export const UNICODE = 'must be valid Unicode without NUL characters and lone surrogates';

/** Rule of a field that is a string, where it is there. */
export const IsText = () =>
  rule('type', (value) => value === undefined || typeof value === 'string', 'must be a string');

function presenceOf(presence: Presence): PropertyDecorator {
  const mayBeLeftOut = !MUST_BE_THERE.includes(presence);
  return applyDecorators(
    rule('required', (value) => value !== undefined, 'is required'),
    ValidateIf(
      (_, value) =>
        !(mayBeLeftOut && value === undefined) &&
        !(MAY_BE_NULL.includes(presence) && value === null),
    ),
  );
}

/** Declares a field once, for every body that has it and for the API's description. */
export function field(
  presence: Presence,
  schema: ApiPropertyOptions,
  ...rules: PropertyDecorator[]
): PropertyDecorator {
  const shown = {
    ...schema,
    required: MUST_BE_THERE.includes(presence),
    nullable: MAY_BE_NULL.includes(presence),
  };
  return applyDecorators(ApiProperty(shown as ApiPropertyOptions), presenceOf(presence), ...rules);
}

interface Line {
  /** Characters. */
  readonly maxLength: number;
  readonly example: string;
  readonly description?: string;
}

/** A field that is a line of text: trimmed, and never blank. */
export const LineField = (
  presence: Presence,
  { maxLength, example, description = 'Trimmed.' }: Line,
) =>
  field(
    presence,
    { type: String, minLength: 1, maxLength, pattern: NOT_BLANK, example, description },
    Trimmed(),
    IsText(),
    rule('unicode', isStorable, UNICODE),
    rule('too_short', isNotBlank, 'must not be blank'),
    rule('too_long', hasMaxLength(maxLength), `must be at most ${String(maxLength)} characters`),
  );

/** A field that is the id of another resource. */
export const IdField = (presence: Presence, description: string) =>
  field(
    presence,
    {
      type: String,
      format: 'uuid',
      // An example of an id would be that of nothing.
      ...(MAY_BE_NULL.includes(presence) && { example: null }),
      description,
    },
    LowerCased(),
    IsText(),
    rule('uuid', (value) => typeof value !== 'string' || isUuid(value), 'must be a UUID'),
  );
