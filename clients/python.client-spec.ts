import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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

it('is built as the release does: a source archive, and a wheel from it alone', async () => {
  const source = resolve('clients/python');
  const dist = join(folder, 'dist');
  await execute(folder, 'python', '-m', 'build', '--no-isolation', '--outdir', dist, source);
  const [wheel = '', archive = ''] = (await readdir(dist)).sort();
  expect([archive, wheel]).toEqual([
    expect.stringMatching(/^taskward_client-[\d.]+\.tar\.gz$/),
    expect.stringMatching(/^taskward_client-[\d.]+-py3-none-any\.whl$/),
  ]);
  expect(await execute(dist, 'tar', '-tf', archive)).toMatch(/^[^/]+\/openapi\.json$/m);
  const files = await execute(folder, 'python', '-m', 'zipfile', '--list', join(dist, wheel));
  for (const name of ['taskward/__init__.py', 'taskward/generated/client.py', 'LICENSE']) {
    expect(files).toContain(name);
  }
});

it('has the license of the project', async () => {
  const license = await readFile('LICENSE', 'utf8');
  expect(await readFile('clients/python/LICENSE', 'utf8')).toBe(license);
});
