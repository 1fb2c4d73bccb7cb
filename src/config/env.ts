import { getConfigToken, registerAs } from '@nestjs/config';
import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsOptional, Matches, validateSync } from 'class-validator';
import type { DatabaseLimits } from './database-limits.js';
import { Flag, Host, HttpUrl, List, Origin, PostgresUrl, WholeNumber } from './env.decorators.js';
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
import { metricsProblems } from './metrics-address.js';
import { readSecretFiles } from './secret-files.js';
import { unencryptedConnectionProblems } from './transport-security.js';

/** Settings and their defaults. `.env.example` documents each. */
export class Env {
  // Excludes `test`, on which Better Auth disables its origin check.
  @IsIn(['development', 'production'])
  readonly NODE_ENV: 'development' | 'production' = 'development';

  @Host()
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

  /** Accepted but not signed with, while the secret is being changed. */
  @IsOptional()
  @IsStrongSecret()
  readonly BETTER_AUTH_SECRET_PREVIOUS?: string;

  @IsOptional()
  @HttpUrl()
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

  /** Empty: no forwarding header is trusted. */
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

  /** Maximum number of tasks per user; 0: unlimited. */
  @WholeNumber(0, 1_000_000_000)
  readonly QUOTA_TASKS: number = 100_000;

  /** Maximum megabytes of text in the tasks of one user; 0: unlimited. */
  @WholeNumber(0, 1_000_000_000)
  readonly QUOTA_MEGABYTES: number = 200;

  @WholeNumber(1, 3650)
  readonly TRASH_RETENTION_DAYS: number = 30;

  @WholeNumber(1, 3650)
  readonly HISTORY_RETENTION_DAYS: number = 90;

  @Flag()
  @IsIn([true, false], { message: 'must be true or false' })
  readonly REQUIRE_IF_MATCH: boolean = false;

  /** Default: `HOST`. */
  @IsOptional()
  @Host()
  readonly METRICS_HOST?: string;

  /** Unset: metrics are served beside the API, to callers on this machine. */
  @IsOptional()
  @WholeNumber(0, 65_535)
  readonly METRICS_PORT?: number;

  /** Unset: nothing is traced, and OpenTelemetry is not loaded. */
  @IsOptional()
  @HttpUrl()
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly LOG_LEVEL: string = 'info';

  @IsIn(['pretty', 'json'])
  readonly LOG_FORMAT: 'pretty' | 'json' = process.stdout.isTTY ? 'pretty' : 'json';

  /** Origin that users see, and issuer of embedded tokens. */
  get origin(): string {
    return this.PUBLIC_URL ?? new URL(`http://localhost:${String(this.PORT)}`).origin;
  }

  get issuer(): string {
    return this.AUTH_ISSUER ?? this.origin;
  }

  get audience(): string {
    return this.AUTH_AUDIENCE ?? 'taskward';
  }

  /** Lifetime of embedded tokens. */
  get tokenTtlSeconds(): number {
    return secondsOf(this.AUTH_TOKEN_TTL);
  }

  /** Whether only this machine can reach the service, directly or through a proxy. */
  get isLocal(): boolean {
    return isLoopbackHost(this.HOST) && isLoopback(new URL(this.origin));
  }

  /** Sender of mails. */
  get mailFrom(): string {
    return this.MAIL_FROM ?? `Taskward <taskward@${new URL(this.origin).hostname}>`;
  }

  get databaseLimits(): DatabaseLimits {
    return {
      connectTimeoutMs: 1000 * secondsOf(this.DATABASE_CONNECT_TIMEOUT),
      statementTimeoutMs: 1000 * secondsOf(this.DATABASE_STATEMENT_TIMEOUT),
      idleTimeoutMs: 1000 * secondsOf(this.DATABASE_IDLE_IN_TRANSACTION_TIMEOUT),
      maxConnections: this.DATABASE_POOL_SIZE,
      maxConnectionsPerUser: this.MAX_CONCURRENT_PER_USER,
    };
  }

  /** How long a request may take to arrive. */
  get requestTimeoutMs(): number {
    return 1000 * secondsOf(this.REQUEST_TIMEOUT);
  }

  get maxBodyBytes(): number {
    return bytesOf(this.BODY_LIMIT);
  }

  /** Applies to all headers of a request together. */
  get maxHeaderBytes(): number {
    return bytesOf(this.HEADER_LIMIT);
  }

  /** Returns a copy with some values replaced. */
  with(changes: Partial<Env>): Env {
    return Object.assign(new Env(), this, changes);
  }
}

/** Names of all variables; the rest of the environment is ignored. */
export const ENV_NAMES: ReadonlySet<string> = new Set(Object.keys(new Env()));

/**
 * Variables that the embedded Better Auth would read, bypassing validation, and their replacements.
 */
