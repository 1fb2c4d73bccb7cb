import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import openapiTypeScript, { astToString } from 'openapi-typescript';
import { useApp } from '../support/app.js';

/** Somebody else's project: the committed description, a generated client, strict TypeScript. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  },
};

const CLIENT = `
import createClient from 'openapi-fetch';
import type { paths } from './taskward.js';

const [baseUrl = ''] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl });
`;

const PROGRAM = `${CLIENT}
const said: unknown[] = [];

const health = await api.GET('/health/live');
said.push(health.data?.status);

const signedUp = await api.POST('/api/auth/sign-up/email', {
  body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' },
});
said.push(signedUp.data?.user.email);
// Node's fetch keeps no cookies.
const [session = ''] = signedUp.response.headers.getSetCookie();
const headers = { cookie: session.split(';')[0] };
const access = await api.GET('/api/auth/token', { headers });
if (!access.data) throw new Error(JSON.stringify(access.error));
const authorization = \`Bearer \${access.data.token}\`;
api.use({ onRequest: ({ request }) => request.headers.set('authorization', authorization) });

const created = await api.POST('/api/v1/tasks', {
  body: { title: 'Buy milk', priority: 'high', due: '2026-12-24', tags: ['home'] },
});
if (!created.data) throw new Error(created.error.code);
const { id, version } = created.data;
said.push(created.response.status, created.data.title, created.response.headers.get('etag'));

const refused = await api.POST('/api/v1/tasks', { body: { title: '' } });
said.push(refused.error?.code, refused.error?.errors?.[0]?.pointer);

const page = await api.GET('/api/v1/tasks', {
  params: {
    query: {
      completed: false,
      priority: 'high,medium',
      tags: 'home',
      dueBefore: '2027-01-01',
      q: 'milk',
      sort: '-priority',
      limit: 2,
      count: true,
    },
  },
});
said.push(page.data?.data.map((task) => task.title), page.data?.nextCursor, page.data?.total);

const params = { path: { id } };
const read = await api.GET('/api/v1/tasks/{id}', { params });
said.push(read.data?.id === id, read.data?.description);

const patched = await api.PATCH('/api/v1/tasks/{id}', {
  params: { ...params, header: { 'If-Match': \`"\${version}"\` } },
  body: { description: 'Two litres', due: null },
});
said.push(patched.data?.description, patched.data?.due, patched.data?.version);

const stale = await api.PATCH('/api/v1/tasks/{id}', {
  params: { ...params, header: { 'If-Match': '"1"' } },
  body: { title: 'Lost' },
});
said.push(stale.response.status, stale.error?.code);

const completed = await api.PATCH('/api/v1/tasks/{id}/complete', {
  params,
  body: { completed: true },
});
said.push(completed.data?.completed, typeof completed.data?.completedAt);

const replaced = await api.PUT('/api/v1/tasks/{id}', {
  params,
  body: {
    title: 'Buy bread',
    description: null,
    completed: false,
    priority: 'low',
    due: null,
    tags: [],
  },
});
said.push(replaced.data?.title, replaced.data?.tags);

const deleted = await api.DELETE('/api/v1/tasks/{id}', { params });
said.push(deleted.response.status, deleted.error);

const gone = await api.GET('/api/v1/tasks/{id}', { params });
said.push(gone.error?.code);

const restored = await api.POST('/api/v1/tasks/{id}/restore', { params });
said.push(restored.data?.title);

const batch = await api.POST('/api/v1/tasks/batch', {
  params: { header: { 'Idempotency-Key': 'generated-client' } },
  body: {
    operations: [
      { op: 'create', task: { title: 'Buy eggs' } },
      { op: 'update', id, patch: { completed: true } },
    ],
  },
});
said.push(batch.data?.results.map((result) => [result.status, result.task?.title]));

const signedOut = await api.POST('/api/auth/sign-out', { headers, body: {} });
const after = await api.GET('/api/auth/token', { headers });
said.push(signedOut.data?.success, after.response.status);

process.stdout.write(JSON.stringify(said));
`;

const MISTAKEN = `${CLIENT}
await api.POST('/api/v1/tasks', { body: { titel: 'Buy milk' } });
await api.POST('/api/v1/tasks', { body: { title: 'Buy milk', priority: 'urgent' } });
await api.GET('/api/v1/tasks', { params: { query: { page: 2 } } });
console.log((await api.GET('/api/v1/tasks')).data?.items);
`;

/** Line by line, what each of the requests comes to. */
const SAID = [
  ...['ok'],
  ...['ada@example.com'],
  ...[201, 'Buy milk', '"1"'],
  ...['validation_failed', '/title'],
  ...[['Buy milk'], null, 1],
  ...[true, null],
  ...['Two litres', null, 2],
  ...[412, 'precondition_failed'],
  ...[true, 'string'],
  ...['Buy bread', []],
  ...[204, null],
  ...['task_not_found'],
  ...['Buy bread'],
  [
    [201, 'Buy eggs'],
    [200, 'Buy bread'],
  ],
  ...[true, 401],
];

const app = useApp();
let folder: string;

beforeAll(async () => {
  // In here, so that the program finds openapi-fetch as if it were installed beside it.
  folder = await mkdtemp(join('node_modules', '.generated-client-'));
  const types = await openapiTypeScript(new URL('../../openapi.json', import.meta.url));
  await writeFile(join(folder, 'taskward.ts'), astToString(types));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const run = promisify(execFile);

/** Returns the output of a Node program; the API keeps serving it meanwhile. */
const node = (...args: string[]) =>
  run(process.execPath, args, { timeout: 25_000 }).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );

/** Compiles the program strictly, to JavaScript beside it. */
async function compile(name: string, program: string) {
  await writeFile(join(folder, `${name}.ts`), program);
  const config = join(folder, `tsconfig.${name}.json`);
  await writeFile(config, JSON.stringify({ ...TSCONFIG, files: [`${name}.ts`] }));
  return node(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', config);
}

describe('a client generated from openapi.json', () => {
  it('compiles, and does with the API what its types say', async () => {
    expect(await compile('program', PROGRAM)).toMatchObject({ stdout: '', stderr: '' });
    const { stdout, stderr } = await node(join(folder, 'program.js'), app.url);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(SAID);
  });

  it('does not compile with what the API does not have', async () => {
    const { stdout } = await compile('mistaken', MISTAKEN);
    expect(stdout).toMatch(/'titel' does not exist/);
    expect(stdout).toMatch(/'"urgent"' is not assignable/);
    expect(stdout).toMatch(/'page' does not exist/);
    expect(stdout).toMatch(/'items' does not exist/);
  });
});
