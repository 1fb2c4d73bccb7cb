import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { Integer } from '../validation/index.js';
import {
  IsOrigin,
  IsPostgresUrl,
  withHost,
  withoutDefaultPort,
  withoutSchema,
} from './env.validators.js';

/** `true` or `false`. */
export const Flag = () =>
  Transform(({ value }) =>
    value === 'true' ? true : value === 'false' ? false : (value as unknown),
  );
/** A whole number in decimal digits. */
export const WholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  applyDecorators(Integer(), IsInt(), Min(least), Max(most));
/** A list, separated by commas. */
export const List = () =>
  Transform(({ value }) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((item) => item.trim())
          .filter(Boolean)
      : (value as unknown),
  );

/** Transforms a text, or each of a list. */
export const TransformText = (change: (text: string) => string) =>
  Transform(({ value }: { value: unknown }) => {
    const one = (item: unknown) => (typeof item === 'string' ? change(item) : item);
    return Array.isArray(value) ? value.map(one) : one(value);
  });

/** An origin, whose port may be that of its scheme: browsers leave it out. */
export const Origin = (each = false) =>
  applyDecorators(TransformText(withoutDefaultPort), IsOrigin(each));

/** A URL of PostgreSQL; one of a Unix socket may have no host. */
export const PostgresUrl = () =>
  applyDecorators(
    TransformText((text) => withoutSchema(withHost(text))),
    IsPostgresUrl(),
  );
