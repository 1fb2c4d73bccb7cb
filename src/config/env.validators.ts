import { isIP } from 'node:net';
import { ValidateBy, type ValidationArguments } from 'class-validator';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
/** Names of address ranges in `proxy-addr`, which Fastify uses. */
const ADDRESS_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);
const PLACEHOLDER =
  /change[-_ ]?(me|this)|placeholder|your[-_ ]?secret|example|replace[-_ ]?me|better-auth-secret|secret-?123|password|^x+$/i;

/** Returns the parsed URL, or undefined if it is invalid. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Returns whether a host is this machine. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.has(host);
}

/** Returns whether a URL leads to this machine. */
export function isLoopback(url: URL): boolean {
  return isLoopbackHost(url.hostname);
}

/** Returns whether a value is a web origin: http(s), a host, and nothing after it. */
function isOrigin(value: unknown): boolean {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  // Better Auth treats an asterisk as a wildcard.
  const isHost = url !== undefined && !url.host.includes('*');
  return isHost && /^https?:$/.test(url.protocol) && url.origin === value;
}

/** Returns an origin as browsers serialize it. */
export function withoutDefaultPort(text: string): string {
  const { origin = '', protocol = '' } = parseUrl(text) ?? {};
  const port = { 'http:': ':80', 'https:': ':443' }[protocol];
  return port !== undefined && text === origin + port ? origin : text;
}

/**
 * Adds a host to a PostgreSQL URL that has none and names a socket directory, as for Cloud SQL. The
 * driver prefers the parameter.
 *
 * @example withHost('postgres://user:password@/db?host=/cloudsql/a')
 */
export const withHost = (text: string): string =>
  text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=\/[^?#]*\?(?:[^#]*&)?host=)/, '$1localhost');

/**
 * Removes the `schema` parameter of other tools, which would make MikroORM keep its list of
 * migrations elsewhere.
 */
export function withoutSchema(text: string): string {
  const url = parseUrl(text);
  if (url?.searchParams.has('schema') !== true) return text;
  url.searchParams.delete('schema');
  return url.href;
}

/** Returns why a secret is too weak to sign with, or undefined if it is strong enough. */
export function weaknessOf(secret: string): string | undefined {
  if (Buffer.byteLength(secret) < 32) return 'must be at least 32 bytes';
  if (PLACEHOLDER.test(secret)) return 'is a placeholder';
  if (new Set(secret).size < 10) return 'is too uniform: use random characters';
  return undefined;
}

function isPostgresUrl(value: unknown): boolean {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  return (
    url !== undefined && /^postgres(ql)?:$/.test(url.protocol) && /^\/[^/]+$/.test(url.pathname)
  );
}

function isProxyAddress(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0) return ADDRESS_RANGES.has(value);
  const maxBits = family === 4 ? 32 : 128;
  return (
    rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= maxBits))
  );
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const MAX_TOKEN_LIFETIME_SECONDS = 24 * 3600;
const MAX_TIME_LIMIT_SECONDS = 600;

/** Parses a duration such as `90s`, `5m` or `1h` into seconds; returns NaN if it is invalid. */
export function secondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(duration) ?? [];
  return Number.parseInt(count, 10) * (SECONDS_PER_UNIT[unit] ?? NaN);
}

function isTokenLifetime(value: unknown): boolean {
  return typeof value === 'string' && secondsOf(value) <= MAX_TOKEN_LIFETIME_SECONDS;
}

function isTimeLimit(value: unknown): boolean {
  return typeof value === 'string' && secondsOf(value) <= MAX_TIME_LIMIT_SECONDS;
}

const BYTES_PER_UNIT: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2 };
const MAX_SIZE_BYTES = 64 * 1024 ** 2;

/** Parses a size such as `256kb` or `1mb` into bytes; returns NaN if it is invalid. */
export function bytesOf(size: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([km]b)$/.exec(size) ?? [];
  return Number.parseInt(count, 10) * (BYTES_PER_UNIT[unit] ?? NaN);
}

function isSize(value: unknown): boolean {
  return typeof value === 'string' && bytesOf(value) <= MAX_SIZE_BYTES;
}

const rule =
  (name: string, validate: (value: unknown) => boolean, defaultMessage: string) =>
  (each = false): PropertyDecorator =>
    ValidateBy({ name, validator: { validate, defaultMessage: () => defaultMessage } }, { each });

/** Accepts `postgres://user:password@host:port/database`. */
export const IsPostgresUrl = rule(
  'isPostgresUrl',
  isPostgresUrl,
  'must look like postgres://user:password@host:5432/database',
);
/** Accepts `https://tasks.example.org`: scheme, host and port, nothing else. */
export const IsOrigin = rule(
  'isOrigin',
  isOrigin,
  'must be an origin such as https://tasks.example.org, without a path or a trailing slash',
);
/** Accepts `90s`, `5m`, `1h`: at most a day, because ended sessions are remembered that long. */
export const IsTokenLifetime = rule(
  'isTokenLifetime',
  isTokenLifetime,
  'must be a duration such as 90s, 5m or 1h, and at most a day',
);
/** Accepts `5s`, `1m`: between a second and ten minutes. */
export const IsTimeLimit = rule(
  'isTimeLimit',
  isTimeLimit,
  'must be a duration such as 5s or 1m, and at most ten minutes',
);
/** Accepts `256kb`, `1mb`: between 1 KiB and 64 MiB. */
export const IsSize = rule(
  'isSize',
  isSize,
  'must be a size such as 256kb or 1mb, and at most 64mb',
);
/** Accepts an address, a CIDR range, or the name of a range. */
export const IsProxyAddress = rule(
  'isProxyAddress',
  isProxyAddress,
  'must be false, or addresses, CIDR ranges, loopback, linklocal or uniquelocal, comma-separated',
);

/** Accepts a secret that can sign: long, random, and not copied from a sample. */
export function IsStrongSecret(): PropertyDecorator {
  return ValidateBy({
    name: 'isStrongSecret',
    validator: {
      validate: (value) => typeof value === 'string' && weaknessOf(value) === undefined,
      defaultMessage: (args?: ValidationArguments) =>
        weaknessOf(String(args?.value)) ?? 'must be a string',
    },
  });
}
