import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EntityManager } from '@mikro-orm/postgresql';
import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { asOwner } from '../../src/database/row-level-security.js';
import { IdempotencyPurge } from '../../src/idempotency/idempotency-purge.js';
import { TrashPurge } from '../../src/tasks/trash-purge.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { setClock, trustClock } from '../support/clock.js';
import { asDatabaseOwner, withOwner } from '../support/database.js';
import { countOf } from '../support/metrics.js';
import { startProxiedApp } from '../support/proxied-app.js';
import { SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
/** Shares the database, and keeps the trash for a week. */
const other = useApp(() => ({
  ...SECRET_MODE,
  DATABASE_URL: app.databaseUrl,
  TRASH_RETENTION_DAYS: '7',
}));

beforeEach(async () => {
  await sql('delete from task; delete from idempotency_key');
  await trustClock(app);
});

const sql = (text: string) => asDatabaseOwner(app, text);

/** Puts tasks of an owner there, deleted so long ago, or live. */
const plantTasks = (owner: string, title: string, deleted?: string, count = 1) =>
  sql(`
    insert into task (owner_id, id, title, created_at, updated_at, deleted_at)
    select '${owner}', gen_random_uuid(), '${title}', now() - interval '9 years', now() - interval '9 years',
      ${deleted === undefined ? 'null' : `now() - interval '${deleted}'`}
    from generate_series(1, ${String(count)})`);
const plantKeys = (owner: string, age: string, count = 1) =>
  sql(`
    insert into idempotency_key (owner_id, key, fingerprint, status, headers, body, created_at)
    select '${owner}', '${age} ' || n, '', 201, '{}', '{}', now() - interval '${age}'
    from generate_series(1, ${String(count)}) n`);

const tasksLeft = async () =>
  (await sql('select title from task order by title')).map(({ title }) => title);
const keysLeft = async () =>
  (await sql('select key from idempotency_key order by key')).map(({ key }) => key);

describe('the purge of the trash', () => {
  it('removes the expired rows of all users, and nothing else', async () => {
    await plantTasks('ada', 'gone', '30 days 1 minute');
    await plantTasks('eve', 'gone', '9 years');
    await plantTasks('ada', 'ada’s fresh trash', '1 minute');
    await plantTasks('ada', 'ada’s old task');
    await plantTasks('eve', 'eve’s almost expired', '29 days 23 hours');
    await plantTasks('eve', 'eve’s old task');
    await app.nest.get(TrashPurge).run();
    expect(await tasksLeft()).toEqual([
      'ada’s fresh trash',
      'ada’s old task',
      'eve’s almost expired',
      'eve’s old task',
    ]);
  });

  it('keeps tasks for TRASH_RETENTION_DAYS', async () => {
    await plantTasks('ada', '6 days', '6 days 23 hours');
    await plantTasks('ada', '7 days', '7 days 1 minute');
    await app.nest.get(TrashPurge).run();
    expect(await tasksLeft()).toEqual(['6 days', '7 days']);
    await other.nest.get(TrashPurge).run();
    expect(await tasksLeft()).toEqual(['6 days']);
  });

  it('removes more than one batch, logs the number, and logs nothing for zero', async () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    await plantTasks('ada', 'gone', '31 days', 2_001);
    const counter = 'taskward_purged_total deleted_tasks_and_lists';
    const before = await countOf(app, counter);
    await app.nest.get(TrashPurge).run();
    await app.nest.get(TrashPurge).run();
    expect(await countOf(app, counter)).toBe(before + 2_001);
    expect(log.mock.calls).toEqual([['Purged 2001 deleted tasks and lists.']]);
    log.mockRestore();
    expect(await tasksLeft()).toEqual([]);
  });

  it('may run in two instances at once', async () => {
    await plantTasks('ada', 'gone', '31 days', 5_000);
    await plantTasks('eve', 'stays', '1 day');
    await Promise.all([app, other].map(({ nest }) => nest.get(TrashPurge).run()));
    expect(await tasksLeft()).toEqual(['stays']);
  });

  it('does not wait for locked rows', async () => {
    await plantTasks('ada', 'gone', '31 days', 2);
    await plantTasks('ada', 'held', '31 days');
    await withOwner(app.databaseUrl, async (client) => {
      await client.query(`begin; select from task where title = 'held' for update`);
      await app.nest.get(TrashPurge).run();
    });
    expect(await tasksLeft()).toEqual(['held']);
  });
});

