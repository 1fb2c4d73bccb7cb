import { getConfigToken, registerAs } from '@nestjs/config';
import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsOptional, IsUrl, Matches, validateSync } from 'class-validator';
import type { DatabaseLimits } from './database-limits.js';
import { Flag, List, Origin, PostgresUrl, TransformText, WholeNumber } from './env.decorators.js';
import {
  IsProxyAddress,
  IsSize,
  IsStrongSecret,
  IsTimeLimit,
  IsTokenLifetime,
  bytesOf,
  isLoopback,
  isLoopbackHost,
  secondsOf,
} from './env.validators.js';
import { readSecretFiles } from './secret-files.js';
import { unencryptedConnectionsOf } from './transport-security.js';

/** Everything that can be set from outside, with its default. `.env.example` documents each. */
export class Env {
  // Not `test`: Better Auth looks for it, and stops checking where a request comes from.
  @IsIn(['development', 'production'])
  readonly NODE_ENV: 'development' | 'production' = 'development';

  /** An IPv6 address may stand in brackets, as in a URL. */
  @TransformText((host) => host.replace(/^\[(.+)\]$/, '$1'))
  @Matches(/^\S+$/, { message: 'must be an address or a host name' })
  readonly HOST: string = '127.0.0.1';

  @WholeNumber(0, 65_535)
  readonly PORT: number = 3000;

  @IsOptional()
  @Origin()
  readonly PUBLIC_URL?: string;

  @IsOptional()
  @PostgresUrl()
  readonly DATABASE_URL?: string;

  @IsOptional()
  @PostgresUrl()
  readonly DATABASE_API_URL?: string;

  @IsOptional()
  @PostgresUrl()
  readonly DATABASE_IDENTITY_URL?: string;

  @IsTimeLimit()
  readonly DATABASE_CONNECT_TIMEOUT: string = '5s';

  @IsTimeLimit()
  readonly DATABASE_STATEMENT_TIMEOUT: string = '10s';

  @IsTimeLimit()
  readonly DATABASE_IDLE_IN_TRANSACTION_TIMEOUT: string = '10s';

  @WholeNumber(1, 1000)
  readonly DATABASE_POOL_SIZE: number = 10;

  @Matches(/\S/, { message: 'must be a directory' })
  readonly DATA_DIR: string = '.data';

  @IsIn(['embedded', 'jwks', 'secret'])
  readonly AUTH_MODE: 'embedded' | 'jwks' | 'secret' = 'embedded';

  @IsOptional()
  @IsStrongSecret()
  readonly BETTER_AUTH_SECRET?: string;

