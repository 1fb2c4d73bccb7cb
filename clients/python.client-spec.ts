import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { useApp } from '../test/support/app.js';
import { signUp } from '../test/support/client.js';
import { PASSWORD } from '../test/support/identity.js';
import { createToken } from '../test/support/personal-tokens.js';
import { execute, preparePythonClient } from './walk.js';

const app = useApp();
let folder: string;

beforeAll(async () => {
  folder = await preparePythonClient('python');
});

it('has types that hold, also in its tests', async () => {
  expect(await execute(folder, 'mypy', 'src', 'tests', 'examples')).toMatch(
    /^Success: no issues found/,
  );
});

it('passes its tests against a running Taskward', async () => {
  const { email, ...user } = await signUp(app.url);
  const { token } = await createToken({ email, ...user });
  const printed = await execute(
    folder,
    'env',
    ...[`TASKWARD_URL=${app.url}`, `TASKWARD_EMAIL=${email}`, `TASKWARD_PASSWORD=${PASSWORD}`],
    ...[`TASKWARD_TOKEN=${token}`, 'pytest', '--quiet', 'tests'],
  );
  expect(printed).toMatch(/\d+ passed/);
});

it('has the license of the project', async () => {
  const license = await readFile('LICENSE', 'utf8');
  expect(await readFile('clients/python/LICENSE', 'utf8')).toBe(license);
});
