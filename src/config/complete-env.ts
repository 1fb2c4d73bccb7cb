import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { type Env, EnvironmentError } from './env.js';
import { weaknessOf } from './env.validators.js';
import { makeDirectory } from './make-directory.js';

/** A port nobody listens on at this moment. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** @throws EnvironmentError when it cannot be made. */
function makeDataDir(dataDir: string): void {
  try {
    makeDirectory(resolve(dataDir));
  } catch (error) {
    throw new EnvironmentError([`DATA_DIR ${dataDir} cannot be made: ${(error as Error).message}`]);
  }
}

/**
 * The secret that a development machine is given once and keeps, so that sessions outlive a
 * restart. The first of several starts at the same time writes it, the others read it: it gets its
 * name when it is whole, so nobody ever reads half of one.
 *
 * @throws EnvironmentError when the file holds something else.
 */
async function developmentSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'better-auth.secret');
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
  const secret = (await readFile(file, 'utf8')).trim();
  const weakness = weaknessOf(secret);
  if (weakness === undefined) return secret;
  throw new EnvironmentError([`BETTER_AUTH_SECRET, as ${file} holds it, ${weakness}`]);
}

/**
 * Settles what only a running machine can: the port when `PORT=0`, because the issuer of embedded
 * tokens names it, and the signing secret in development.
 */
export async function completeEnv(env: Env): Promise<Env> {
  const port = env.PORT === 0 ? await freePort(env.HOST) : env.PORT;
  const needsSecret = env.AUTH_MODE === 'embedded' && env.BETTER_AUTH_SECRET === undefined;
  if (!needsSecret) return env.with({ PORT: port });
  return env.with({ PORT: port, BETTER_AUTH_SECRET: await developmentSecret(env.DATA_DIR) });
}