const UNSUPPORTED_VARIABLES: Readonly<Record<string, string>> = {
  BETTER_AUTH_SECRETS: 'BETTER_AUTH_SECRET and BETTER_AUTH_SECRET_PREVIOUS',
  BETTER_AUTH_TRUSTED_ORIGINS: 'TRUSTED_ORIGINS',
  BETTER_AUTH_TELEMETRY: 'nothing: there is no telemetry',
};

/** Node's variable that disables certificate verification. */
const INSECURE_TLS_VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED';

/** Whether the program was started by `npm start`, not by `node` directly. */
export const STARTED_BY_NPM = process.env['npm_lifecycle_event'] === 'start';

/** Injection token of `Env`. */
export const ENV = getConfigToken('env');

/** Returns the provider of `ENV` for `ConfigModule.forRoot({ load })`. */
export const envConfig = (env: Env) => registerAs('env', () => env);

/** An invalid configuration; `message` lists every problem, one per line. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is invalid:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** Returns the problems that involve more than one variable. */
function combinationProblems(env: Env): string[] {
  const problems: string[] = [];
  const rejectIf = (isWrong: boolean, message: string) => isWrong && problems.push(message);
  const { AUTH_MODE: mode, BETTER_AUTH_SECRET: secret, AUTH_JWKS_URL: keys } = env;
  const production = env.NODE_ENV === 'production';

  rejectIf(
    !secret && (mode === 'secret' || (mode === 'embedded' && production)),
    `BETTER_AUTH_SECRET is required ${mode === 'secret' ? 'by AUTH_MODE=secret' : 'in production'}: set at least 32 random bytes, such as the output of "openssl rand -base64 32"`,
  );
  rejectIf(
    mode === 'jwks' && secret !== undefined,
    'BETTER_AUTH_SECRET is refused with AUTH_MODE=jwks: the key set alone decides',
  );
  rejectIf(
    env.BETTER_AUTH_SECRET_PREVIOUS !== undefined && !secret,
    'BETTER_AUTH_SECRET_PREVIOUS is refused without BETTER_AUTH_SECRET, which replaces it',
  );
  rejectIf(mode === 'jwks' && !keys, 'AUTH_JWKS_URL is required by AUTH_MODE=jwks');
  rejectIf(mode !== 'jwks' && !!keys, `AUTH_JWKS_URL is refused with AUTH_MODE=${mode}`);
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    const isRequired = mode === 'jwks' || mode === 'secret';
    rejectIf(isRequired && !env[name], `${name} is required by AUTH_MODE=${mode}`);
  }
  for (const name of ['SMTP_URL', 'MAIL_FROM'] as const) {
    const isRefused = mode !== 'embedded' && !!env[name];
    rejectIf(isRefused, `${name} is refused with AUTH_MODE=${mode}: the issuer sends mail`);
  }
  rejectIf(
    mode === 'embedded' && env.DATABASE_POOL_SIZE < 2,
    'DATABASE_POOL_SIZE must be at least 2 with AUTH_MODE=embedded: Better Auth may need a connection while it holds another',
  );
  for (const name of ['DATABASE_API_URL', 'DATABASE_IDENTITY_URL'] as const) {
    const isAlone = env[name] !== undefined && env.DATABASE_URL === undefined;
    rejectIf(isAlone, `${name} is refused without DATABASE_URL, which migrations use`);
  }
  return [...problems, ...metricsProblems(env), ...unencryptedConnectionProblems(env)];
}

/** Trims a value; one that is entirely blank is a mistake, and kept. */
const trimmed = (value = '') => (value.trim() === '' ? value : value.trim());

/**
 * Validates variables and applies defaults. An empty value counts as unset, because that is how
 * Docker Compose passes an unset variable.
 *
 * @throws EnvironmentError that lists every problem.
 */
export function parseEnv(environment: Readonly<Record<string, string | undefined>>): Env {
  const { resolved: variables, problems: secretFileProblems } = readSecretFiles(environment);
  const names = Object.keys(variables).filter((name) => ENV_NAMES.has(name) && variables[name]);
  const values = Object.fromEntries(names.map((name) => [name, trimmed(variables[name])]));
  const env = plainToInstance(Env, values);
  const invalid = validateSync(env).flatMap((error) =>
    Object.values(error.constraints ?? {}).map((message) =>
      message.startsWith(error.property) ? message : `${error.property} ${message}`,
    ),
  );
  const unsupported = Object.entries(UNSUPPORTED_VARIABLES)
    .filter(([name]) => env.AUTH_MODE === 'embedded' && variables[name])
    .map(([name, replacement]) => `${name} is not supported: set ${replacement}`);
  const unsafe =
    env.NODE_ENV === 'production' && variables[INSECURE_TLS_VARIABLE] === '0'
      ? [
          `${INSECURE_TLS_VARIABLE} is refused in production: set NODE_EXTRA_CA_CERTS to trust your own certificates`,
        ]
      : [];
  const problems = [
    ...secretFileProblems,
    ...invalid,
    ...unsupported,
    ...unsafe,
    ...combinationProblems(env),
  ];
  if (problems.length > 0) throw new EnvironmentError(problems);
  return env;
}
