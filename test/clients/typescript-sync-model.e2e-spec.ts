import { describe, expect, it } from '@jest/globals';
import {
  type Change,
  createClient,
  MemoryStore,
  type TaskwardClient,
} from '../../clients/typescript/src/index.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { seededRandom } from '../support/random-rules.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const WRITERS = 3;
const WRITES = 50;
/** Short, so that a stream that broke is replaced soon. */
const LIMITS = {
  firstByteMs: 1_000,
  silenceMs: 20_000,
  pollMs: 20,
  refusedMs: 200,
  bufferedMs: 200,
};

type Random = () => number;

const app = useApp(SECRET_MODE);

const pick = <T>(random: Random, items: readonly T[]): T | undefined =>
  items[Math.floor(random() * items.length)];

/** Ids that the writers share, whatever has become of them. */
interface Known {
  readonly tasks: string[];
  readonly lists: string[];
}

interface Write {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
}

/** Returns a random request; many are refused, as others have deleted what they name. */
function randomWrite(random: Random, { tasks, lists }: Known): Write {
  const title = `Task ${random().toFixed(6)}`;
  const [task = '', other = '', list = ''] = [tasks, tasks, lists].map((ids) => pick(random, ids));
  const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
  const writes: Write[] = [
    { method: 'POST', path: '/tasks', json: { title } },
    { method: 'POST', path: '/tasks', json: { title, ...(list && { listId: list }) } },
    { method: 'POST', path: '/tasks', json: { title, ...(task && { parentId: task }) } },
    { method: 'POST', path: '/tasks', json: { title, due: '2026-12-24', recurrence } },
    { method: 'POST', path: '/lists', json: { name: title } },
    { method: 'PATCH', path: `/tasks/${task}`, json: { title } },
    { method: 'PATCH', path: `/tasks/${task}`, json: { listId: list === '' ? null : list } },
    { method: 'PATCH', path: `/tasks/${task}/complete?subtasks=complete` },
    { method: 'POST', path: `/tasks/${task}/move`, json: { after: other } },
    { method: 'DELETE', path: `/tasks/${task}` },
    { method: 'POST', path: `/tasks/${task}/restore` },
    { method: 'PATCH', path: `/lists/${list}`, json: { archived: random() < 0.5 } },
    { method: 'POST', path: `/lists/${list}/move`, json: {} },
    { method: 'DELETE', path: `/lists/${list}${random() < 0.5 ? '?tasks=keep' : ''}` },
    { method: 'POST', path: `/lists/${list}/restore` },
    { method: 'DELETE', path: `/tasks/${task}?permanent=true` },
    { method: 'DELETE', path: `/lists/${list}?permanent=true` },
    {
      method: 'POST',
      path: '/tasks/batch',
      json: {
        operations: [
          { op: 'create', task: { title } },
          { op: 'update', id: task, patch: { priority: 'high' } },
        ],
      },
    },
  ];
  return pick(random, writes) ?? { method: 'POST', path: '/tasks', json: { title } };
}

async function write(random: Random, known: Known, user: TestUser): Promise<void> {
  for (let n = 0; n < WRITES; n++) {
    const { path, ...init } = randomWrite(random, known);
    const { status, body } = await user.api<{ id: string }>(path, init);
    if (status === 201) (path === '/lists' ? known.lists : known.tasks).push(body.id);
  }
}

/** A store that is killed at random, before or after it has applied changes. */
class MortalStore extends MemoryStore {
  random: Random = Math.random;

  override apply(changes: readonly Change[], token: string): void {
    if (this.random() < 0.05) throw new Error('killed before');
    super.apply(changes, token);
    if (this.random() < 0.05) throw new Error('killed after');
  }
}

/** A `fetch` whose streams break at random. */
const breakingFetch =
  (random: Random): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (!(response.headers.get('content-type') ?? '').includes('event-stream')) return response;
    const breaking = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        if (random() < 0.1) controller.error(new TypeError('terminated'));
        else controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(breaking) ?? null, response);
  };

/** Keeps the store in step until `stop`; is aborted at random, and started again. */
async function syncThroughAborts(client: TaskwardClient, store: MortalStore, stop: AbortSignal) {
  while (!stop.aborted) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error('aborted')), store.random() * 400);
    const end = () => abort.abort(new Error('aborted'));
    stop.addEventListener('abort', end);
    const error: unknown = await client
      .sync(store, { ...LIMITS, signal: abort.signal })
      .catch((reason: unknown) => reason);
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
    expect(error).toMatchObject({ message: expect.stringMatching(/^(aborted|killed)/) as unknown });
  }
}

type Copy = Record<'tasks' | 'lists', Record<string, { readonly version: number }>>;

const versionsOf = ({ tasks, lists }: Copy) =>
  Object.entries({ ...tasks, ...lists })
    .map(([id, { version }]) => `${id} ${String(version)}`)
    .sort()
    .join();

async function readAll(client: TaskwardClient): Promise<Copy> {
  const { tasks, lists }: Copy = { tasks: {}, lists: {} };
  for await (const { data } of client.pages('/api/v1/tasks', { limit: 200 })) {
    for (const task of data) tasks[task.id] = task;
  }
  for await (const { data } of client.pages('/api/v1/lists', { limit: 200 })) {
    for (const list of data) lists[list.id] = list;
  }
  return { tasks, lists };
}

const copyOf = ({ tasks, lists }: MemoryStore) => ({
  tasks: Object.fromEntries(tasks),
  lists: Object.fromEntries(lists),
});

describe('a copy that sync() of the TypeScript client keeps', () => {
  it.each([1, 2, 3].map((seed) => ({ seed })))(
    'ends as the server is, whatever is aborted, killed or broken (seed $seed)',
    async ({ seed }) => {
      const random = seededRandom(seed);
      const user = await mintUser(app.url, `sync-${String(seed)}`);
      const getToken = () => Promise.resolve(user.token);
      const client = createClient({ baseUrl: app.url, getToken, fetch: breakingFetch(random) });
      const known: Known = { tasks: [], lists: [] };
      await write(random, known, user);
      const store = new MortalStore();
      store.random = random;
      const stop = new AbortController();
      const syncing = syncThroughAborts(client, store, stop.signal);
      await Promise.all(Array.from({ length: WRITERS }, () => write(random, known, user)));
      const server = await readAll(client);
      await until(() => Promise.resolve(versionsOf(copyOf(store)) === versionsOf(server)));
      stop.abort();
      await syncing;
      expect(Object.keys(server.tasks).length).toBeGreaterThan(5);
      expect(copyOf(store)).toEqual(server);
    },
  );
});
