import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveEnv } from './resolve-env.js';
import { EnvironmentError, parseEnv } from './env.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-env-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const dataDir = () => join(folder, 'not', 'there', 'yet');
const secretFile = () => join(dataDir(), 'better-auth.secret');
const complete = (variables: Record<string, string> = {}) =>
  resolveEnv(parseEnv({ DATA_DIR: dataDir(), ...variables }));

describe('the development secret', () => {
  it('is generated once, strong, and readable by its owner only', async () => {
    const first = await complete();
    const second = await complete();
    expect(Buffer.from(first.BETTER_AUTH_SECRET ?? '', 'base64url')).toHaveLength(32);
    expect(second.BETTER_AUTH_SECRET).toBe(first.BETTER_AUTH_SECRET);
    expect(await readdir(dataDir())).toEqual(['better-auth.secret']);
    expect((await stat(secretFile())).mode & 0o777).toBe(
      process.platform === 'win32' ? 0o666 : 0o600,
    );
  });

  it('is the same for simultaneous starts', async () => {
    const envs = await Promise.all(Array.from({ length: 20 }, () => complete()));
    const secrets = new Set(envs.map((env) => env.BETTER_AUTH_SECRET));
    expect([...secrets]).toEqual([await readFile(secretFile(), 'utf8')]);
    expect(await readdir(dataDir())).toEqual(['better-auth.secret']);
  });

  it('differs between DATA_DIRs', async () => {
    const [one, other] = [await complete(), await complete({ DATA_DIR: join(folder, 'other') })];
    expect(one.BETTER_AUTH_SECRET).not.toBe(other.BETTER_AUTH_SECRET);
  });

  it.each([
    { name: 'nothing', text: '' },
    { name: 'white space', text: ' \n' },
    { name: 'half a secret', text: 'ab3de' },
    { name: 'a placeholder', text: 'change-me-change-me-change-me-change-me' },
  ])('is rejected when its file contains $name', async ({ text }) => {
    await complete();
    await writeFile(secretFile(), text);
    await expect(complete()).rejects.toThrow(EnvironmentError);
    await expect(complete()).rejects.toThrow('better-auth.secret');
  });

  it('may end with a line feed, which editors add', async () => {
    const { BETTER_AUTH_SECRET = '' } = await complete();
    await writeFile(secretFile(), `${BETTER_AUTH_SECRET}\n`);
    expect((await complete()).BETTER_AUTH_SECRET).toBe(BETTER_AUTH_SECRET);
  });

  it.each<{ name: string; variables: Record<string, string> }>([
    { name: 'is set', variables: { BETTER_AUTH_SECRET: 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA' } },
    {
      name: 'is not needed',
      variables: {
        AUTH_MODE: 'jwks',
        AUTH_JWKS_URL: 'https://a/jwks',
        AUTH_ISSUER: 'a',
        AUTH_AUDIENCE: 'b',
      },
    },
  ])('is not generated when one $name', async ({ variables }) => {
    const env = await complete(variables);
    expect(env.BETTER_AUTH_SECRET).toBe(variables['BETTER_AUTH_SECRET']);
    await expect(stat(dataDir())).rejects.toThrow('ENOENT');
  });
});
