import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TERMS } from '../../src/database/migrations/0003-task-lists.js';
import { createDatabase, withOwner } from '../support/database.js';

const TEXTS = 400;

/** Characters that separate, surround or repeat words, and words of about the length at which they are cut. */
const AWKWARD = [
  '',
  ' ',
  '·',
  'it\'s \\ "quoted" & |!() :*',
  'tab\tand\nline\u0001\u001f\u007f',
  'snake_case kebab-case a.b@c.example/d?e=f#g',
  'again Again AGAIN again',
  ...[63, 64, 65, 128, 129].map((length) => 'a1'.repeat(length).slice(0, length)),
  `${'x'.repeat(64)}-${'y'.repeat(65)} ${'Z'.repeat(200)}`,
  'Größe ẞ ﬁn İstanbul ΣΊΣΥΦΟΣ',
  '買牛奶🎉',
];

const text = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }).filter((value) => !value.includes('\0')),
);

const task = fc.record({
  title: text,
  description: fc.option(text),
  tags: fc.array(text, { maxLength: 4 }),
});

describe('terms and keys that cost less', () => {
  let url: string;

  beforeAll(async () => {
    url = await createDatabase();
    await withOwner(url, async (client) => {
      for (const create of TERMS) {
        if (!/^create function task_(terms|title_key)\(/.test(create)) continue;
        await client.query(create.replace('create function task_', 'create function previous_'));
      }
    });
  });

  /** The texts of which a function has other results than it had. */
  async function differing(tasks: readonly object[]) {
    const { rows } = await withOwner(url, (client) =>
      client.query<{ title: string }>(
        `select title from json_to_recordset($1) as task (title text, description text, tags text[])
          where task_terms('ada', title, description, tags)
              is distinct from previous_terms('ada', title, description, tags)
            or task_title_key(title) is distinct from previous_title_key(title)`,
        [JSON.stringify(tasks)],
      ),
    );
    return rows;
  }

  it('are what they were, of any text', async () => {
    const tasks = fc.sample(task, TEXTS);
    expect(await differing(tasks)).toEqual([]);
  });

  it('are what they were, of each awkward text in each place', async () => {
    const tasks = AWKWARD.flatMap((one) => [
      { title: one, description: null, tags: [] },
      { title: 'x', description: one, tags: [one] },
      { title: 'x', description: '', tags: ['first', one, 'A B'] },
    ]);
    expect(await differing(tasks)).toEqual([]);
  });
});
