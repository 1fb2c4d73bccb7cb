import type { MikroORM } from '@mikro-orm/postgresql';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { ownerOf } from '../../src/auth/owner.js';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import { asOwner } from '../../src/database/index.js';
import { UserConnections } from '../../src/database/user-connections.js';
import { until } from '../support/until.js';
import { createDatabase, withOwner } from '../support/database.js';
import { openOneConnection } from '../support/one-connection.js';

const [ADA, EVE] = [ownerOf('ada'), ownerOf('eve')];
const INSERT = `insert into task (owner_id, id, title) values ($1, gen_random_uuid(), $2) returning title`;
const TITLES = 'select title from task where $1 <> $2 order by title';
const OWNER = `select coalesce(current_setting('app.user_id', true), ''), pg_backend_pid()::text`;

let databaseUrl: string;
let orm: MikroORM;
let pool: Pool;
let connections: UserConnections;
let statements: ScopedQueryRunner;

/** Without an owner, on the one connection. */
async function query<Row extends QueryResultRow>(sql: string): Promise<QueryResult<Row>> {
  const client = await pool.connect();
  try {
    return await client.query<Row>(sql);
  } finally {
    client.release();
  }
}

beforeAll(async () => {
  databaseUrl = await createDatabase();
  orm = await openOneConnection(databaseUrl, (created) => (pool = created));
  await orm.em.execute('select 1');
  connections = new UserConnections();
  connections.use(pool);
});
beforeEach(async () => {
  await withOwner(databaseUrl, (client) => client.query('delete from task'));
  // A new connection, on which nothing is prepared.
  (await pool.connect()).release(true);
  statements = new ScopedQueryRunner(connections);
});
afterAll(() => orm.close());

const owners = async () => (await statements.run(ADA, `${OWNER} where $1 = 'ada'`))[0];
const ownerLeft = async () =>
  Object.values<string>((await query<Record<string, string>>(OWNER)).rows[0] ?? {});
const titlesOf = async (owner: typeof ADA) =>
  (await statements.run(owner, TITLES, [''])).map(([title]) => title);
const nameOf = (text: string) => `owned_${createHash('sha256').update(text).digest('base64url')}`;
/** The names of what is prepared on the connection, and how often it was executed so. */
const prepared = async () =>
  (
    await query<{ name: string; times: number }>(
      `select name, (generic_plans + custom_plans)::int as times from pg_prepared_statements
        where name <> '' order by name`,
    )
  ).rows;

