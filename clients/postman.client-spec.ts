import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../test/support/app.js';
import { signUp } from '../test/support/client.js';
import { PASSWORD } from '../test/support/identity.js';
import { createToken } from '../test/support/personal-tokens.js';
import { execute, prepare } from './walk.js';

interface Execution {
  readonly item: { readonly name: string };
  readonly request: { readonly method: string; readonly url: { readonly path: string[] } };
  readonly response: { readonly code: number };
  readonly assertions: readonly { readonly error?: object }[];
}

interface Report {
  readonly run: { readonly executions: readonly Execution[]; readonly failures: readonly object[] };
}

const ROOT = join(import.meta.dirname, '..');

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await startApp();
  folder = await prepare('postman');
  await execute(folder, 'npm', 'install', '--no-audit', '--no-fund', '--silent');
  const collection = join(folder, 'collection.json');
  await execute(ROOT, process.execPath, 'scripts/collection.ts', collection);
});
afterAll(() => app.close());

/** Runs folders of the collection; returns the status of each request by its name. */
async function run(
  folders: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Record<string, number>> {
  const report = join(folder, 'report.json');
  const set = Object.entries({ baseUrl: app.url, ...variables }).flatMap(([name, value]) => [
    '--env-var',
    `${name}=${value}`,
  ]);
  const chosen = folders.flatMap((name) => ['--folder', name]);
  const reporter = ['--reporters', 'json', '--reporter-json-export', report];
  const newman = join(folder, 'node_modules/newman/bin/newman.js');
  await execute(
    folder,
    process.execPath,
    newman,
    'run',
    'collection.json',
    ...chosen,
    ...set,
    ...reporter,
  );
  const { run: finished } = JSON.parse(await readFile(report, 'utf8')) as Report;
  expect(finished.failures).toEqual([]);
  return Object.fromEntries(
    finished.executions.map(({ item, response }) => [item.name, response.code]),
  );
}

it('runs with a password: the script fetches a token', async () => {
  const { email } = await signUp(app.url);
  const folders = ['Tasks', 'Lists', 'Changes', 'Tokens', 'Feeds', 'Health'];
  const statuses = await run(folders, { email, password: PASSWORD });
  expect(statuses).toMatchObject({
    'Create a task': 201,
    'List your tasks': 200,
    'Get a task': 200,
    'Replace a task': 200,
    'Update a task': 200,
    'Create, update and delete several tasks at once': 200,
    'Move a task to the trash, or delete it permanently': 204,
    'Restore a task from the trash': 200,
    'Create a list': 201,
    'Move a list to the trash, or delete it permanently': 204,
    'Restore a list from the trash': 200,
    'List what has changed since a token': 200,
  });
});

it('runs with a personal token, and without an account’s password', async () => {
  const { token } = await createToken(await signUp(app.url), { scopes: ['tasks:read'] });
  const statuses = await run(['Tasks'], { token });
  expect(statuses).toMatchObject({ 'Create a task': 403, 'List your tasks': 200 });
});

it('a request without a token is refused, as the document says', async () => {
  expect(await run(['Tasks'], {})).toMatchObject({ 'List your tasks': 401 });
});