  /** Accepted as well, and not signed with, while one secret takes the place of another. */
  @IsOptional()
  @IsStrongSecret()
  readonly BETTER_AUTH_SECRET_PREVIOUS?: string;

  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'must be an http or https URL' },
  )
  readonly AUTH_JWKS_URL?: string;

  @IsOptional()
  readonly AUTH_ISSUER?: string;

  @IsOptional()
  readonly AUTH_AUDIENCE?: string;

  @IsTokenLifetime()
  readonly AUTH_TOKEN_TTL: string = '5m';

  @WholeNumber(1, 3650)
  readonly KEY_ROTATION_DAYS: number = 90;

  @IsOptional()
  @Matches(/^smtps?:\/\/\S+$/, { message: 'must look like smtps://user:password@host:465' })
  readonly SMTP_URL?: string;

  @IsOptional()
  @Matches(/^[^\r\n]*@[^\r\n]+$/, {
    message: 'must be an address such as Tasks <tasks@example.org>',
  })
  readonly MAIL_FROM?: string;

  @List()
  @Origin(true)
  readonly TRUSTED_ORIGINS: readonly string[] = [];

  /** Empty: the forwarding headers of nobody are believed. */
  @Transform(({ value }) => (value === 'false' ? [] : (value as unknown)))
  @List()
  @IsProxyAddress(true)
  readonly TRUST_PROXY: readonly string[] = [];

  @IsTimeLimit()
  readonly REQUEST_TIMEOUT: string = '30s';

  @IsSize()
  readonly BODY_LIMIT: string = '256kb';

  @IsSize()
  readonly HEADER_LIMIT: string = '16kb';

  @IsIn(['on', 'off'])
  readonly RATE_LIMIT: 'on' | 'off' = 'on';

  @WholeNumber(1)
  readonly RATE_LIMIT_PER_MINUTE: number = 600;

  @WholeNumber(1)
  readonly RATE_LIMIT_ANONYMOUS_PER_MINUTE: number = 120;

  @WholeNumber(1, 1000)
  readonly MAX_CONCURRENT_PER_USER: number = 4;

  @IsOptional()
  @Matches(/^rediss?:\/\/\S+$/, { message: 'must look like redis://host:6379' })
  readonly REDIS_URL?: string;

  /** Tasks that one user may keep; 0: no limit. */
  @WholeNumber(0, 1_000_000_000)
  readonly QUOTA_TASKS: number = 100_000;

  /** Megabytes of text that the tasks of one user may have; 0: no limit. */
  @WholeNumber(0, 1_000_000_000)
  readonly QUOTA_MEGABYTES: number = 200;

  @WholeNumber(1, 3650)
  readonly TRASH_RETENTION_DAYS: number = 30;

  @Flag()
  @IsIn([true, false], { message: 'must be true or false' })
  readonly REQUIRE_IF_MATCH: boolean = false;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly LOG_LEVEL: string = 'info';

  @IsIn(['pretty', 'json'])
  readonly LOG_FORMAT: 'pretty' | 'json' = process.stdout.isTTY ? 'pretty' : 'json';

  /** The origin that users see, and the issuer of embedded tokens. */
  get origin(): string {
    return this.PUBLIC_URL ?? new URL(`http://localhost:${String(this.PORT)}`).origin;
  }

  get issuer(): string {
    return this.AUTH_ISSUER ?? this.origin;
  }

  get audience(): string {
    return this.AUTH_AUDIENCE ?? 'taskward';
  }

  /** Seconds that embedded tokens are valid. */
  get tokenTtl(): number {
    return secondsOf(this.AUTH_TOKEN_TTL);
  }

  /** Whether nobody but this machine can reach it, by its address or by that of a proxy. */
  get isLocal(): boolean {
    return isLoopbackHost(this.HOST) && isLoopback(new URL(this.origin));
  }

  /** Who mail comes from. */
  get mailFrom(): string {
    return this.MAIL_FROM ?? `Taskward <taskward@${new URL(this.origin).hostname}>`;
  }

  get databaseLimits(): DatabaseLimits {
    return {
      connectTimeout: 1000 * secondsOf(this.DATABASE_CONNECT_TIMEOUT),
      statementTimeout: 1000 * secondsOf(this.DATABASE_STATEMENT_TIMEOUT),
      idleTimeout: 1000 * secondsOf(this.DATABASE_IDLE_IN_TRANSACTION_TIMEOUT),
      poolSize: this.DATABASE_POOL_SIZE,
      maxPerUser: this.MAX_CONCURRENT_PER_USER,
    };
  }

  /** Milliseconds for a request to arrive. */
  get requestTimeout(): number {
    return 1000 * secondsOf(this.REQUEST_TIMEOUT);
  }

  /** Bytes. */
  get bodyLimit(): number {
    return bytesOf(this.BODY_LIMIT);
  }

  /** Bytes of all headers of a request together. */
  get headerLimit(): number {
    return bytesOf(this.HEADER_LIMIT);
  }

  /** The same configuration with some values replaced. */
  with(changes: Partial<Env>): Env {
    return Object.assign(new Env(), this, changes);
  }
}

/** Every variable there is; the rest of the environment is not looked at. */
export const ENV_NAMES: ReadonlySet<string> = new Set(Object.keys(new Env()));

/** What the embedded Better Auth would heed by itself, past the checks here; what to set instead. */
const NOT_OURS: Readonly<Record<string, string>> = {
  BETTER_AUTH_SECRETS: 'BETTER_AUTH_SECRET and BETTER_AUTH_SECRET_PREVIOUS',
  BETTER_AUTH_TRUSTED_ORIGINS: 'TRUSTED_ORIGINS',
  BETTER_AUTH_TELEMETRY: 'nothing: there is none',
};

/** Node's own switch, by which it believes every certificate, whoever presents it. */
const BELIEVES_ANYBODY = 'NODE_TLS_REJECT_UNAUTHORIZED';