describe('the purge of idempotency keys', () => {
  it('removes the expired rows of all users, and nothing else', async () => {
    await plantKeys('ada', '24 hours 1 minute', 2_001);
    await plantKeys('eve', '9 days');
    await plantKeys('ada', '23 hours');
    await plantKeys('eve', '1 second');
    await Promise.all([app, other].map(({ nest }) => nest.get(IdempotencyPurge).run()));
    expect(await keysLeft()).toEqual(['1 second 1', '23 hours 1']);
  });
});

describe('a clock that jumps', () => {
  afterEach(() => setClock(app, '0'));

  const purge = ({ nest }: TestApp) =>
    Promise.all([nest.get(TrashPurge).run(), nest.get(IdempotencyPurge).run()]);
  const plantFresh = async () => {
    await plantTasks('ada', 'fresh trash', '1 minute');
    await plantKeys('ada', '1 minute');
  };
  const left = async () => [(await tasksLeft()).length, (await keysLeft()).length];

  it('a year ahead, and back, loses nothing, however often it is looked at meanwhile', async () => {
    await plantFresh();
    await purge(app);
    await setClock(app, '1 year');
    // The first look of `other`, perhaps.
    for (const each of [app, app, other, app, other]) await purge(each);
    expect(await left()).toEqual([1, 1]);
    const restarted = await startApp({ ...SECRET_MODE, DATABASE_URL: app.databaseUrl });
    await purge(restarted);
    await purge(restarted);
    await restarted.close();
    expect(await left()).toEqual([1, 1]);
    await setClock(app, '0');
    for (const each of [app, app, other, app, other]) await purge(each);
    expect(await left()).toEqual([1, 1]);
  });

  it('is a reason to purge nothing, even of what expired long ago', async () => {
    await purge(app);
    await plantTasks('ada', 'old trash', '9 years');
    for (const ahead of ['2 minutes', '-1 year']) {
      await setClock(app, ahead);
      await purge(app);
      await trustClock(app);
    }
    expect(await tasksLeft()).toEqual(['old trash']);
  });

  it('is not the one that goes on as it did: the purge acts again', async () => {
    await purge(app);
    await trustClock(app);
    await plantTasks('ada', 'old trash', '31 days');
    await plantFresh();
    await purge(app);
    await purge(app);
    expect(await tasksLeft()).toEqual(['fresh trash']);
  });

  it.each([
    { jump: '1 year', hours: 24 },
    { jump: '-1 year', hours: 24 },
    { jump: '3 days', hours: 3 },
    { jump: '3 hours', hours: 1 },
  ])('by $jump is believed once it has been steady for $hours hours', async ({ jump, hours }) => {
    const look = async (passed: string) => {
      await setClock(app, passed);
      const [row] = await sql('select is_trusted from look_at_clock(null, null)');
      return row?.['is_trusted'];
    };
    expect(await look('0')).toBe(true);
    const looks: unknown[] = [];
    for (let passed = 0; passed <= hours; passed += 1) {
      looks.push(await look(`${jump} ${String(60 * passed)} minutes ${String(passed)} seconds`));
    }
    expect(looks).toEqual([...Array<boolean>(hours).fill(false), true]);
  });
});

