import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Env, EnvironmentError } from './env.js';
import { weaknessOf } from './env.validators.js';
import { makeDirectory } from './make-directory.js';

/** @throws EnvironmentError if it cannot be created. */
function makeDataDir(dataDir: string): void {
  try {
    makeDirectory(resolve(dataDir));
  } catch (error) {
    throw new EnvironmentError([
      `DATA_DIR ${dataDir} cannot be created: ${(error as Error).message}`,
    ]);
  }
}

const secretFile = (dataDir: string) => join(dataDir, 'better-auth.secret');

/**
 * Returns the secret that an earlier start generated; undefined if there is none.
 *
 * @throws EnvironmentError if the file does not contain a strong secret.
 */
export async function readDevelopmentSecret(dataDir: string): Promise<string | undefined> {
  const file = secretFile(dataDir);
  if (!existsSync(file)) return undefined;
  const secret = (await readFile(file, 'utf8')).trim();
  const weakness = weaknessOf(secret);
  if (weakness === undefined) return secret;
  throw new EnvironmentError([`BETTER_AUTH_SECRET in ${file} ${weakness}`]);
}

/**
 * Returns the secret of a development machine, which is generated once so that sessions survive a
 * restart. The file is linked into place once it is complete: of several simultaneous starts one
 * writes it, and none reads half of it.
 *
 * @throws EnvironmentError if the file does not contain a strong secret.
 */
async function developmentSecret(dataDir: string): Promise<string | undefined> {
  const file = secretFile(dataDir);
  const draft = `${file}.${randomUUID()}`;
  makeDataDir(dataDir);
  await writeFile(draft, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return readDevelopmentSecret(dataDir);
}

/** Adds what only the running machine knows: the development secret, where one is needed and not set. */
export async function resolveEnv(env: Env): Promise<Env> {
  if (env.AUTH_MODE !== 'embedded' || env.BETTER_AUTH_SECRET !== undefined) return env;
  const secret = await developmentSecret(env.DATA_DIR);
  return secret === undefined ? env : env.with({ BETTER_AUTH_SECRET: secret });
}
