import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, IsUrl, Matches, Max, Min } from 'class-validator';
import {
  IsOrigin,
  IsPostgresUrl,
  withHost,
  withoutDefaultPort,
  withoutSchema,
} from './env.validators.js';

/** Parses `true` and `false`. */
export const Flag = () =>
  Transform(({ value }) =>
    value === 'true' ? true : value === 'false' ? false : (value as unknown),
  );
/** Parses digits; leaves anything else to be rejected by the rules. */
export const Digits = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );
/** Accepts a whole number in decimal digits. */
export const WholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  applyDecorators(Digits(), IsInt(), Min(min), Max(max));
/** Parses a comma-separated list. */
export const List = () =>
  Transform(({ value }) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((item) => item.trim())
          .filter(Boolean)
      : (value as unknown),
  );

/** Transforms a string, or each string of a list. */
const TransformString = (transform: (text: string) => string) =>
  Transform(({ value }: { value: unknown }) => {
    const transformItem = (item: unknown) => (typeof item === 'string' ? transform(item) : item);
    return Array.isArray(value) ? value.map(transformItem) : transformItem(value);
  });

/** Accepts an address or a host name; an IPv6 address may be enclosed in brackets, as in a URL. */
export const Host = () =>
  applyDecorators(
    TransformString((host) => host.replace(/^\[(.+)\]$/, '$1')),
    Matches(/^\S+$/, { message: 'must be an address or a host name' }),
  );

/** Accepts an origin, and removes the default port of its scheme, which browsers omit. */
export const Origin = (each = false) =>
  applyDecorators(TransformString(withoutDefaultPort), IsOrigin(each));

/** Accepts an http or https URL, whose host may be a name without a dot. */
export const HttpUrl = () =>
  IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'must be an http or https URL' },
  );

/** Accepts a PostgreSQL URL; one of a Unix socket may lack a host. */
export const PostgresUrl = () =>
  applyDecorators(
    TransformString((text) => withoutSchema(withHost(text))),
    IsPostgresUrl(),
  );
