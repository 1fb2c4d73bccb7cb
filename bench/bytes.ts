import { createDatabase, dropDatabase, withClient } from './database.ts';
import type { Own } from './report.ts';
import type { Stand } from './stand.ts';

const TASKS = 20_000;
const OWNERS = 100;
const GOAL = 1_024;

/** Common English words, the most frequent first. */
const WORDS =
  `the to and for with from about before next call buy send read write milk bread report meeting email
  garden house book train ticket doctor school letter phone table window project review update invoice
  holiday birthday present kitchen dinner weekend morning evening monday friday budget contract customer
  release server backup password account payment insurance passport airport luggage bicycle repair paint
  clean wash iron cook order pick return check plan draft print sign scan upload download install remove
  measure compare decide prepare arrange cancel confirm remind collect deliver replace renew register
  library museum concert theatre dentist plumber electrician neighbour grandmother colleague teacher
  summary chapter translation presentation spreadsheet database deployment specification feedback`
    .trim()
    .split(/\s+/);

/** Returns a task's text of 200 bytes: frequent words often, rare ones seldom. */
function textOf(task: number): { readonly title: string; readonly description: string } {
  // A small linear congruential generator: the same text on every machine.
  let state = task + 1;
  const word = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return WORDS[Math.floor((state / 2 ** 32) ** 2 * WORDS.length)] ?? '';
  };
  const fill = (length: number) => {
    let text = word();
    while (text.length < length) text += ` ${word()}`;
    return text.slice(0, length).trimEnd();
  };
  return { title: fill(40), description: fill(160) };
}

const ownerOf = (task: number) => String(task % OWNERS).padStart(32, 'owner-');

/** Inserts them one after the other, as users do: indexes that are built at once are smaller. */
async function insertTasks(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('begin');
    for (let task = 0; task < TASKS; task += 1) {
      const { title, description } = textOf(task);
      await client.query({
        name: 'insert',
        text: `insert into task (owner_id, id, title, description, priority, due_date, created_at)
          values ($1, uuidv7_of($2), $3, $4, $5, $6, timestamptz '2026-01-01' + $2 * interval '9 s')`,
        values: [ownerOf(task), task, title, description, task % 4, task % 2 ? '2026-12-24' : null],
      });
    }
    await client.query('commit');
    await client.query('vacuum analyze task');
  });
}

/** Returns an id as Taskward makes them: ordered by time. */
const UUIDV7 = `create function uuidv7_of(n int) returns uuid language sql immutable return
  (lpad(to_hex(1767225600000 + n::bigint * 9000), 12, '0') || '7' || substr(md5(n::text), 1, 3)
   || '8' || substr(md5(n::text), 4, 15))::uuid`;

/** Measures how much of the disk a task of 200 bytes takes, indexes included. */
export async function measureBytes({ server }: Stand): Promise<Own> {
  const database = await createDatabase(server, 'bytes');
  try {
    await withClient(database.url, (client) => client.query(UUIDV7));
    await insertTasks(database.url);
    const { rows } = await withClient(database.url, (client) =>
      client.query<Record<'table' | 'words' | 'others', number>>(
        `select pg_table_size('task') / ${String(TASKS)}::float as table,
           pg_relation_size('task_terms_index') / ${String(TASKS)}::float as words,
           (pg_indexes_size('task') - pg_relation_size('task_terms_index'))
             / ${String(TASKS)}::float as others`,
      ),
    );
    const { table = NaN, words = NaN, others = NaN } = rows[0] ?? {};
    const shown = [table, words, others].map((bytes) => bytes.toFixed(0));
    return {
      name: 'bytes',
      title: 'disk that a task of 200 bytes takes',
      unit: 'bytes',
      value: table + words + others,
      goal: GOAL,
      details: `row ${shown[0] ?? ''}, index of words ${shown[1] ?? ''}, b-trees ${shown[2] ?? ''}`,
    };
  } finally {
    await dropDatabase(server, database);
  }
}
