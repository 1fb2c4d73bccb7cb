import { existsSync } from 'node:fs';
import { readDotEnv } from './dot-env.js';
import { ENV_NAMES, type Env, EnvironmentError, parseEnv } from './env.js';
import { SECRET_FILE_NAMES } from './secret-files.js';

type Variables = Record<string, string | undefined>;

const FILE = '.env';

interface Configuration {
  readonly env: Env;
  /** A line for each variable that was found and has no effect. */
  readonly warnings: readonly string[];
}

function readFile(): Variables {
  try {
    return existsSync(FILE) ? readDotEnv(FILE) : {};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError([`${FILE} must be in UTF-8: ${reason}`]);
  }
}

/** Variables that PostgreSQL's programs and drivers, and MikroORM, read by themselves. */
const OF_DATABASE_LIBRARIES = /^(?:PG[A-Z]|MIKRO_ORM_)/;

/**
 * Takes away the variables of libraries: where the database is, and how it is reached, is said by
 * `DATABASE_URL` alone.
 *
 * @returns their names.
 */
function dropDatabaseVariables(): string[] {
  const names = Object.keys(process.env).filter((name) => OF_DATABASE_LIBRARIES.test(name));
  // An assignment of undefined would leave a text.
  for (const name of names) Reflect.deleteProperty(process.env, name);
  return names;
}

/** Reads `.env`, if there is one, and the environment, which wins. */
export function readEnv(): Configuration {
  const file = readFile();
  const env = parseEnv({ ...file, ...process.env });
  const unknown = Object.keys(file).filter(
    (name) => !ENV_NAMES.has(name) && !SECRET_FILE_NAMES.has(name),
  );
  const ofLibraries = dropDatabaseVariables();
  return {
    env,
    warnings: [
      ...unknown.map((name) => `${FILE}: there is no variable ${name}.`),
      ...ofLibraries.map((name) => `${name} has no effect: set DATABASE_URL.`),
    ],
  };
}
