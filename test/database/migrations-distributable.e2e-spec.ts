import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { API_ROLE, urlFor } from '../../src/database/connection.js';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase, withOwner } from '../support/database.js';
import { OWNED_TABLES } from '../support/statement-faults.js';
import { until } from '../support/until.js';

const PREVIOUS = 'Migration0020PersonalTokensCompatible';

interface PlanNode {
  readonly 'Index Cond'?: string;
  readonly 'One-Time Filter'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('a policy without a subselect', () => {
  let url: string;

  beforeAll(async () => {
    url = await createDatabase();
  });

  /** Returns the nodes of a generic plan of the API's role, for a table with more rows than pages are worth. */
  async function planOf(sql: string): Promise<PlanNode[]> {
    return withOwner(urlFor(url, API_ROLE), async (client) => {
      await client.query(`set enable_seqscan = off; prepare probe(text) as ${sql}`);
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (format json) execute probe('ada')`,
      );
      return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan)));
    });
  }

  it.each(OWNED_TABLES)(
    'is evaluated once for a statement that names the owner: %s',
    async (table) => {
      for (const sql of [
        `select owner_id from ${table} where owner_id = $1`,
        `delete from ${table} where owner_id = $1`,
      ]) {
        const nodes = await planOf(sql);
        expect(nodes.map((node) => node['One-Time Filter'] ?? '').join('')).toContain(
          'app.user_id',
        );
        expect(nodes.map((node) => node['Index Cond'] ?? '').join('')).toContain('owner_id');
        expect(nodes.map((node) => node.Filter ?? '').join('')).not.toContain('app.user_id');
      }
    },
  );

  it.each(OWNED_TABLES)(
    'is looked up in the index for a statement that names none: %s',
    async (table) => {
      const nodes = await planOf(`select owner_id from ${table} where $1 <> ''`);
      expect(nodes.map((node) => node['Index Cond'] ?? '').join('')).toContain('app.user_id');
      expect(nodes.map((node) => node.Filter ?? '').join('')).not.toContain('app.user_id');
    },
  );
});

describe('while a long transaction reads a table whose policy is changed', () => {
  it('others go on reading it, and the change is made after its end', async () => {
    const url = await createDatabase({ empty: true });
    await migrate(url, { to: PREVIOUS });
    const reader = new Client({ connectionString: url });
    await reader.connect();
    try {
      await reader.query('begin; select from task');
      let isMigrated = false;
      const migration = migrate(url).then(() => (isMigrated = true));
      const isWaiting = () =>
        withOwner(url, async (client) => {
          const { rowCount } = await client.query(
            `select from pg_stat_activity where datname = current_database()
                and wait_event_type = 'Lock' and query like '%alter policy task_owner%'`,
          );
          return rowCount === 1;
        });
      await until(isWaiting);
      // Waits behind the change for a second, after which that gives up.
      await withOwner(url, (client) => client.query('select from task'));
      expect(isMigrated).toBe(false);
      await reader.query('commit');
      await migration;
    } finally {
      await reader.end();
    }
    const { rows } = await withOwner(url, (client) =>
      client.query<{ qual: string }>(
        `select distinct qual from pg_policies where policyname like '%_owner'`,
      ),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.qual).not.toMatch(/select/i);
  });
});
