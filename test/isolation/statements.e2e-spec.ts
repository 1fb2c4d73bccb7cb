import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asOwner } from '../../src/database/row-level-security.js';
import { Task } from '../../src/tasks/task.entity.js';
import type { TestUser } from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { openOneConnection } from '../support/one-connection.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

describe('a statement of an owner', () => {
  let databaseUrl: string;
  let orm: MikroORM;

  beforeAll(async () => {
    databaseUrl = await createDatabase();
    orm = await openOneConnection(databaseUrl);
  });
  afterAll(() => orm.close());
  beforeEach(() => withOwner(databaseUrl, (client) => client.query('delete from task')));

  const run = (sql: string) => orm.em.getConnection().execute<Record<string, unknown>[]>(sql);
  const insert = (title: string) =>
    run(`insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), '${title}')`);
  const titles = () =>
    orm.em.createQueryBuilder(Task).select('*').orderBy({ title: 'asc' }).execute<Task[]>('all');
  const stored = async () => (await asOwner('ada', titles)).map(({ title }) => title);

  const OWNER = `select coalesce(current_setting('app.user_id', true), '') as owner, pg_backend_pid() as pid`;
  const ownerLeft = async () => (await run(OWNER))[0]?.['owner'];

  it('leaves no owner on its connection', async () => {
    const [during] = await asOwner('ada', () => run(OWNER));
    const [after] = await run(OWNER);
    expect(during).toMatchObject({ owner: 'ada' });
    expect(after).toEqual({ owner: '', pid: during?.['pid'] });
  });

  it.each([
    { name: 'it fails', sql: 'select 1 / 0' },
    { name: 'it cannot be parsed', sql: 'selekt' },
    {
      name: 'it is refused',
      sql: `insert into task (owner_id, id, title) values ('eve', gen_random_uuid(), 'x')`,
    },
  ])('leaves none when $name', async ({ sql }) => {
    await expect(asOwner('ada', () => run(sql))).rejects.toThrow();
    expect(await ownerLeft()).toBe('');
    expect(await titles()).toEqual([]);
  });

  it('is alone in its transaction: what fails is not there', async () => {
    await expect(
      asOwner('ada', () =>
        run(
          `insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), 'lost'); select 1 / 0`,
        ),
      ),
    ).rejects.toThrow();
    expect(await stored()).toEqual([]);
  });

  it('is not taken with parameters beside it, which the simple protocol has not', async () => {
    const pool = await orm.em.getConnection().getNativeClient();
    const client = await pool.connect();
    try {
      await expect(asOwner('ada', () => client.query('select $1', ['x']))).rejects.toThrow(
        'inline',
      );
    } finally {
      client.release();
    }
  });

  it('gives its own result, not that of the setting before it', async () => {
    await asOwner('ada', () => insert('one'));
    expect(await asOwner('ada', () => run('select title from task'))).toEqual([{ title: 'one' }]);
  });

  it('keeps its owner to the end of a transaction', async () => {
    await asOwner('ada', () =>
      orm.em.transactional(async (em) => {
        const connection = em.getConnection();
        const context = em.getTransactionContext<object>();
        const owner = await connection.execute<object[]>(OWNER, [], 'all', context);
        expect(owner).toMatchObject([{ owner: 'ada' }]);
        await connection.execute(
          `insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), 'kept')`,
          [],
          'run',
          context,
        );
      }),
    );
    expect(await stored()).toEqual(['kept']);
    expect(await ownerLeft()).toBe('');
  });

  it.each([
    { name: 'its work throws', sql: 'select 1' },
    { name: 'a statement fails', sql: 'select 1 / 0' },
  ])('leaves nothing of a transaction that is rolled back, when $name', async ({ sql }) => {
    const transaction = asOwner('ada', () =>
      orm.em.transactional(async (em) => {
        const context = em.getTransactionContext<object>();
        const connection = em.getConnection();
        await connection.execute(
          `insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), 'lost')`,
          [],
          'run',
          context,
        );
        await connection.execute(sql, [], 'all', context);
        throw new Error('rolled back');
      }),
    );
    await expect(transaction).rejects.toThrow();
    expect(await ownerLeft()).toBe('');
    expect(await stored()).toEqual([]);
  });

  it('keeps what came before a savepoint that is rolled back to', async () => {
    await asOwner('ada', () =>
      orm.em.transactional(async (em) => {
        const first = em.create(Task, {
          ownerId: 'ada',
          id: crypto.randomUUID(),
          title: 'kept',
        } as Task);
        await em.persist(first).flush();
        const inner = em.transactional(async (nested) => {
          await nested
            .getConnection()
            .execute('select 1 / 0', [], 'all', nested.getTransactionContext());
        });
        await expect(inner).rejects.toThrow('division by zero');
      }),
    );
    expect(await stored()).toEqual(['kept']);
    expect(await ownerLeft()).toBe('');
  });

  it('is of its own owner among many that wait for the one connection', async () => {
    const owners = Array.from({ length: 50 }, (_, i) => `owner-${i}`);
    const seen = await Promise.all(
      owners.map((owner) => asOwner(owner, async () => (await run(OWNER))[0]?.['owner'])),
    );
    expect(seen).toEqual(owners);
  });
});

describe('each request costs one message to PostgreSQL', () => {
  const app = useProxiedApp(SECRET_MODE);
  let ada: TestUser;

  beforeAll(async () => {
    ada = await mintUser(app.url, 'ada');
    await ada.list();
  });

  const ALL = {
    title: 'z',
    description: null,
    completed: true,
    priority: 'low',
    due: null,
    tags: ['a'],
  };

  it.each<[string, string, string, unknown?, Record<string, string>?]>([
    ['list', 'GET', '', undefined],
    ['filtered list', 'GET', '?q=buy&completed=false&priority=none&sort=title', undefined],
    ['list that is sorted by due', 'GET', '?sort=due', undefined],
    ['list by position', 'GET', '?sort=position&list=none&parent=none', undefined],
    ['search that finds nothing', 'GET', '?q=nowhere&tags=a', undefined],
    ['search that is sorted by due', 'GET', '?q=buy&sort=-due', undefined],
    ['list of the trash', 'GET', '?trashed=true', undefined],
    ['create', 'POST', '', { title: 'x' }],
    ['read', 'GET', '/:id', undefined],
    ['read what is known', 'GET', '/:id', undefined, { 'if-none-match': '"1"' }],
    ['put', 'PUT', '/:id', ALL],
    ['put on conditions', 'PUT', '/:id', ALL, { 'if-match': '"1"', 'if-none-match': '"2"' }],
    ['change', 'PATCH', '/:id', { title: 'y', tags: ['a'] }],
    ['complete', 'PATCH', '/:id/complete', { completed: true }],
    ['delete', 'DELETE', '/:id', undefined],
    ['permanent delete', 'DELETE', '/:id?permanent=true', undefined],
    ['permanent delete from the trash', 'DELETE', '/:trashed?permanent=true', undefined],
    ['restore', 'POST', '/:trashed/restore', undefined],
  ])('%s', async (_, method, path, json, headers = {}) => {
    const [{ id }, trashed] = [await ada.create(), await ada.create()];
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
    const address = `/tasks${path.replace(':id', id).replace(':trashed', trashed.id)}`;
    app.proxy.messages.length = 0;
    const { status } = await ada.api(address, { method, json, headers });
    expect(status).toBeLessThan(305);
    // S: the end of a message, with the owner in front of the statement.
    expect(app.proxy.roundTrips).toEqual(['S']);
  });
});