/** Whether `npm start`, and not `node` itself, was called. */
export const STARTED_BY_NPM = process.env['npm_lifecycle_event'] === 'start';

/** The injection token of the one `Env`. */
export const ENV = getConfigToken('env');

/** Nest's provider of `ENV`, for `ConfigModule.forRoot({ load })`. */
export const envConfig = (env: Env) => registerAs('env', () => env);

/** A configuration that must not start: `message` names every wrong variable, one a line. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** The rules that look at more than one variable. */
function contradictionsOf(env: Env): string[] {
  const problems: string[] = [];
  const demand = (wrong: boolean, message: string) => wrong && problems.push(message);
  const { AUTH_MODE: mode, BETTER_AUTH_SECRET: secret, AUTH_JWKS_URL: keys } = env;
  const production = env.NODE_ENV === 'production';

  demand(
    !secret && (mode === 'secret' || (mode === 'embedded' && production)),
    `BETTER_AUTH_SECRET is required ${mode === 'secret' ? 'by AUTH_MODE=secret' : 'in production'}: set at least 32 random bytes, such as the output of "openssl rand -base64 32"`,
  );
  demand(
    mode === 'jwks' && secret !== undefined,
    'BETTER_AUTH_SECRET is refused with AUTH_MODE=jwks: the key set alone decides',
  );
  demand(
    env.BETTER_AUTH_SECRET_PREVIOUS !== undefined && !secret,
    'BETTER_AUTH_SECRET_PREVIOUS is refused without BETTER_AUTH_SECRET, which took its place',
  );
  demand(mode === 'jwks' && !keys, 'AUTH_JWKS_URL is required by AUTH_MODE=jwks');
  demand(mode !== 'jwks' && !!keys, `AUTH_JWKS_URL is refused with AUTH_MODE=${mode}`);
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    const isNeeded = mode === 'jwks' || mode === 'secret';
    demand(isNeeded && !env[name], `${name} is required by AUTH_MODE=${mode}`);
  }
  for (const name of ['SMTP_URL', 'MAIL_FROM'] as const) {
    const isRefused = mode !== 'embedded' && !!env[name];
    demand(isRefused, `${name} is refused with AUTH_MODE=${mode}: mail is the issuer's`);
  }
  for (const name of ['DATABASE_API_URL', 'DATABASE_IDENTITY_URL'] as const) {
    const isAlone = env[name] !== undefined && env.DATABASE_URL === undefined;
    demand(isAlone, `${name} is refused without DATABASE_URL, by which migrations run`);
  }
  return [...problems, ...unencryptedConnectionsOf(env)];
}

/** Blanks around a value are nobody's intention; nothing but blanks is a mistake. */
const trimmed = (value = '') => (value.trim() === '' ? value : value.trim());

/**
 * Checks variables and fills in the defaults. An empty value counts as unset, as Docker Compose
 * passes a variable that has none.
 *
 * @throws EnvironmentError that names everything that is wrong.
 */
export function parseEnv(environment: Readonly<Record<string, string | undefined>>): Env {
  const { filled: variables, problems: unreadable } = readSecretFiles(environment);
  const known = Object.keys(variables).filter((name) => ENV_NAMES.has(name) && variables[name]);
  const given = Object.fromEntries(known.map((name) => [name, trimmed(variables[name])]));
  const env = plainToInstance(Env, given);
  const invalid = validateSync(env).flatMap((error) =>
    Object.values(error.constraints ?? {}).map((why) =>
      why.startsWith(error.property) ? why : `${error.property} ${why}`,
    ),
  );
  const foreign = Object.entries(NOT_OURS)
    .filter(([name]) => env.AUTH_MODE === 'embedded' && variables[name])
    .map(([name, instead]) => `${name} is not read here: set ${instead}`);
  const unsafe =
    env.NODE_ENV === 'production' && variables[BELIEVES_ANYBODY] === '0'
      ? [`${BELIEVES_ANYBODY} is refused in production: set NODE_EXTRA_CA_CERTS to trust your own`]
      : [];
  const problems = [...unreadable, ...invalid, ...foreign, ...unsafe, ...contradictionsOf(env)];
  if (problems.length > 0) throw new EnvironmentError(problems);
  return env;
}
