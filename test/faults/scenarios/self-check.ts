import { Client } from 'pg';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';
import { Tally } from '../tally.ts';

/** Each does by hand what the faults must not, to another task, with what has to be found then. */
const MISDEEDS: readonly [sql: string, found: 'lost' | 'duplicated' | 'foreign'][] = [
  ['delete from task where (owner_id, id) in (select * from one)', 'lost'],
  ['update task set version = version + 1 where (owner_id, id) in (select * from one)', 'lost'],
  [
    `insert into task (owner_id, id, title, description, version)
     select owner_id, gen_random_uuid(), title, description, version
       from task where (owner_id, id) in (select * from one)`,
    'duplicated',
  ],
  ["update task set owner_id = 'mallory' where (owner_id, id) in (select * from one)", 'foreign'],
];

/** Whether the comparison finds what it is there to find. Its own counts do not enter the table. */
export const selfCheck: Scenario = {
  name: 'self-check',
  title: () => 'tampered by hand: everything is found',
  async run(context: Context) {
    const { postgres, tally } = context;
    for (const [sql, found] of MISDEEDS) {
      const DATABASE_URL = await postgres.createDatabase();
      const { program, url } = await startProgram(context, { DATABASE_URL });
      const tampered = new Tally();
      const load = await Load.start(url, tampered);
      await load.untilAcknowledged(200);
      await load.stop();
      const client = new Client({ connectionString: DATABASE_URL });
      await client.connect();
      const one = 'with one as (select owner_id, id from task where deleted_at is null limit 1)';
      await client.query(`${one} ${sql}`).finally(() => client.end());
      await load.verify(DATABASE_URL);
      context.print(`${found} by hand: ${String(tampered[found].size)} found`);
      if (tampered[found].size !== 1) tally.fail(`${found} by hand, and not found: ${sql}`);
      await program.kill('SIGTERM');
    }
  },
};
