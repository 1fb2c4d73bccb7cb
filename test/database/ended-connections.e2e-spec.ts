import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import { ownerOf } from '../../src/auth/owner.js';
import { asOwner } from '../../src/database/index.js';
import { limitQueries } from '../../src/database/query-deadline.js';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import { UserConnections } from '../../src/database/user-connections.js';
import { createDatabase, withOwner } from '../support/database.js';
import { openOneConnection } from '../support/one-connection.js';
import { until } from '../support/until.js';

const ADA = ownerOf('ada');

let databaseUrl: string;
let orm: MikroORM;
let pool: Pool;
let statements: ScopedQueryRunner;

beforeAll(async () => {
  databaseUrl = await createDatabase();
  orm = await openOneConnection(databaseUrl, (created) => {
    limitQueries(created);
    pool = created;
  });
  await orm.em.execute('select 1');
  const connections = new UserConnections();
  connections.use(pool);
  statements = new ScopedQueryRunner(connections);
});
afterAll(() => orm.close());

const run = (sql: string) => orm.em.getConnection().execute<{ pid: number }[]>(sql);
const pidOf = async () => (await run('select pg_backend_pid() as pid'))[0]?.pid;

/** Fails with a state, as a server, a pooler or a coordinator in front of the server sends it. */
const raise = (state: string) => `do $$ begin raise exception using errcode = '${state}'; end $$`;

const ENDING = ['57014', '57P05', '08006', '08001'];
const STAYING = ['23505', '22012', '42501', '55P03'];

describe('the one connection of a pool', () => {
  const works = {
    'a statement of an owner': (state: string) => statements.run(ADA, raiseOf(state)),
    'a statement without an owner': (state: string) => run(raise(state)),
    'a transaction of an owner': (state: string) =>
      asOwner('ada', () =>
        orm.em.transactional((em) =>
          em.getConnection().execute(raise(state), [], 'run', em.getTransactionContext()),
        ),
      ),
  };

  // A prepared statement cannot be a `do`, so it calls a function.
  const raiseOf = (state: string) => `select fail_with('${state}') where $1 <> ''`;

  beforeAll(() =>
    withOwner(databaseUrl, (client) =>
      client.query(`create function fail_with(state text) returns void language plpgsql
        as $$ begin raise exception using errcode = state; end $$`),
    ),
  );

  for (const [name, work] of Object.entries(works)) {
    it.each(ENDING)(`is ended after ${name} has failed with %s`, async (state) => {
      const before = await pidOf();
      await expect(work(state)).rejects.toThrow();
      expect(await pidOf()).not.toBe(before);
    });

    it.each(STAYING)(`is kept after ${name} has failed with %s`, async (state) => {
      const before = await pidOf();
      await expect(work(state)).rejects.toThrow();
      expect(await pidOf()).toBe(before);
    });
  }

  it('is ended after a statement was cancelled', async () => {
    const before = await pidOf();
    const cancel = () =>
      withOwner(databaseUrl, async (client) => {
        const { rows } = await client.query<{ done: boolean }>(
          `select pg_cancel_backend(pid) as done from pg_stat_activity
            where pid = $1 and query like '%pg_sleep(60)%' and state = 'active'`,
          [before],
        );
        return rows[0]?.done === true;
      });
    const sleep = statements.run(ADA, `select pg_sleep(60) where $1 <> ''`);
    const [outcome] = await Promise.allSettled([sleep, until(cancel)]);
    expect(outcome).toMatchObject({ reason: { code: 'database_unavailable' } });
    expect(await pidOf()).not.toBe(before);
  });

  it('is released once, however often it fails', async () => {
    const client: PoolClient = await pool.connect();
    for (const _ of [1, 2]) await expect(client.query(raise('57014'))).rejects.toThrow();
    client.release();
    expect([pool.totalCount, pool.idleCount]).toEqual([0, 0]);
  });
});
