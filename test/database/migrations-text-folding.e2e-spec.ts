import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { API_ROLE, urlFor } from '../../src/database/connection.js';
import { migrate, openMigrator } from '../../src/database/migrate.js';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { startApp } from '../support/app.js';
import { createDatabase, withOwner } from '../support/database.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const PREVIOUS = 'Migration0012UsageCompatible';
const OWNERS = ['ada', 'eve'];
/** Tasks of each owner: several batches. */
const TASKS = 260;

/** A database that the previous version has served: each fourth row is one that folds otherwise now. */
async function createPrevious(): Promise<string> {
  const url = await createDatabase({ empty: true });
  await migrate(url, { to: PREVIOUS });
  await withOwner(url, (client) =>
    client.query(
      `insert into task (owner_id, id, title, description, tags)
       select owner, lpad(to_hex(n), 32, '0')::uuid,
              case n % 4 when 0 then 'מְנוֹרָה' when 1 then 'Ćwiczenia' else 'lamp' end || n,
              case n % 4 when 0 then 'Donau' || U&'\\00ad' || 'dampf' end,
              case n % 4 when 0 then array['Straße', 'b'] when 1 then array['STRASSE'] else array['home'] end
         from unnest($1::text[]) owner, generate_series(1, $2) n`,
      [OWNERS, TASKS],
    ),
  );
  return url;
}

/** The statements of a version's requests, as its role and for its user. */
async function asUser<T>(url: string, owner: string, work: (client: Client) => Promise<T>) {
  return withOwner(urlFor(url, API_ROLE), async (client) => {
    await client.query(`select set_config('app.user_id', $1, false)`, [owner]);
    return work(client);
  });
}

interface Search {
  readonly words?: string;
  readonly tags?: readonly string[];
}

/** How many tasks the previous version finds: by its index, and by going through the list. */
const countFound = (url: string, owner: string, { words = '', tags = [] }: Search) =>
  asUser(url, owner, async (client) => {
    const { rows } = await client.query<{ looked_up: number; gone_through: number }>(
      `select cardinality(task_lookup($2, $3)) as looked_up,
         (select count(*)::int from task where owner_id = $1
            and terms @@ (select task_wanted($1, $2, $3))) as gone_through`,
      [owner, words, tags],
    );
    expect(rows[0]?.looked_up).toBe(rows[0]?.gone_through);
    return Number(rows[0]?.looked_up);
  });

const A_QUARTER = TASKS / 4;

/**
 * Searches of the previous version, with the number of tasks that each finds before the migration and has to
 * find while it runs. None begins in a word behind a soft hyphen: no word begins there any more.
 */
const PREVIOUS_SEARCHES: (Search & { readonly found: number })[] = [
  { tags: ['straße'], found: A_QUARTER },
  { tags: ['strasse'], found: A_QUARTER },
  { tags: ['HOME'], found: 2 * A_QUARTER },
  { words: 'מְנוֹרָה', found: A_QUARTER },
  { words: 'donau', found: A_QUARTER },
  { words: 'cwicz', found: A_QUARTER },
  { words: 'מְנוֹרָה donau', tags: ['STRAßE', 'B'], found: A_QUARTER },
  { words: 'cwiczenia l a m p e n', found: 0 },
];

/** More may be found, by the new folding. */
async function expectNothingMissed(url: string, owner: string): Promise<void> {
  for (const { found, ...search } of PREVIOUS_SEARCHES) {
    const count = await countFound(url, owner, search);
    expect([search, count, count >= found]).toEqual([search, count, true]);
  }
}

/** The text that rows are found by, as a version derives it from them. */
const stale = async (url: string) =>
  withOwner(url, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from task
        where terms is distinct from task_terms(owner_id, title, description, tags)`,
    );
    return rows[0]?.n;
  });

const isWaiting = (url: string, event: string) => () =>
  withOwner(url, async (client) => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event = $1`,
      [event],
    );
    return rowCount === 1;
  });

/** Runs `work` while somebody holds the locks of a statement. */
async function whileLocked(
  url: string,
  statement: string,
  work: () => Promise<void>,
): Promise<void> {
  const holder = new Client({ connectionString: url });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(statement);
    await work();
    await holder.query('rollback');
  } finally {
    await holder.end();
  }
}

const LOCK_LAST = `select from task where owner_id = 'ada' and tags = '{Straße,b}' order by id desc limit 1 for update`;

const executed = (url: string) =>
  withOwner(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select name from migration order by id');
    return rows.map(({ name }) => name);
  });

