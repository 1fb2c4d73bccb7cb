import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { type Env, EnvironmentError } from './env.js';
import { weaknessOf } from './env.validators.js';
import { makeDirectory } from './make-directory.js';

/** Returns a port that is free at the moment. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

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

/**
 * Resolves what only the running machine knows: the port for `PORT=0`, which the issuer of embedded
 * tokens contains, and the development secret.
 */
export async function resolveEnv(env: Env): Promise<Env> {
  const port = env.PORT === 0 ? await freePort(env.HOST) : env.PORT;
  const needsSecret = env.AUTH_MODE === 'embedded' && env.BETTER_AUTH_SECRET === undefined;
  if (!needsSecret) return env.with({ PORT: port });
  const secret = await developmentSecret(env.DATA_DIR);
  return env.with({ PORT: port, ...(secret !== undefined && { BETTER_AUTH_SECRET: secret }) });
}
