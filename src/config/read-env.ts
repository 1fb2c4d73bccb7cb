import { existsSync } from 'node:fs';
import { readDotEnv } from './dot-env.js';
import { ENV_NAMES, type Env, EnvironmentError, parseEnv } from './env.js';
import { SECRET_FILE_NAMES } from './secret-files.js';

type Variables = Record<string, string | undefined>;

const FILE = '.env';

interface Configuration {
  readonly env: Env;
  /** Variables that were set and have no effect, one message each. */
  readonly warnings: readonly string[];
}

function readEnvFile(): Variables {
  try {
    return existsSync(FILE) ? readDotEnv(FILE) : {};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError([`${FILE} must be UTF-8: ${reason}`]);
  }
}

/** Variables read by PostgreSQL's programs and drivers, and by MikroORM. */
const DATABASE_LIBRARY_VARIABLES = /^(?:PG[A-Z]|MIKRO_ORM_)/;

/**
 * Deletes the variables of database libraries: `DATABASE_URL` alone decides which database is used,
 * and how.
 *
 * @returns their names.
 */
function deleteLibraryVariables(): string[] {
  const names = Object.keys(process.env).filter((name) => DATABASE_LIBRARY_VARIABLES.test(name));
  // Assigning undefined would set the string "undefined".
  for (const name of names) Reflect.deleteProperty(process.env, name);
  return names;
}

const isOfOpenTelemetry = (name: string) => name.startsWith('OTEL_');

/**
 * Adds the variables of OpenTelemetry in `.env` to the environment, where its SDK reads them.
 *
 * @returns whether they have an effect.
 */
function passOpenTelemetry(
  file: Variables,
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Env,
): boolean {
  if (endpoint === undefined) return false;
  for (const [name, value] of Object.entries(file)) {
    if (isOfOpenTelemetry(name)) process.env[name] ??= value;
  }
  return true;
}

/** Reads `.env`, if present, and the environment, which takes precedence. */
export function readEnv(): Configuration {
  const file = readEnvFile();
  const env = parseEnv({ ...file, ...process.env });
  const isTraced = passOpenTelemetry(file, env);
  const unknown = Object.keys(file).filter(
    (name) =>
      !ENV_NAMES.has(name) &&
      !SECRET_FILE_NAMES.has(name) &&
      !(isTraced && isOfOpenTelemetry(name)),
  );
  const ignored = deleteLibraryVariables();
  return {
    env,
    warnings: [
      ...unknown.map((name) => `${FILE}: unknown variable ${name}.`),
      ...ignored.map((name) => `${name} has no effect: set DATABASE_URL.`),
    ],
  };
}
