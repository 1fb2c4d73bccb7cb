import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { API_ROLE, DEFAULT_LIMITS } from '../../src/database/connection.js';
import { moveRows } from '../../src/database/distribute.js';
import {
  distribute,
  DISTRIBUTED_TABLES,
  UNDISTRIBUTE,
} from '../../src/database/distribution.sql.js';
import { missingSettings } from '../../src/database/login-role.js';
import { faultsOf } from '../../src/database/schema-faults.js';
import { bareEnv } from '../support/bare-env.js';
import { installStandIn } from '../support/citus-stand-in.js';
import { createDatabase, withOwner } from '../support/database.js';
import { OWNED_TABLES } from '../support/statement-faults.js';

const COMMAND = fileURLToPath(new URL('../../dist/db-distribute.js', import.meta.url));

let folder: string;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-distribute-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  url = await createDatabase();
});

/** Runs `npm run db:distribute`. */
const run = (parameters: string[], databaseUrl?: string) =>
  new Promise<{ code: unknown; output: string }>((resolve) => {
    const env = { ...bareEnv(), ...(databaseUrl && { DATABASE_URL: databaseUrl }) };
    execFile(
      process.execPath,
      [COMMAND, ...parameters],
      { cwd: folder, env },
      (error, stdout, stderr) => {
        resolve({ code: error ? error.code : 0, output: (stdout + stderr).trimEnd() });
      },
    );
  });

const send = (sql: string) => withOwner(url, (client) => client.query(sql));

/** Everything that distributing changes of the schema. */
async function schema(): Promise<unknown> {
  const { rows } = await withOwner(url, (client) =>
    client.query(`
      select relname::text as name, concat(relrowsecurity, relforcerowsecurity) as text from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'r'
      union all select concat(polrelid::regclass, '.', polname),
        concat(polroles::regrole[], polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
        from pg_policy
      union all select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'task'::regclass
      union all select oid::regprocedure::text, concat(prosrc, proowner::regrole, proacl) from pg_proc
       where pronamespace = 'public'::regnamespace
      order by 1, 2`),
  );
  return rows;
}

