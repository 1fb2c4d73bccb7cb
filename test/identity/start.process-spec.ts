import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { send, signUp } from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { Program } from '../support/program.js';

const SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';
const OTHER_SECRET = 'another 32 bytes: 7Wm2xV9tR4bN8c';
const PASSWORD = 'correct horse battery';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-identity-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

describe('a start with another BETTER_AUTH_SECRET than the first', () => {
  it('fails with one line that explains it, and serves nothing', async () => {
    const DATABASE_URL = await createDatabase();
    await (await startApp({ DATABASE_URL })).close();
    // Without the warning that one URL is for all roles.
    const LOG_LEVEL = 'error';
    const variables = { DATABASE_URL, BETTER_AUTH_SECRET: OTHER_SECRET, LOG_LEVEL };
    const { code, output } = await new Program(variables, folder).ended();
    expect(code).toBe(1);
    expect(output).toContain('Is BETTER_AUTH_SECRET the secret');
    expect(output).not.toContain(OTHER_SECRET);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('leaves no connection to the database', async () => {
    const DATABASE_URL = await createDatabase();
    await (await startApp({ DATABASE_URL })).close();
    const refused = startApp({ DATABASE_URL, BETTER_AUTH_SECRET: OTHER_SECRET });
    await expect(refused).rejects.toThrow('BETTER_AUTH_SECRET');
    const others = await withOwner(DATABASE_URL, (client) =>
      client.query(
        `select application_name, query from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      ),
    );
    expect(others.rows).toEqual([]);
  });
});

describe('a start with a signing key that was altered in the database', () => {
  it.each([1, 40, 100, 150])('fails: character %d', async (position) => {
    const DATABASE_URL = await createDatabase();
    await (await startApp({ DATABASE_URL })).close();
    // Hexadecimal, between quotation marks.
    await withOwner(DATABASE_URL, (client) =>
      client.query(
        `update auth.jwks set "privateKey" = overlay("privateKey" placing
           case substr("privateKey", $1, 1) when '0' then '1' else '0' end from $1 for 1)`,
        [position + 1],
      ),
    );
    await expect(startApp({ DATABASE_URL })).rejects.toThrow('The signing key cannot be used');
  });
});

describe('a process in which a test framework seems to run', () => {
  it('checks origins all the same', async () => {
    const variables = { DATABASE_URL: await createDatabase(), BETTER_AUTH_SECRET: SECRET };
    const url = await new Program({ ...variables, TEST: 'true' }, folder).ready();
    const { cookie } = await signUp(url);
    const headers = { cookie, origin: 'https://evil.example' };
    const { status } = await send(`${url}/api/auth/sign-out`, { method: 'POST', headers });
    expect(status).toBe(403);
  });
});

describe('the log', () => {
  it('contains no password, token, cookie or secret at any level', async () => {
    const DATABASE_URL = await createDatabase();
    const variables = { DATABASE_URL, BETTER_AUTH_SECRET: SECRET, LOG_LEVEL: 'trace' };
    const program = new Program({ ...variables, LOG_FORMAT: 'json' }, folder);
    const url = await program.ready();
    const ada = await signUp(url);
    const signIn = { method: 'POST', headers: { origin: url } };
    const json = { email: ada.email, password: 'a wrong guess' };
    await send(`${url}/api/auth/sign-in/email`, { ...signIn, json });
    await send(`${url}/api/auth/sign-in/email`, {
      ...signIn,
      json: { ...json, password: PASSWORD },
    });
    await ada.create({ title: 'a private title' });
    await ada.api('/tasks?cursor=private-query');
    await send(`${url}/api/v1/tasks?access_token=${ada.token}`);
    await send(`${url}/api/v1/tasks`, { headers: { authorization: `Bearer ${ada.token}x` } });
    const { output } = await program.kill('SIGTERM');

    expect(output).toContain('/api/v1/tasks');
    const cookie = ada.cookie.split('=')[1] ?? '';
    const secrets = [PASSWORD, 'a wrong guess', ada.token.slice(-40), cookie.slice(0, 20), SECRET];
    for (const secret of [...secrets, 'private title', 'private-query']) {
      expect(output).not.toContain(secret);
    }
  });
});
