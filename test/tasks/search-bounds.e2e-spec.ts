import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner, withOwner } from '../support/database.js';
import { expectedIds } from '../support/task-oracle.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const TASKS = 200;
const WORDS = ['a', 'ab', 'abc', 'b', 'bc', 'c', 'cd', 'd', 'e', 'é', 'f', 'G', '1', '12'];

const app = useApp(SECRET_MODE);
let ada: TestUser;
let tasks: TaskDto[];

/** Each task has the words whose bits its number has. */
const SEED = `
  insert into task (owner_id, id, title)
  select $1, gen_random_uuid(), 'x ' || array_to_string(array(
    select word from unnest($2::text[]) with ordinality as all_words (word, place)
     where (n * 7919) >> place::int & 1 = 1), ' ')
  from generate_series(1, ${String(TASKS)}) n`;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
  await withOwner(app.databaseUrl, (client) => client.query(SEED, [ada.id, WORDS]));
  tasks = (await ada.list('?limit=200')).data;
});

async function expectFound(q: string): Promise<void> {
  const path = `/tasks?limit=200&count=true&q=${encodeURIComponent(q)}`;
  const { body } = await ada.api<TaskPageDto>(path);
  const expected = expectedIds(tasks, { q });
  expect([q, body.data.map(({ id }) => id)]).toEqual([q, expected]);
  expect(body.total).toBe(expected.length);
}

/** Terms of the query that a search makes of these words. */
async function termsOf(q: string): Promise<number> {
  const sql = `select (numnode(task_wanted('ada', '${q}', '{}')) + 1) / 2 as terms`;
  const [row] = await asDatabaseOwner(app, sql);
  return Number(row?.['terms']);
}

describe('a search of many words', () => {
  it.each([
    { q: 'a b c d e f g', why: 'more words than are looked up in the index' },
    { q: 'abc ab a', why: 'words that another one begins with' },
    { q: Array(50).fill('a b').join(' '), why: 'the same words again and again' },
    { q: 'É e', why: 'words that are one when folded' },
    { q: 'xxxxx a b c d e', why: 'a word that nothing has' },
  ])('finds what has all of them: $why', async ({ q }) => {
    await expectFound(q);
  });

  it('finds the same as a search of each word alone, whatever the words', async () => {
    const search = fc.array(fc.constantFrom('x', ...WORDS), { minLength: 1, maxLength: 40 });
    const check = (words: string[]) => expectFound(words.join(' '));
    await fc.assert(fc.asyncProperty(search, check), { numRuns: 60 });
  });

  it('searches each word once, and none that is the beginning of another', async () => {
    expect(await termsOf(Array(6).fill('a b c d e').join(' '))).toBe(5);
    expect(await termsOf('a ab abc b')).toBe(2);
    expect(await termsOf('É e éa')).toBe(1);
  });
});
