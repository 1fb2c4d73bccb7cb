import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ownerOf } from '../../src/auth/owner.js';
import { type NewValues, NOW } from '../../src/resource/index.js';
import type { Task } from '../../src/tasks/task.entity.js';
import { TasksRepository } from '../../src/tasks/tasks.repository.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { removeScoping, restoreLocks, setRowLevelSecurity } from '../support/locks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;
let task: TaskDto;

beforeAll(async () => {
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
});
beforeEach(async () => {
  task = await ada.create({ title: 'Private' });
});
afterEach(() => restoreLocks(app));

const EVE = ownerOf('eve');
const EVE_WRITER = { id: EVE, actor: { type: 'session', name: null } } as const;

const STATE: NewValues<Task> = {
  title: 'Taken',
  description: null,
  priority: 0,
  dueDate: null,
  dueAt: null,
  tags: [],
  completedAt: NOW,
};

/**
 * Returns what eve can read and change of ada's task: over HTTP, and by each statement of a batch
 * alone.
 */
async function whatEveCanDo() {
  const { id } = task;
  const tasks = app.nest.get(TasksRepository);
  const locked = await tasks.transaction(EVE, () => tasks.lock(EVE, [id]));
  const batch = async (operation: object) => {
    const json = { operations: [operation] };
    return (await eve.api('/tasks/batch', { method: 'POST', json })).status;
  };
  return {
    lock: locked.length,
    updateBatch: await batch({ op: 'update', id, patch: { title: 'Taken' } }),
    update: await tasks.transaction(EVE, async () => {
      return (await tasks.updateMany(EVE_WRITER, new Map([[id, STATE]]))).length;
    }),
    deleteBatch: await batch({ op: 'delete', id }),
  };
}

const NOTHING = { lock: 0, updateBatch: 404, update: 0, deleteBatch: 404 };
const EVERYTHING = { lock: 1, updateBatch: 200, update: 1, deleteBatch: 200 };

async function eveTrashes(): Promise<void> {
  const tasks = app.nest.get(TasksRepository);
  await tasks.transaction(EVE, () => tasks.trashMany(EVE_WRITER, [task.id]));
}

describe('each of the two locks alone keeps a batch from the tasks of others:', () => {
  it('the condition, without row-level security', async () => {
    await setRowLevelSecurity(app, 'disable');
    expect(await whatEveCanDo()).toEqual(NOTHING);
    await eveTrashes();
    expect((await ada.list()).data).toEqual([task]);
  });

  it('row-level security, without the condition', async () => {
    removeScoping();
    expect(await whatEveCanDo()).toEqual(NOTHING);
    await eveTrashes();
    jest.restoreAllMocks();
    expect((await ada.list()).data).toEqual([task]);
  });

  it('and without both they are anybody’s, so the two above prove something', async () => {
    removeScoping();
    await setRowLevelSecurity(app, 'disable');
    expect(await whatEveCanDo()).toEqual(EVERYTHING);
    task = await ada.create();
    await eveTrashes();
    jest.restoreAllMocks();
    expect((await ada.list()).data).toEqual([]);
  });
});