describe('the migration of text folding, while the previous version serves', () => {
  it('commits batch by batch, and hides no task that was found before', async () => {
    const url = await createPrevious();
    for (const { found, ...search } of PREVIOUS_SEARCHES) {
      expect([search, await countFound(url, 'ada', search)]).toEqual([search, found]);
    }
    let done = Promise.resolve();
    await whileLocked(url, LOCK_LAST, async () => {
      done = migrate(url);
      await until(isWaiting(url, 'transactionid'));
      // The first batches are there for all to see, the last one is not.
      const left = Number(await stale(url));
      expect(left).toBeGreaterThan(A_QUARTER);
      expect(left).toBeLessThan(2 * A_QUARTER);
      for (const owner of OWNERS) await expectNothingMissed(url, owner);
    });
    await done;
    expect(await stale(url)).toBe(0);
  });

  it('lets it write, and what it writes is found by all spellings afterwards', async () => {
    const url = await createPrevious();
    const insert = `insert into task (owner_id, id, title, tags) values ($1, gen_random_uuid(), $2, $3)`;
    const update = `update task set tags = $2, version = version + 1 where owner_id = $1 and title = $3`;
    const write = (title: string) =>
      asUser(url, 'ada', async (client) => {
        await client.query("set statement_timeout = '10s'");
        await client.query(insert, ['ada', title, ['ΟΔΟΣ']]);
        await client.query(insert, ['ada', `${title} of home`, ['home']]);
        await client.query(update, ['ada', ['ﬁn'], `${title} of home`]);
        await client.query(update, ['ada', ['ﬁn'], 'lamp2']);
      });
    let done = Promise.resolve();
    await whileLocked(url, LOCK_LAST, async () => {
      done = migrate(url);
      await until(isWaiting(url, 'transactionid'));
      await write('during');
    });
    await done;
    await write('after');
    const app = await startApp({ ...SECRET_MODE, DATABASE_URL: url });
    try {
      const ada = await mintUser(app.url, 'ada');
      const titlesOf = async (tag: string) => {
        const path = `/tasks?sort=title&limit=200&tags=${encodeURIComponent(tag)}`;
        return (await ada.api<TaskPageDto>(path)).body.data.map(({ title }) => title);
      };
      expect(await titlesOf('οδος')).toEqual(['after', 'during']);
      expect(await titlesOf('FIN')).toEqual(['after of home', 'during of home', 'lamp2']);
      expect(await titlesOf('strasse')).toHaveLength(2 * A_QUARTER);
    } finally {
      await app.close();
    }
  });

  it('folds what a transaction wrote that had begun before it', async () => {
    const url = await createPrevious();
    let done = Promise.resolve();
    await withOwner(url, async (client) => {
      await client.query('begin');
      await client.query(
        `insert into task (owner_id, id, title, tags) values ('ada', gen_random_uuid(), 'late', '{ΣΑΣ}')`,
      );
      done = migrate(url);
      await until(isWaiting(url, 'PgSleep'));
      await client.query('commit');
    });
    await done;
    expect(await countFound(url, 'ada', { tags: ['σας'] })).toBe(1);
    expect(await stale(url)).toBe(0);
  });

  it('does not wait for what writes to a copy of the database', async () => {
    const original = await createPrevious();
    const copy = new URL(original);
    copy.pathname += '_copy';
    await withOwner(await createDatabase(), (client) =>
      client.query(
        `create database ${copy.pathname.slice(1)} template ${new URL(original).pathname.slice(1)}`,
      ),
    );
    await whileLocked(original, `update task set priority = 1 where owner_id = 'ada'`, () =>
      migrate(copy.href),
    );
    expect(await stale(copy.href)).toBe(0);
  });

  it('can be killed: the previous version goes on, and the next start begins it anew', async () => {
    const url = await createPrevious();
    await whileLocked(url, LOCK_LAST, async () => {
      const [outcome] = await Promise.allSettled([
        migrate(url),
        until(isWaiting(url, 'transactionid')).then(() =>
          withOwner(url, (client) =>
            client.query(
              `select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and wait_event = 'transactionid'`,
            ),
          ),
        ),
      ]);
      expect(outcome.status).toBe('rejected');
    });
    expect((await executed(url)).at(-1)).toBe(PREVIOUS);
    await expectNothingMissed(url, 'ada');
    await migrate(url, { to: PREVIOUS });
    await migrate(url);
    expect(await stale(url)).toBe(0);
    expect(await countFound(url, 'ada', { tags: ['STRASSE'] })).toBe(2 * A_QUARTER);
  });
});

describe('after the migration of text folding', () => {
  it('the API finds the rows of the previous version by every spelling', async () => {
    const url = await createPrevious();
    await migrate(url);
    const app = await startApp({ ...SECRET_MODE, DATABASE_URL: url });
    try {
      for (const owner of OWNERS) {
        const user = await mintUser(app.url, owner);
        const total = async (query: Record<string, string>) => {
          const path = `/tasks?${new URLSearchParams({ ...query, count: 'true' }).toString()}`;
          return (await user.api<TaskPageDto>(path)).body.total;
        };
        for (const tags of ['straße', 'STRASSE', 'strasse', 'STRAẞE'])
          expect([tags, await total({ tags })]).toEqual([tags, 2 * A_QUARTER]);
        for (const q of ['מנורה', 'מְנוֹרָה', 'donaudampf', 'cwicz'])
          expect([q, await total({ q })]).toEqual([q, A_QUARTER]);
        expect(await total({ q: 'dampf' })).toBe(0);
      }
    } finally {
      await app.close();
    }
  });

  it('nothing of a task has changed but what it is found by', async () => {
    const url = await createPrevious();
    const tasks = () =>
      withOwner(url, async (client) => {
        const { rows } = await client.query<{ task: unknown }>(
          `select to_jsonb(task) - 'terms' as task from task order by owner_id, id`,
        );
        return rows;
      });
    const before = await tasks();
    await migrate(url, { to: 'Migration0013TextFoldingCompatible' });
    expect(await tasks()).toEqual(before);
  });

  it('its way back folds as the previous version did', async () => {
    const url = await createPrevious();
    await migrate(url, { to: 'Migration0013TextFoldingCompatible' });
    const orm = await openMigrator(url);
    try {
      await orm.migrator.down();
    } finally {
      await orm.close();
    }
    expect((await executed(url)).at(-1)).toBe(PREVIOUS);
    expect(await stale(url)).toBe(0);
    for (const { found, ...search } of PREVIOUS_SEARCHES) {
      expect([search, await countFound(url, 'ada', search)]).toEqual([search, found]);
    }
  });
});