describe('npm run db:distribute', () => {
  it('--check says what is missing without Citus, and exits with 1', async () => {
    expect(await run(['--check'], url)).toEqual({
      code: 1,
      output: [
        'missing  Citus 13 or later is needed, and is not there: create extension citus.',
        `missing  There is no server for rows: select citus_add_node('worker', 5432), or for one server alone select citus_set_node_property('coordinator', 5432, 'shouldhaveshards', true).`,
        'ok       The schema is migrated.',
        'ok       The schema can be distributed.',
        'ok       Nothing else is connected.',
      ].join('\n'),
    });
  });

  it.each([[], ['--shards', '8']])(
    'with %j changes nothing without Citus',
    async (...parameters) => {
      const before = await schema();
      const { code, output } = await run(parameters, url);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/^DATABASE_URL: Citus 13 .* Nothing has changed$/),
      ]);
      expect(await schema()).toEqual(before);
    },
  );

  it.each([['--shards'], ['--shards', '0'], ['--shards', 'x'], ['--check', '--undo'], ['--help']])(
    'explains itself for %j',
    async (...parameters) => {
      const { code, output } = await run(parameters, url);
      expect([code, output]).toEqual([1, expect.stringMatching(/^Usage: npm run db:distribute/)]);
    },
  );

  it('needs a server of its own', async () => {
    expect(await run([])).toEqual({
      code: 1,
      output: 'DATABASE_URL must be set: the embedded PostgreSQL is one server.',
    });
  });

  it('--undo refuses what is not distributed', async () => {
    expect(await run(['--undo'], url)).toEqual({
      code: 1,
      output: 'DATABASE_URL: it is not distributed. Nothing has changed',
    });
  });

  describe('on a server with the catalogue of Citus', () => {
    beforeEach(() => withOwner(url, installStandIn));

    it('--check finds nothing missing', async () => {
      expect(await run(['--check'], url)).toMatchObject({
        code: 0,
        output: expect.stringMatching(/^(ok .*\n?){5}$/),
      });
    });

    it.each([
      {
        name: 'an old version',
        sql: `create or replace function pg_catalog.citus_version() returns text language sql
          as $$ select 'Citus 12.1.3' $$`,
        missing: 'Citus 13 or later is needed, and this is 12.1.3.',
      },
      {
        name: 'no worker',
        sql: 'update pg_dist_node set shouldhaveshards = false',
        missing: 'There is no server for rows:',
      },
      {
        name: 'a schema that is not migrated',
        sql: `delete from migration where name like 'Migration0021%'`,
        missing: 'The schema is not migrated, Migration0021DistributableCompatible are missing',
      },
      {
        name: 'a key without the owner',
        sql: 'alter table task add constraint planted unique (id)',
        missing: 'The schema cannot be distributed: planted is a key without the owner.',
      },
    ])('$name is named', async ({ sql, missing }) => {
      await send(`set allow_system_table_mods = on; ${sql}`);
      const before = await schema();
      const check = await run(['--check'], url);
      expect([check.code, check.output]).toEqual([
        1,
        expect.stringContaining(`missing  ${missing}`),
      ]);
      expect((await run([], url)).output).toContain(missing);
      expect(await schema()).toEqual(before);
    });

    it('whoever is connected is named, and nothing changes', async () => {
      const before = await schema();
      await withOwner(url, async (client) => {
        await client.query(`set application_name = 'an instance'`);
        const { code, output } = await run([], url);
        expect([code, output]).toEqual([1, expect.stringContaining('(an instance)')]);
      });
      expect(await schema()).toEqual(before);
    });

    it('brings everything back if it cannot be proved', async () => {
      const before = await schema();
      // One server alone plans no tasks for others.
      expect(await run([], url)).toMatchObject({
        code: 1,
        output: expect.stringContaining('stand-in:5432: a list is not one task'),
      });
      expect(await schema()).toEqual(before);
    });

    it('says that rows are distributed if it cannot bring them back', async () => {
      await send(`set allow_system_table_mods = on;
        create or replace function pg_catalog.undistribute_table(name regclass, cascade_via_foreign_keys boolean default false)
          returns void language plpgsql as $$ begin raise exception 'no'; end $$`);
      expect((await run([], url)).output).toMatch(
        /a list is not one task: .*\. The rows are distributed, and could not be brought back: npm run db:distribute -- --undo$/s,
      );
    });

    it('a login has other settings where rows are distributed', async () => {
      const login = { url, role: API_ROLE, searchPath: 'public' };
      const settings = () =>
        withOwner(url, (client) => missingSettings(client, login, API_ROLE, DEFAULT_LIMITS));
      expect(await settings()).toContainEqual(expect.stringContaining(`= 'force_generic_plan'`));
      await withOwner(url, (client) => moveRows(client, distribute(4)));
      expect(await settings()).toContainEqual(expect.stringContaining(`plan_cache_mode = 'auto'`));
    });

    it('distributes each table of users’ rows, of which the linter then finds no fault', async () => {
      expect([...DISTRIBUTED_TABLES].sort()).toEqual(OWNED_TABLES);
      const before = await schema();
      await withOwner(url, (client) => moveRows(client, distribute(4)));
      const { rows } = await send(
        'select logicalrelid::text as name from pg_dist_partition order by 1',
      );
      expect(rows.map(({ name }: { name: string }) => name)).toEqual(OWNED_TABLES);
      expect(await withOwner(url, faultsOf)).toEqual([]);
      expect((await run([], url)).output).toContain('it is distributed already');
      expect((await run(['--undo'], url)).code).toBe(0);
      expect(await schema()).toEqual(before);
    });

    it.each([
      { name: 'distribute', move: distribute(4) },
      { name: 'undo', move: UNDISTRIBUTE },
    ])('to $name fails as a whole if rows would be lost', async ({ name, move }) => {
      if (name === 'undo') await withOwner(url, (client) => moveRows(client, distribute(4)));
      await send(
        `insert into list (owner_id, id, name, position) values ('ada', gen_random_uuid(), 'x', 'a')`,
      );
      const before = await schema();
      const losing = { ...move, rows: [...move.rows, 'delete from list'] };
      await expect(withOwner(url, (client) => moveRows(client, losing))).rejects.toThrow(
        'rows would be lost: list has 0 of 1',
      );
      expect(await schema()).toEqual(before);
      expect((await send('select from list')).rowCount).toBe(1);
    });
  });
});