describe('the role of the API', () => {
  const affected = (text: string) =>
    app.nest.get(EntityManager).execute<{ affectedRows: number }>(text, [], 'run');
  const days = (count: number, at = 'now()') =>
    affected(`select purge_trash(${String(count)}, 1000, ${at})`);

  it('cannot remove others’ rows itself', async () => {
    await plantTasks('ada', 'trash', '9 years');
    await plantKeys('ada', '9 days');
    for (const table of ['task', 'idempotency_key']) {
      const nothing = { affectedRows: 0 };
      // On a distributed database, where MikroORM sets no user, it is an error.
      const remove = () => affected(`delete from ${table}`).catch(() => nothing);
      expect(await remove()).toMatchObject(nothing);
      expect(await asOwner('eve', remove)).toMatchObject(nothing);
    }
    expect(await tasksLeft()).toEqual(['trash']);
    expect(await keysLeft()).toHaveLength(1);
  });

  it.each([0, -1, -10_000])('cannot remove a live task by purge_trash(%j, …)', async (count) => {
    await plantTasks('ada', 'live');
    await plantTasks('ada', 'trash', '9 years');
    await days(count);
    expect(await tasksLeft()).toEqual(['live']);
  });

  it('cannot remove what has not expired by naming a moment to come', async () => {
    await plantTasks('ada', 'trash', '1 hour');
    await plantKeys('ada', '1 hour');
    await days(1, `now() + interval '9 years'`);
    await affected(`select purge_idempotency_keys(1000, now() + interval '9 years')`);
    expect([await tasksLeft(), (await keysLeft()).length]).toEqual([['trash'], 1]);
  });

  it('is no member of the role that the functions run as', async () => {
    const may = `select pg_has_role('taskward_api', 'taskward_system', 'member') as may`;
    expect(await sql(may)).toEqual([{ may: false }]);
  });

  it('could not by a function that forgets to look, as the policy looks too', async () => {
    await plantTasks('ada', 'live');
    await plantTasks('ada', 'trash', '1 second');
    await sql(`
      begin;
      set local role taskward_system;
      delete from task;
      commit`);
    expect(await tasksLeft()).toEqual(['live']);
  });
});

describe('the schedule', () => {
  it('has a first run for each purge and for the recount and one every hour, and none after the end', async () => {
    const brief = await startApp({ ...SECRET_MODE, DATABASE_URL: app.databaseUrl });
    const registry = brief.nest.get(SchedulerRegistry);
    // Two of the intervals are those of streams, one writes the days of use of personal tokens.
    expect([registry.getTimeouts().length, registry.getIntervals().length]).toEqual([4, 7]);
    const purges = [brief.nest.get(TrashPurge), brief.nest.get(IdempotencyPurge)];
    await brief.close();
    expect([registry.getTimeouts(), registry.getIntervals()]).toEqual([[], []]);
    await plantTasks('ada', 'kept', '31 days');
    await Promise.all(purges.map((purge) => purge.run()));
    expect(await tasksLeft()).toEqual(['kept']);
  });

  it('ends with the batch that is under way', async () => {
    const brief = await startApp({ ...SECRET_MODE, DATABASE_URL: app.databaseUrl });
    const purge = brief.nest.get(TrashPurge);
    await plantTasks('ada', 'old', '31 days', 3_000);
    const running = purge.run();
    // At once, as the other hooks of `close` may outlast a batch.
    await purge.beforeApplicationShutdown();
    await brief.close();
    await running;
    expect(await tasksLeft()).toHaveLength(2_000);
  });

  it('outlives a database that is away', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const proxied = await startProxiedApp(SECRET_MODE);
    proxied.proxy.cut();
    await proxied.nest.get(TrashPurge).run();
    const warnings = () => warn.mock.calls.filter(([text]) => /purge/i.test(String(text)));
    expect(warnings()).toEqual([
      [expect.stringMatching(/^The purge of deleted tasks and lists failed:/)],
    ]);
    proxied.proxy.mend();
    await trustClock(proxied);
    await proxied.nest.get(TrashPurge).run();
    expect(warnings()).toHaveLength(1);
    warn.mockRestore();
    await proxied.close();
  });
});
