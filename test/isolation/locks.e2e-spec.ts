import { EntityManager } from '@mikro-orm/postgresql';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asOwner } from '../../src/database/row-level-security.js';
import { Task } from '../../src/tasks/task.entity.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { removeScoping, restoreLocks, setRowLevelSecurity } from '../support/locks.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;
let task: TaskDto;
let trashed: TaskDto;

beforeAll(async () => {
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
});
beforeEach(async () => {
  task = await ada.create({ title: 'Private' });
});
afterEach(() => restoreLocks(app));

/** Every way to a list, with how many tasks eve finds when neither lock is there. */
const LISTS = {
  '?sort=title&count=true': 1,
  '?sort=due': 1,
  '?sort=-due&hasDue=false': 1,
  '?completed=false&priority=none': 1,
  '?trashed=true': 1,
  // The look-up of a search takes its owner from the session alone, and so is a lock by itself.
  '?q=private': 0,
  '?trashed=true&tags=secret': 0,
};

const whatEveFinds = async () => {
  const found: Record<string, number> = {};
  for (const query of Object.keys(LISTS)) {
    const { data, total = data.length } = await eve.list(query);
    found[query] = Math.max(data.length, total);
  }
  return found;
};

const FOUND_NOTHING = Object.fromEntries(Object.keys(LISTS).map((query) => [query, 0]));

/** Returns what eve can read and change of ada's task, over HTTP. */
async function whatEveCanDo() {
  const path = `/tasks/${task.id}`;
  const trash = `/tasks/${trashed.id}`;
  const json = bareTask('Mine');
  const statuses = {
    get: (await eve.api(path)).status,
    put: (await eve.api(path, { method: 'PUT', json })).status,
    patch: (await eve.api(path, { method: 'PATCH', json: { title: 'Taken' } })).status,
    complete: (await eve.api(`${path}/complete`, { method: 'PATCH' })).status,
    delete: (await eve.api(path, { method: 'DELETE' })).status,
    permanent: (await eve.api(`${path}?permanent=true`, { method: 'DELETE' })).status,
    restore: (await eve.api(`${trash}/restore`, { method: 'POST' })).status,
    purge: (await eve.api(`${trash}?permanent=true`, { method: 'DELETE' })).status,
  };
  return { ...statuses, listed: (await eve.list()).data.length };
}

const NOTHING = {
  get: 404,
  put: 404,
  patch: 404,
  complete: 404,
  delete: 404,
  permanent: 404,
  restore: 404,
  purge: 404,
  listed: 0,
};
/** The deleted tasks are in no list. */
const EVERYTHING = {
  get: 200,
  put: 200,
  patch: 200,
  complete: 200,
  delete: 204,
  permanent: 204,
  restore: 200,
  purge: 204,
  listed: 0,
};

/** Ada has what she had: her task, and one in the trash that was never touched. */
async function expectUntouched(): Promise<void> {
  expect((await ada.list()).data).toEqual([task]);
  const restored = await ada.api<TaskDto>(`/tasks/${trashed.id}/restore`, { method: 'POST' });
  expect(restored.body).toMatchObject({ title: trashed.title, version: 3 });
}

describe('each of the two locks alone keeps a task from others:', () => {
  beforeEach(async () => {
    trashed = await ada.create({ title: 'Thrown away', tags: ['secret'] });
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
  });

  it('the condition, without row-level security', async () => {
    await setRowLevelSecurity(app, 'disable');
    expect(await whatEveFinds()).toEqual(FOUND_NOTHING);
    expect(await whatEveCanDo()).toEqual(NOTHING);
    await expectUntouched();
  });

  it('row-level security, without the condition', async () => {
    removeScoping();
    expect(await whatEveFinds()).toEqual(FOUND_NOTHING);
    expect(await whatEveCanDo()).toEqual(NOTHING);
    await expectUntouched();
  });

  it('and without both it is anybody’s, so the two above prove something', async () => {
    removeScoping();
    await setRowLevelSecurity(app, 'disable');
    expect((await eve.list()).data).toEqual([task]);
    expect(await whatEveFinds()).toEqual(LISTS);
    expect(await whatEveCanDo()).toEqual(EVERYTHING);
  });
});

describe('the database', () => {
  const em = () => app.nest.get(EntityManager);
  const rows = () => em().createQueryBuilder(Task).select('*').execute<Task[]>('all');
  const insert = (ownerId: string) =>
    em()
      .getConnection()
      .execute(
        `insert into task (owner_id, id, title) values ('${ownerId}', gen_random_uuid(), 'x')`,
      );
  const DENIED = expect.objectContaining({ code: '42501' });

  it('shows nothing, and takes nothing, when no owner is set', async () => {
    expect(await rows()).toEqual([]);
    await expect(insert('ada')).rejects.toEqual(DENIED);
    await expect(insert('')).rejects.toEqual(DENIED);
    const { affectedRows } = await em()
      .getConnection()
      .execute<{ affectedRows: number }>(`update task set title = 'x'`, [], 'run');
    expect(affectedRows).toBe(0);
  });

  it('shows nothing to an owner whose name is empty', async () => {
    expect(await asOwner('', rows)).toEqual([]);
    await expect(asOwner('', () => insert(''))).rejects.toEqual(DENIED);
  });

  it('shows each owner their own alone', async () => {
    expect(await asOwner('eve', rows)).toEqual([]);
    expect(await asOwner('ada', rows)).toHaveLength(1);
  });

  it('takes no row for another owner, and gives none away', async () => {
    await expect(asOwner('eve', () => insert('ada'))).rejects.toEqual(DENIED);
    const giveAway = () => em().getConnection().execute(`update task set owner_id = 'eve'`);
    await expect(asOwner('ada', giveAway)).rejects.toEqual(DENIED);
    await asOwner('eve', () => em().getConnection().execute('delete from task'));
    expect((await ada.list()).data).toEqual([task]);
  });

  it("reveals nothing to an insert about another owner's row with the same id", async () => {
    const same = `insert into task (owner_id, id, title) values ('eve', '${task.id}', 'x')`;
    await asOwner('eve', () => em().getConnection().execute(same));
    expect(await asDatabaseOwner(app, 'select from task')).toHaveLength(2);
  });

  it('applies row-level security to the owner of the table as well', async () => {
    const tables = await asDatabaseOwner(
      app,
      `select relrowsecurity, relforcerowsecurity from pg_class where oid = 'task'::regclass`,
    );
    expect(tables).toEqual([{ relrowsecurity: true, relforcerowsecurity: true }]);
  });
});