describe('a statement of an owner', () => {
  it('leaves no owner on its connection', async () => {
    const [owner, pid] = (await owners()) ?? [];
    expect(owner).toBe('ada');
    expect(await ownerLeft()).toEqual(['', pid]);
  });

  it('shows an owner their own rows alone, whatever its condition', async () => {
    await statements.run(ADA, INSERT, ['hers']);
    expect(await titlesOf(EVE)).toEqual([]);
    expect(await titlesOf(ADA)).toEqual(['hers']);
    expect(await titlesOf(EVE)).toEqual([]);
    expect((await query('select from task')).rowCount).toBe(0);
    await expect(
      query(`insert into task (owner_id, id, title) values ('ada', gen_random_uuid(), 'x')`),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('gives its own rows, not the setting before them', async () => {
    expect(await statements.run(ADA, 'select $1, null, 1')).toEqual([['ada', null, '1']]);
    expect(await statements.run(ADA, 'select $1 where false')).toEqual([]);
  });

  it.each([
    ['it fails', 'select 1 / 0 where length($1) > 0'],
    [
      'it fails after a write',
      `with one as (${INSERT.replace('$2', `'lost'`)}) select 1 / 0 from one`,
    ],
    ['it cannot be parsed', 'selekt $1'],
    [
      'it is refused',
      `insert into task (owner_id, id, title) values ($1 || 'x', gen_random_uuid(), 'x')`,
    ],
    ['a parameter cannot be read', 'select $1 where 1 = $2::int', 'one'],
    ['there are too many parameters', 'select $1', 'one'],
  ])('leaves nothing when %s, and the next one is clean', async (_, text, ...parameters) => {
    for (let round = 0; round < 2; round += 1) {
      await expect(statements.run(ADA, text, parameters)).rejects.toThrow();
      expect((await ownerLeft())[0]).toBe('');
      expect(await titlesOf(EVE)).toEqual([]);
      expect(await titlesOf(ADA)).toEqual([]);
    }
  });

  it('is of its own owner among many that wait for the one connection', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `owner-${i}`);
    const seen = await Promise.all(
      names.map(async (name) => {
        const [row] = await statements.run(ownerOf(name), `${OWNER} where length($1) > 0`);
        return row?.[0];
      }),
    );
    expect(seen).toEqual(names);
  });

  it('is a problem, and no more than that, when its connection is ended', async () => {
    const asleep = statements.run(ADA, 'select pg_sleep(30) where length($1) > 0');
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()`;
    const isEnded = until(async () => {
      const { rowCount } = await withOwner(databaseUrl, (client) => client.query(end));
      return rowCount === 1;
    });
    await expect(asleep).rejects.toMatchObject({ code: 'database_unavailable' });
    await isEnded;
    expect(await titlesOf(ADA)).toEqual([]);
  });
});

describe('a plan', () => {
  it('is made once a connection', async () => {
    for (let round = 0; round < 8; round += 1) await titlesOf(ADA);
    expect(await prepared()).toEqual(
      [
        { name: nameOf(TITLES), times: 8 },
        { name: nameOf(`select set_config('app.user_id', $1, true)`), times: 8 },
      ].sort(({ name: a }, { name: b }) => (a < b ? -1 : 1)),
    );
  });

  it('of another process has another name, unless it is of the same statement', async () => {
    // Two processes that a pooler leads over one server connection know nothing of each other.
    jest.resetModules();
    const { ScopedQueryRunner: Other } = await import('../../src/database/scoped-query-runner.js');
    const other = new Other(connections);
    await statements.run(ADA, INSERT, ['kept']);
    await statements.run(ADA, TITLES, ['']);
    await other.run(ADA, `delete from task where $1 = 'eve'`);
    await other.run(ADA, TITLES, ['']);
    await other.run(EVE, INSERT, ['hers']);
    for (const runner of [statements, other, statements]) {
      expect(await runner.run(ADA, TITLES, [''])).toEqual([['kept']]);
    }
    expect(await other.run(ADA, `delete from task where $1 = 'eve'`)).toEqual([]);
    expect(await statements.run(ADA, INSERT, ['more'])).toEqual([['more']]);
    expect(await titlesOf(ADA)).toEqual(['kept', 'more']);
  });

  it('is kept for a hundred statements, and the others are done without', async () => {
    for (let n = 0; n < 150; n += 1) {
      expect(await statements.run(ADA, `select $1, ${n}`)).toEqual([['ada', String(n)]]);
    }
    expect(await prepared()).toHaveLength(101);
  });

  it('is done without when it is lost, as behind a pooler that hands out other connections', async () => {
    await statements.run(ADA, INSERT, ['before']);
    await query('deallocate all');
    await statements.run(ADA, INSERT, ['after']);
    expect(await titlesOf(ADA)).toEqual(['after', 'before']);
    expect(await prepared()).toEqual([]);
    expect((await ownerLeft())[0]).toBe('');
  });
});

describe('within a transaction, a statement', () => {
  const insertLater = (title: string) => statements.run(ADA, INSERT, [title]);

  it('is a part of it', async () => {
    await asOwner(ADA, () =>
      orm.em.transactional(async () => {
        await insertLater('kept');
        expect(await titlesOf(ADA)).toEqual(['kept']);
        expect(
          await withOwner(databaseUrl, (client) => client.query('select from task')),
        ).toMatchObject({ rowCount: 0 });
      }),
    );
    expect(await titlesOf(ADA)).toEqual(['kept']);
    expect((await ownerLeft())[0]).toBe('');
  });

  it('is undone with it', async () => {
    const transaction = asOwner(ADA, () =>
      orm.em.transactional(async () => {
        await insertLater('lost');
        throw new Error('rolled back');
      }),
    );
    await expect(transaction).rejects.toThrow('rolled back');
    expect(await titlesOf(ADA)).toEqual([]);
    await insertLater('alone again');
    expect(await titlesOf(ADA)).toEqual(['alone again']);
  });

  it('fails it', async () => {
    const transaction = asOwner(ADA, () =>
      orm.em.transactional(async () => {
        await insertLater('lost');
        await statements.run(ADA, 'select 1 / 0 where length($1) > 0').catch(() => undefined);
        await insertLater('not taken');
      }),
    );
    await expect(transaction).rejects.toMatchObject({ code: '25P02' });
    expect(await titlesOf(ADA)).toEqual([]);
    expect((await ownerLeft())[0]).toBe('');
  });
});
