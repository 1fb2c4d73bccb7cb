import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { RequestOptions, TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Changes the task right after the next statement of the API that finds nothing to write. */
function changeAfterNextMiss(change: string): void {
  const write = Reflect.get(ScopedQueryRunner.prototype, 'write');
  const spy = jest.spyOn(ScopedQueryRunner.prototype, 'write');
  spy.mockImplementation(async function (this: ScopedQueryRunner, ...parameters) {
    const rows = await write.apply(this, parameters);
    if (rows.length > 0) return rows;
    spy.mockRestore();
    await asDatabaseOwner(app, `update task set ${change}, version = version + 1`);
    return rows;
  });
}

interface Write extends RequestOptions {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  /** Where the task is when the write looks for it: not where the write wants it. */
  readonly from: 'list' | 'trash';
  readonly status: number;
  readonly expected: unknown;
}

const PUT = { ...bareTask('New'), completed: true };
const PATCH = { method: 'PATCH', from: 'trash', status: 200 } as const;
const WRITES: Write[] = [
  { name: 'delete', path: '', method: 'DELETE', from: 'trash', status: 204, expected: '' },
  {
    name: 'restore',
    path: '/restore',
    method: 'POST',
    from: 'list',
    status: 200,
    expected: expect.objectContaining({ version: 4 }),
  },
  { ...PATCH, name: 'patch', path: '', json: { title: 'New' }, expected: { title: 'New' } },
  { ...PATCH, name: 'put', path: '', method: 'PUT', json: PUT, expected: PUT },
  {
    ...PATCH,
    name: 'complete',
    path: '/complete',
    json: { completed: true },
    expected: { completed: true },
  },
  { ...PATCH, name: 'toggle', path: '/complete', expected: { completed: true } },
];

describe('a task that changes between a write that misses it and the read that explains the miss', () => {
  const preconditions = [{}, { 'if-match': '*' }, { 'if-match': '"1", "2", "3"' }];
  describe.each(preconditions)('under %j', (headers) => {
    it.each(WRITES)(
      'lets the $name be done',
      async ({ path, from, status, expected, ...options }) => {
        await asDatabaseOwner(app, 'delete from task');
        const { id } = await ada.create();
        if (from === 'trash') await ada.api(`/tasks/${id}`, { method: 'DELETE' });
        else await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'Second' } });
        changeAfterNextMiss(`deleted_at = ${from === 'trash' ? 'null' : 'now()'}`);
        const { method, json } = options;
        const response = await ada.api(`/tasks/${id}${path}`, { method, json, headers });
        expect({ status: response.status, body: response.body }).toMatchObject({
          status,
          body: expected,
        });
        const stored = await asDatabaseOwner(app, 'select version from task');
        expect(stored).toEqual([{ version: 4 }]);
      },
    );
  });
});

describe('many writers of one task, none of whom sent a precondition', () => {
  const ROUNDS = 25;
  const WRITERS = 3;

  /** Sends one of each kind, and returns how many changed the task. */
  async function race(id: string, round: number): Promise<number> {
    const path = `/tasks/${id}`;
    let changes = 0;
    const write = async (suffix: string, options: RequestOptions, shows?: Partial<TaskDto>) => {
      const { status, body } = await ada.api<TaskDto>(`${path}${suffix}`, options);
      expect([200, 204, 404]).toContain(status);
      if (status === 404) return;
      changes += 1;
      if (shows) expect(body).toMatchObject(shows);
    };
    const batch = async (operation: object) => {
      const json = { operations: [{ id, ...operation }] };
      const { status } = await ada.api('/tasks/batch', { method: 'POST', json });
      expect([200, 404]).toContain(status);
      if (status === 200) changes += 1;
    };
    const writers = Array.from({ length: WRITERS }, (_, writer) => {
      const title = `${String(round)} ${String(writer)}`;
      return [
        write('', { method: 'DELETE' }),
        write('/restore', { method: 'POST' }),
        write('', { method: 'PATCH', json: { title } }, { title }),
        write('', { method: 'PUT', json: bareTask(`put ${title}`) }, { title: `put ${title}` }),
        write('/restore', { method: 'POST' }),
        write('/complete', { method: 'PATCH' }),
        batch({ op: 'update', patch: { title: `batch ${title}` } }),
        batch({ op: 'delete' }),
      ];
    });
    await Promise.all(writers.flat());
    return changes;
  }

  it('are told that it was done, or that it is not there; every acknowledged change is one version', async () => {
    const { id } = await ada.create();
    let version = 1;
    for (let round = 0; round < ROUNDS; round += 1) version += await race(id, round);
    const stored = await asDatabaseOwner(app, `select version from task where id = '${id}'`);
    expect(stored).toEqual([{ version }]);
  });

  it('get 404 from the moment on in which one of them removes it for good', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await ada.create();
      const path = `/tasks/${id}`;
      const requests: [path: string, options: RequestOptions][] = [
        [`${path}?permanent=true`, { method: 'DELETE' }],
        [path, { method: 'DELETE' }],
        [`${path}/restore`, { method: 'POST' }],
        [path, { method: 'PATCH', json: { title: 'Late' } }],
        [`${path}?permanent=true`, { method: 'DELETE' }],
        [`${path}/complete`, { method: 'PATCH' }],
      ];
      const responses = await Promise.all(requests.map((request) => ada.api(...request)));
      for (const { status } of responses) expect([200, 204, 404]).toContain(status);
      const removals = [responses[0], responses[4]].map((response) => response?.status);
      expect(removals.toSorted()).toEqual([204, 404]);
    }
  });
});
