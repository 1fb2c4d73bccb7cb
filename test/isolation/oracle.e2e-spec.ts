import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { ScopedQuery } from '../../src/database/scoped-query.js';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { TasksRepository } from '../../src/tasks/tasks.repository.js';
import { useApp } from '../support/app.js';
import type { ApiResponse, TestUser } from '../support/client.js';
import { createFeed } from '../support/feeds.js';
import { createToken } from '../support/personal-tokens.js';
import { createList } from '../support/places.js';
import { bareTask, RECURRING } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const PREFIX = '/api/v1';

// Before the app, whose connections it records.
beforeAll(listen);
const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;
/** Id of a task of eve's, for the requests that name one. */
let own = '';

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});
beforeEach(async () => {
  eve = await mintUser(app.url, randomUUID());
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A request of eve's that names a task or a list. */
interface TestRequest {
  readonly method: string;
  /** Below `/api/v1`; `{id}` is that of the task or list, `{own}` that of a task of eve's. */
  readonly path: string;
  readonly json?: unknown;
  /** Status of the response; default: 404. */
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

const create = { op: 'create', task: { title: 'Mine' } };
const update = { op: 'update', id: '{id}', patch: { title: 'Mine' } };
const remove = { op: 'delete', id: '{id}' };
const batch = (...operations: object[]) => ({ operations });

/** Requests to a task of eve's whose body names the place of another. */
const places = (...names: string[]): Partial<TestRequest>[] =>
  names.map((name) => ({ path: '/tasks/{own}', json: { [name]: '{id}' }, status: 422 }));
const LIST = { name: 'Mine', color: null, archived: false };

/** Requests of every operation that names tasks or lists. */
const REQUESTS: Record<string, Partial<TestRequest>[]> = {
  'GET /tasks/{id}': [{}],
  'PUT /tasks/{id}': [{ json: bareTask('Mine') }],
  'PATCH /tasks/{id}': [
    { json: { title: 'Mine' } },
    { json: {} },
    { json: { parentId: null } },
    { json: { recurrence: null } },
    ...places('parentId', 'listId'),
  ],
  'POST /tasks': [
    { json: { title: 'Mine', parentId: '{id}' }, status: 422 },
    { json: { title: 'Mine', listId: '{id}' }, status: 422 },
  ],
  'DELETE /tasks/{id}': [{}, { path: '/tasks/{id}?permanent=true' }],
  'PATCH /tasks/{id}/complete': [
    {},
    { json: { completed: true } },
    { path: '/tasks/{id}/complete?subtasks=complete', json: { completed: true } },
  ],
  'POST /tasks/{id}/skip': [{}],
  'GET /tasks/{id}/occurrences': [{}, { path: '/tasks/{id}/occurrences?limit=1' }],
  'GET /tasks/{id}/history': [{}],
  'POST /tasks/{id}/revert': [{ json: { version: 1 } }],
  'POST /tasks/{id}/restore': [{}],
  'POST /tasks/{id}/move': [
    { json: {} },
    { json: { before: '{id}' } },
    ...places('before', 'after', 'parentId', 'listId').map((request) => ({
      ...request,
      path: '/tasks/{own}/move',
    })),
  ],
  'GET /lists/{id}': [{}, { path: '/lists/{id}?include=counts' }],
  'PUT /lists/{id}': [{ json: LIST }],
  'PATCH /lists/{id}': [{ json: { name: 'Mine' } }, { json: {} }],
  'DELETE /lists/{id}': [
    {},
    { path: '/lists/{id}?tasks=keep' },
    { path: '/lists/{id}?permanent=true' },
    { path: '/lists/{id}?permanent=true&tasks=keep' },
  ],
  'GET /lists/{id}/history': [{}],
  'POST /lists/{id}/revert': [{ json: { version: 1 } }],
  'POST /lists/{id}/restore': [{}],
  'POST /lists/{id}/move': [{ json: {} }],
  'DELETE /tokens/{id}': [{}],
  'DELETE /feeds/{id}': [{}],
  'POST /feeds': [{ json: { as: 'events', listId: '{id}' }, status: 422 }],
  'POST /tasks/batch': [
    { json: batch(update) },
    { json: batch(remove) },
    { json: batch({ ...update, ifMatch: '"1"' }) },
    { json: batch({ ...update, ifMatch: '"9"' }) },
    { json: batch({ ...remove, ifMatch: '*' }) },
    { json: batch(create, update) },
    { json: { ...batch(create, remove), dryRun: true } },
  ],
};

/** Operations that name no task, list, token or feed: what they tell of others is cursors and keys. */
const NAMES_NONE = [
  'GET /me',
  'GET /tasks',
  'GET /lists',
  'POST /lists',
  'GET /changes',
  'GET /changes/stream',
  'GET /tokens',
  'POST /tokens',
  'GET /feeds',
  'GET /export',
  'POST /import',
];

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

const { paths } = JSON.parse(
  readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
) as {
  paths: Record<string, Record<string, Operation>>;
};

const operations = Object.entries(paths)
  .filter(([path]) => path.startsWith(`${PREFIX}/`))
  .flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.slice(PREFIX.length)}`,
      method: method.toUpperCase(),
      path: path.slice(PREFIX.length),
      headers: (operation.parameters ?? [])
        .filter((one) => one.in === 'header')
        .map((one) => one.name),
    })),
  );

/** Values of each header for a task that exists, and for one that does not. */
const VALUES: Record<string, readonly string[]> = {
  'If-Match': ['"1"', '"2"', '"9"', '*', 'W/"1"'],
  'If-None-Match': ['"1"', '"2"', '"9"', '*', 'W/"1"'],
  'Idempotency-Key': ['a-key'],
  'Last-Event-ID': ['a-token'],
};

const requests: [string, TestRequest][] = operations.flatMap(({ name, method, path, headers }) =>
  (REQUESTS[name] ?? []).flatMap((request) => {
    const bare = { method, path, ...request };
    // A precondition would be that of eve's own task.
    const sendable = bare.path.includes('{own}') ? [] : headers;
    const named = sendable.flatMap((header) =>
      (VALUES[header] ?? []).map((value) => ({ ...bare, headers: { [header]: value } })),
    );
    return [bare, ...named].map((one): [string, TestRequest] => [
      `${method} ${one.path} ${JSON.stringify([request.json, 'headers' in one && one.headers])}`,
      one,
    ]);
  }),
);

/** One request, with an id in the place of the task's or list's; a body that is none is not sent. */
function send(user: TestUser, { method, path, json, headers = {} }: TestRequest, id: string) {
  const text = json === undefined ? undefined : JSON.stringify(json).replaceAll('{id}', id);
  const at = path.replace('{id}', id).replace('{own}', own);
  return user.api<Record<string, unknown> | string>(at, {
    method,
    headers,
    ...(text !== undefined && { json: text }),
  });
}

/** All of an answer that two can be told apart by: everything but the date, the request id and path. */
function fingerprint({ status, headers, body }: ApiResponse<Record<string, unknown> | string>) {
  const rest: Record<string, string> = Object.fromEntries(headers);
  delete rest['date'];
  delete rest['x-request-id'];
  const text = typeof body === 'string' ? body : { ...body, requestId: '', instance: '' };
  return { status, headers: rest, body: text };
}

/** Statements sent to PostgreSQL, without their values, except those of work that is done at any time. */
const sent: string[] = [];

const OF_A_JOB =
  /\b(look_at_clock|next_usage_owner|recount_usage|purge_\w+|pg_notify)\(|^select 1$/;

/** For good, and before there is a connection: the app takes the method of each at its start. */
function listen(): void {
  const query = Reflect.get(pg.Client.prototype, 'query') as (...parts: unknown[]) => unknown;
  const recorded = function (this: pg.Client, ...parts: unknown[]) {
    const [statement] = parts;
    if (typeof statement === 'string' && !OF_A_JOB.test(statement)) sent.push(shapeOf(statement));
    if (statement instanceof ScopedQuery) sent.push(statement.message.text);
    return query.apply(this, parts);
  };
  Object.assign(pg.Client.prototype, { query: recorded });
}

/** The statements of the work. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  sent.length = 0;
  await work();
  return [...sent];
}

const shapeOf = (sql: string) => sql.replaceAll(/'(?:[^']|'')*'/g, '?').replaceAll(/\b\d+\b/g, '?');

type Resource = 'tasks' | 'lists' | 'tokens' | 'feeds';

function resourceOf({ path, json }: Pick<TestRequest, 'path' | 'json'>): Resource {
  if (path.startsWith('/tokens')) return 'tokens';
  if (path.startsWith('/feeds/')) return 'feeds';
  return /\/lists\/|listId/.test(JSON.stringify([path, json])) ? 'lists' : 'tasks';
}

const CREATE: Record<Resource, () => Promise<{ readonly id: string }>> = {
  tasks: () => ada.create({ title: 'Private' }),
  lists: () => createList(ada, { name: 'Private' }),
  tokens: () => createToken(ada, { name: 'Private' }),
  feeds: () => createFeed(ada),
};

/** An id of ada's, and one that nobody has, but for chance; tokens and feeds have no trash, and end. */
async function ids(
  isTrashed: boolean,
  resource: Resource = 'tasks',
): Promise<[theirs: string, unknown: string]> {
  const { id } = await CREATE[resource]();
  const path = `/${resource}/${id}`;
  if (isTrashed) await ada.api(path, { method: 'DELETE' });
  return [id, `${id.slice(0, -12)}${randomUUID().slice(-12)}`];
}

it('every operation is called here, or names no task, list, token or feed', () => {
  const known = [...Object.keys(REQUESTS), ...NAMES_NONE];
  expect(operations.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  const headers = operations.flatMap((operation) => operation.headers);
  expect(headers.filter((name) => !(name in VALUES))).toEqual([]);
});

describe.each([
  { name: 'of somebody else', isTrashed: false },
  { name: 'in somebody else’s trash', isTrashed: true },
])(
  'a task or list $name gets the same response, and causes the same work, as an unknown one:',
  ({ isTrashed }) => {
    it.each(requests)('%s', async (__, request) => {
      const [theirs, unknown] = await ids(isTrashed, resourceOf(request));
      if (request.path.includes('{own}')) own = (await eve.create()).id;
      const first: ApiResponse<Record<string, unknown> | string>[] = [];
      const statements = await statementsOf(async () =>
        first.push(await send(eve, request, theirs)),
      );
      const other = await mintUser(app.url, eve.id);
      // The key of the first would be somebody's who has sent another request.
      const again = { ...request, headers: { ...request.headers } };
      if ('Idempotency-Key' in again.headers) again.headers['Idempotency-Key'] = 'b-key';
      const second: typeof first = [];
      const same = await statementsOf(async () => second.push(await send(other, again, unknown)));
      expect(first.map(({ status }) => status)).toEqual([request.status ?? 404]);
      expect(first.map(fingerprint)).toEqual(second.map(fingerprint));
      expect(statements.length).toBeGreaterThan(0);
      expect(statements).toEqual(same);
      expect(JSON.stringify(first)).not.toContain('Private');
    });
  },
);

describe("a reference other than an id to another user's data", () => {
  it('a cursor: gets the same response, and causes the same work, as an invented one', async () => {
    await Promise.all([ada.create(), ada.create(), eve.create(), eve.create()]);
    const { nextCursor } = (await ada.api<TaskPageDto>('/tasks?limit=1')).body;
    const theirs = nextCursor ?? '';
    const madeUp = Buffer.from(theirs, 'base64url').fill(7, 0, 16).toString('base64url');
    expect(madeUp).toHaveLength(theirs.length);
    const responses: ReturnType<typeof fingerprint>[] = [];
    const statements: string[][] = [];
    for (const cursor of [theirs, madeUp]) {
      statements.push(
        await statementsOf(async () => {
          responses.push(fingerprint(await eve.api(`/tasks?limit=1&cursor=${cursor}`)));
        }),
      );
    }
    expect(responses[0]).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    expect(responses[0]).toEqual(responses[1]);
    expect(statements).toEqual([[], []]);
  });

  const keyed = operations.filter(({ headers }) => headers.includes('Idempotency-Key'));

  it.each(keyed.map((operation) => [operation.name, operation] as const))(
    'a key: gets the answer and the work of one that nobody has, %s',
    async (name, { method, path }) => {
      const resource = path.startsWith('/lists') ? 'lists' : 'tasks';
      const createOwn = async (user: TestUser) => {
        const fields = path.endsWith('/skip') ? RECURRING : {};
        const { id } = await (resource === 'lists' ? createList(user) : user.create(fields));
        if (path.endsWith('/restore')) await user.api(`/${resource}/${id}`, { method: 'DELETE' });
        return id;
      };
      const bodies: Record<string, object> = {
        '/tasks': { title: 'x' },
        '/tasks/batch': batch(update),
        '/tasks/{id}/move': {},
        '/import': { format: 'taskward', version: 1, lists: [], tasks: [] },
        '/lists': { name: 'x' },
        '/lists/{id}/move': {},
        '/tasks/{id}/revert': { version: 1 },
        '/lists/{id}/revert': { version: 1 },
      };
      const json = bodies[path];
      const key = randomUUID();
      const request = (value: string): TestRequest => ({
        method,
        path,
        headers: { 'Idempotency-Key': value },
        ...(json && { json }),
      });
      expect((await send(ada, request(key), await createOwn(ada))).status).toBeLessThan(300);
      const responses: ReturnType<typeof fingerprint>[] = [];
      const statements: string[][] = [];
      for (const value of [key, randomUUID()]) {
        const id = await createOwn(eve);
        statements.push(
          await statementsOf(async () => {
            responses.push(fingerprint(await send(eve, request(value), id)));
          }),
        );
      }
      const [first, second] = responses;
      expect([name, first?.status]).toEqual([name, second?.status]);
      expect(first?.status).toBeLessThan(300);
      expect(first?.headers).not.toHaveProperty('idempotency-replayed');
      expect(Object.keys(first?.headers ?? {})).toEqual(Object.keys(second?.headers ?? {}));
      expect(statements[0]).toEqual(statements[1]);
    },
  );
});

describe('these tests notice', () => {
  const READ: TestRequest = { method: 'PUT', path: '/tasks/{id}', json: bareTask('x') };

  it('a statement more, for a task that is there', async () => {
    const [theirs, unknown] = await ids(false);
    const update = Reflect.get(TasksRepository.prototype, 'update');
    jest.spyOn(TasksRepository.prototype, 'update').mockImplementation(async function (
      this: TasksRepository,
      ...parts
    ) {
      if (parts[1] === theirs) await this.find(parts[0].id, theirs);
      return update.apply(this, parts);
    });
    const first = await statementsOf(() => send(eve, READ, theirs));
    expect(first).not.toEqual(await statementsOf(() => send(eve, READ, unknown)));
  });
});
