import { type Client, escapeLiteral } from 'pg';
import { API_ROLE } from './connection.js';
import { MigrationError } from './migrate.js';

/** Attempts to find a user of each server: with fewer, the shards of a server must be a millionth. */
const MAX_PROBES = 10_000;

export const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : String(error);

/** Finds a user of each server: the rows of nobody, as no token has such a subject. */
async function probesOf(client: Client, nodes: readonly string[]): Promise<Map<string, string>> {
  const probes = new Map<string, string>();
  for (let n = 0; n < MAX_PROBES && probes.size < nodes.length; n += 1) {
    const owner = `taskward:probe:${String(n)}`;
    const { rows } = await client.query<{ node: string }>(
      `select nodename || ':' || nodeport as node from citus_shards
        where shardid = get_shard_id_for_distribution_column('public.task', $1::text)`,
      [owner],
    );
    const node = rows[0]?.node ?? '';
    if (!probes.has(node)) probes.set(node, owner);
  }
  return probes;
}

/** Sends a statement as the API does for a user, and returns the first column. */
async function actAs(client: Client, owner: string, sql: string): Promise<string[]> {
  await client.query('select act_for($1)', [owner]);
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
  return rows.map(([value]) => String(value));
}

/**
 * Proves that a server stores a user's rows, shows them to that user alone, and that a list is one task there.
 *
 * @throws MigrationError
 */
async function prove(client: Client, owner: string): Promise<void> {
  const user = escapeLiteral(owner);
  const count = `select count(*) from task where owner_id = ${user}`;
  const assert = (isTrue: boolean, what: string) => {
    if (!isTrue) throw new MigrationError(what);
  };
  await client.query('begin');
  try {
    await client.query(`set local role ${API_ROLE}`);
    await actAs(
      client,
      owner,
      `insert into task (owner_id, id, title, tags) values (${user}, gen_random_uuid(), 'Probe', '{}')`,
    );
    assert(
      (await actAs(client, owner, count)).join() === '1',
      'a row that was written is not read',
    );
    assert(
      (await actAs(client, `${owner}:other`, count)).join() === '0',
      'another user reads the row',
    );
    const plan = await actAs(client, owner, `explain (costs off) ${count}`);
    assert(
      plan.some((line) => line.trim() === 'Task Count: 1'),
      `a list is not one task: ${plan.join('; ')}`,
    );
  } finally {
    await client.query('rollback');
  }
}

/** Proves each server. @throws MigrationError */
export async function proveAll(client: Client, nodes: readonly string[]): Promise<void> {
  const probes = await probesOf(client, nodes);
  for (const node of nodes) {
    const owner = probes.get(node);
    if (owner === undefined) throw new MigrationError(`${node} has no shard`);
    await prove(client, owner).catch((error: unknown) => {
      throw new MigrationError(`${node}: ${messageOf(error)}`, { cause: error });
    });
  }
}
