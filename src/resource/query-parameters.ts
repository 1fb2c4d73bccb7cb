import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { Digits } from '../config/index.js';
import { rule } from '../validation/index.js';

/** Rows of a page: by default, and at most. */
export const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const isLimit = (value: unknown, max: number) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;

/** Rule of a parameter that is sent once. */
export const IsSentOnce = () =>
  rule('type', (value) => typeof value === 'string', 'must be given once');

/** Declares an optional query parameter, for validation and for the API's description. */
export function parameter(
  schema: ApiPropertyOptions,
  ...rules: PropertyDecorator[]
): PropertyDecorator {
  const shown = { required: false, ...schema } as ApiPropertyOptions;
  return applyDecorators(ApiProperty(shown), IsOptional(), ...rules);
}

/** `true` or `false`, sent once. */
export const Flag = (schema: ApiPropertyOptions) =>
  parameter(
    { type: Boolean, ...schema },
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    rule('type', (value) => typeof value === 'boolean', 'must be true or false, given once'),
  );

/** The number of rows of a page; its property has `DEFAULT_LIMIT`. */
export const Limit = (description: string, max = MAX_LIMIT) =>
  applyDecorators(
    ApiProperty({
      required: false,
      type: 'integer',
      minimum: 1,
      maximum: max,
      default: DEFAULT_LIMIT,
      description,
    }),
    Digits(),
    rule(
      'range',
      (value) => isLimit(value, max),
      `must be a whole number from 1 to ${String(max)}, given once`,
    ),
  );

/** The cursor of a page; an empty one is that of the first page. */
export const Cursor = () =>
  applyDecorators(
    ApiProperty({
      required: false,
      description: '`nextCursor` of the previous page; empty for the first page.',
    }),
    Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value)),
    IsOptional(),
    IsSentOnce(),
  );

/** The cursor of what comes after a page. */
export const NextCursor = () =>
  ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The `cursor` of the next page; null on the last.',
  });

/** The one thing that a response can have beside the resource. */
export const Include = (what: string, description: string) =>
  parameter(
    { type: String, enum: [what], description },
    rule('one_of', (value) => value === what, `must be ${what}, given once`),
  );
