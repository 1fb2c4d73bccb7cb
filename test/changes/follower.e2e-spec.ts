import { expect, it } from '@jest/globals';
import type { ChangePageDto } from '../../src/changes/change.dto.js';
import type { ListDto } from '../../src/lists/list.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { numbers, walk } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp({ ...SECRET_MODE, MAX_CONCURRENT_PER_USER: '10' });

const WRITERS = 4;
const WRITES = 60;

type Thing = TaskDto | ListDto;

/** A copy that is made of nothing but `/changes`, and that forgets at any time what it has not kept. */
class Follower {
  readonly things = new Map<string, { thing: Thing; isTrashed: boolean }>();
  readonly #versions = new Map<string, number>();
  #token = '';

  constructor(
    private readonly user: TestUser,
    private readonly below: (number: number) => number,
  ) {}

  async start(): Promise<void> {
    this.#token = (await this.user.api<ChangePageDto>('/changes')).body.nextToken;
  }

  /** Takes up a page, or a part of it; returns whether there may be more. */
  async step(): Promise<boolean> {
    const limit = 1 + this.below(10);
    const path = `/changes?since=${this.#token}&limit=${limit}`;
    const { status, body } = await this.user.api<ChangePageDto>(path);
    if (status !== 200) throw new Error(`/changes: ${JSON.stringify(body)}`);
    const isCrash = this.below(4) === 0;
    const taken = isCrash ? body.data.slice(0, this.below(body.data.length + 1)) : body.data;
    for (const { token, type, id, version, task, list } of taken) {
      if (version < (this.#versions.get(id) ?? 0))
        throw new Error(`${id} goes back to ${version}.`);
      this.#versions.set(id, version);
      const thing = task ?? list;
      if (thing) this.things.set(id, { thing, isTrashed: type.endsWith('.trashed') });
      else this.things.delete(id);
      this.#token = token;
    }
    if (!isCrash) this.#token = body.nextToken;
    return isCrash || body.hasMore || body.data.length > 0;
  }
}

/** Does random things to random tasks and lists; some are refused, as others do the same. */
async function write(user: TestUser, below: (number: number) => number): Promise<void> {
  const [tasks, lists] = [(await user.list('?limit=50')).data, await walk<ListDto>(user, '/lists')];
  const trash = (await user.list('?trashed=true&limit=50')).data;
  const any = <Row>(rows: readonly Row[]) => rows[below(rows.length || 1)];
  const [task, list, gone, other] = [any(tasks), any(lists), any(trash), any(tasks)];
  const id = task?.id ?? '';
  const send = (method: string, path: string, json?: object) =>
    user.api<object>(path, { method, ...(json && { json }) });
  const place = { listId: below(2) ? (list?.id ?? null) : null };
  const actions: (() => Promise<{ status: number }>)[] = [
    () => send('POST', '/tasks', { title: 'a', ...place }),
    () => send('POST', '/tasks', { title: 'b', parentId: task?.id ?? null }),
    () => send('POST', '/lists', { name: 'c' }),
    () => send('PATCH', `/tasks/${id}`, { title: `t${below(9)}`, priority: 'low' }),
    () => send('PATCH', `/tasks/${id}`, place),
    () => send('PATCH', `/tasks/${id}/complete`),
    () => send('PATCH', `/tasks/${id}/complete?subtasks=complete`, { completed: true }),
    () => send('POST', `/tasks/${id}/move`, other && other.id !== id ? { before: other.id } : {}),
    () => send('DELETE', `/tasks/${id}`),
    () => send('DELETE', `/tasks/${id}?permanent=true`),
    () => send('POST', `/tasks/${gone?.id ?? ''}/restore`),
    () => send('DELETE', `/lists/${list?.id ?? ''}?${any(['', 'tasks=keep', 'permanent=true'])}`),
    () => send('POST', `/tasks/${id}/revert`, { version: 1 }),
    () =>
      send('POST', '/tasks/batch', {
        operations: [
          { op: 'create', task: { title: 'd' } },
          { op: 'update', id, patch: { completed: true } },
          ...(other && other.id !== id ? [{ op: 'delete', id: other.id }] : []),
        ],
      }),
  ];
  const { status } = await (any(actions) as () => Promise<{ status: number }>)();
  expect(status).toBeLessThan(500);
}

it.each([1, 2, 3])(
  'a client that only follows the changes, and crashes, has what the server has (seed %i)',
  async (seed) => {
    const user = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
    const follower = new Follower(user, numbers(seed));
    await follower.start();
    let writing = WRITERS;
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const below = numbers(100 * seed + index);
      for (let i = 0; i < WRITES; i += 1) await write(user, below);
      writing -= 1;
    });
    while ((await follower.step()) || writing > 0);
    await Promise.all(writers);
    while (await follower.step());
    const onServer = new Map<string, { thing: Thing; isTrashed: boolean }>();
    for (const path of ['/tasks', '/lists'])
      for (const isTrashed of [false, true])
        for (const thing of await walk<Thing>(user, `${path}?trashed=${isTrashed}`))
          onServer.set(thing.id, { thing, isTrashed });
    expect(follower.things.size).toBeGreaterThan(0);
    expect(new Map([...follower.things].sort())).toEqual(new Map([...onServer].sort()));
    const [counts] = await asDatabaseOwner(
      app,
      `select deadlocks::int from pg_stat_database where datname = current_database()`,
    );
    expect(counts).toEqual({ deadlocks: 0 });
  },
  180_000,
);
