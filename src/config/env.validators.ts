import { isIP } from 'node:net';
import { ValidateBy, type ValidationArguments } from 'class-validator';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
/** Names that `proxy-addr`, which Fastify asks, knows for ranges of addresses. */
const ADDRESS_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);
const PLACEHOLDER =
  /change[-_ ]?(me|this)|placeholder|your[-_ ]?secret|example|replace[-_ ]?me|better-auth-secret|secret-?123|password|^x+$/i;

/** The parsed URL, or undefined where the text is none. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Whether what is sent to a host never leaves the machine. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.has(host);
}

/** Whether the host of a URL never leaves the machine. */
export function isLoopback(url: URL): boolean {
  return isLoopbackHost(url.hostname);
}

/** A web origin: http(s), a host, and nothing after it. */
function isOrigin(value: unknown): boolean {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  // Better Auth would take an asterisk for any host, and so for a stranger's.
  const isHost = url !== undefined && !url.host.includes('*');
  return isHost && /^https?:$/.test(url.protocol) && url.origin === value;
}

/** Returns an origin as browsers name it. */
export function withoutDefaultPort(text: string): string {
  const { origin = '', protocol = '' } = parseUrl(text) ?? {};
  const port = { 'http:': ':80', 'https:': ':443' }[protocol];
  return port !== undefined && text === origin + port ? origin : text;
}

/**
 * Fills in a host where a URL of PostgreSQL has none but names the directory of a socket, as Cloud SQL
 * does. The driver prefers the parameter.
 *
 * @example withHost('postgres://user:password@/db?host=/cloudsql/a')
 */
export const withHost = (text: string): string =>
  text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=\/[^?#]*\?(?:[^#]*&)?host=)/, '$1localhost');

/** Takes away a parameter of other tools, by which MikroORM would keep its list of migrations elsewhere. */
export function withoutSchema(text: string): string {
  const url = parseUrl(text);
  if (url?.searchParams.has('schema') !== true) return text;
  url.searchParams.delete('schema');
  return url.href;
}

/** Why a secret is too weak to sign with, or undefined when it is strong enough. */
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
  const widest = family === 4 ? 32 : 128;
  return (
    rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= widest))
  );
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const MAX_TOKEN_LIFETIME = 24 * 3600;
const MAX_TIME_LIMIT = 600;

/** Seconds of a duration such as `90s`, `5m` or `1h`; NaN where it is none. */
export function secondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(duration) ?? [];
  return Number.parseInt(count, 10) * (SECONDS[unit] ?? NaN);
}

function isTokenLifetime(value: unknown): boolean {
  return typeof value === 'string' && secondsOf(value) <= MAX_TOKEN_LIFETIME;
}

function isTimeLimit(value: unknown): boolean {
  return typeof value === 'string' && secondsOf(value) <= MAX_TIME_LIMIT;
}

const BYTES: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2 };
const MAX_SIZE = 64 * 1024 ** 2;

/** Bytes of a size such as `256kb` or `1mb`; NaN where it is none. */
export function bytesOf(size: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([km]b)$/.exec(size) ?? [];
  return Number.parseInt(count, 10) * (BYTES[unit] ?? NaN);
}

function isSize(value: unknown): boolean {
  return typeof value === 'string' && bytesOf(value) <= MAX_SIZE;
}

const rule =
  (name: string, validate: (value: unknown) => boolean, defaultMessage: string) =>
  (each = false): PropertyDecorator =>
    ValidateBy({ name, validator: { validate, defaultMessage: () => defaultMessage } }, { each });

/** `postgres://user:password@host:port/database`. */
export const IsPostgresUrl = rule(
  'isPostgresUrl',
  isPostgresUrl,
  'must look like postgres://user:password@host:5432/database',
);
/** `https://tasks.example.org`: scheme, host, port, nothing else. */
export const IsOrigin = rule(
  'isOrigin',
  isOrigin,
  'must be an origin such as https://tasks.example.org, without a path or a trailing slash',
);
/** `90s`, `5m`, `1h`: a day at most, as for so long the ends of sessions are remembered. */
export const IsTokenLifetime = rule(
  'isTokenLifetime',
  isTokenLifetime,
  'must be a duration such as 90s, 5m or 1h, and a day at most',
);
/** `5s`, `1m`: from a second to ten minutes. */
export const IsTimeLimit = rule(
  'isTimeLimit',
  isTimeLimit,
  'must be a duration such as 5s or 1m, and ten minutes at most',
);
/** `256kb`, `1mb`: from a kibibyte to 64 mebibytes. */
export const IsSize = rule(
  'isSize',
  isSize,
  'must be a size such as 256kb or 1mb, and 64mb at most',
);
/** An address, a CIDR range, or a range's name. */
export const IsProxyAddress = rule(
  'isProxyAddress',
  isProxyAddress,
  'must be false, or addresses, CIDR ranges, loopback, linklocal or uniquelocal, comma-separated',
);

/** A secret that can sign: long, random, and not copied from a sample. */
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
