import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { foldTag } from '../../src/tasks/tag-fold.js';
import { foldTag as foldInWeb } from '../../web/src/tasks/tag-fold.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** Spellings of one tag each. */
const TAGS = [
  { name: 'sigma, in the middle and at the end', spellings: ['ΟΔΟΣ', 'οδος', 'οδοσ'] },
  { name: 'sharp s', spellings: ['Straße', 'STRASSE', 'STRAẞE', 'strasse'] },
  { name: 'a dotted capital i', spellings: ['İzmir', 'i\u0307zmir', 'I\u0307ZMIR'] },
  { name: 'ligatures', spellings: ['ﬁnance', 'FINANCE', 'ﬁNANCE', 'Finance'] },
  { name: 'a ligature of three letters', spellings: ['oﬃce', 'OFFICE', 'oﬀice'] },
  { name: 'accents', spellings: ['Café', 'cafe\u0301', 'CAFE\u0301', 'CAFÉ'] },
  { name: 'several accents in any order', spellings: ['ộ', 'o\u0302\u0323', 'O\u0323\u0302'] },
  { name: 'Armenian', spellings: ['և', 'ԵՒ', 'եւ'] },
  { name: 'Cherokee', spellings: ['ᏣᎳᎩ', 'ꮳꮃꭹ'] },
  { name: 'an iota subscript', spellings: ['ᾠδή', 'ᾨΔΉ', 'ὠιδή'] },
  { name: 'the sign of kelvin', spellings: ['\u212a-Pop', 'k-pop'] },
  { name: 'Korean', spellings: ['우유', '우유'.normalize('NFD')] },
];

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

async function idsOf(tags: readonly string[]): Promise<string[]> {
  const wanted = tags.map((tag) => encodeURIComponent(tag.replace(/[\\,]/g, '\\$&'))).join(',');
  const { status, body } = await ada.api<TaskPageDto>(`/tasks?tags=${wanted}&limit=200`);
  expect(status).toBe(200);
  return body.data.map(({ id }) => id);
}

describe.each(TAGS)('spellings of a tag that differ in $name', ({ spellings }) => {
  it('are one tag to the filter', async () => {
    for (const stored of spellings) {
      const task = await ada.create({ tags: ['other', stored] });
      expect(task.tags).toEqual(['other', stored]);
      for (const spelling of spellings) {
        expect([stored, spelling, await idsOf([spelling, 'OTHER'])]).toEqual([
          stored,
          spelling,
          [task.id],
        ]);
      }
      await ada.api(`/tasks/${task.id}?permanent=true`, { method: 'DELETE' });
    }
  });

  it('are one tag to the rule, in a create, a PUT, a PATCH and a batch', async () => {
    const [first = '', ...others] = spellings;
    const task = await ada.create();
    for (const other of others) {
      const tags = [first, 'between', other];
      const path = `/tasks/${task.id}`;
      const refused = [
        await ada.api('/tasks', { method: 'POST', json: { title: 'x', tags } }),
        await ada.api(path, { method: 'PATCH', json: { tags } }),
        await ada.api(path, { method: 'PUT', json: { ...bareTask('x'), tags } }),
      ];
      for (const { status, body } of refused) {
        expect([
          status,
          body.errors?.map(({ pointer, code }) => `${String(pointer)} ${code}`),
        ]).toEqual([422, ['/tags duplicate']]);
      }
      const operations = [{ op: 'create', task: { title: 'x', tags } }];
      const batch = await ada.api('/tasks/batch', { method: 'POST', json: { operations } });
      expect(batch.body.errors).toMatchObject([
        { pointer: '/operations/0/task/tags', code: 'duplicate' },
      ]);
    }
  });
});

describe('tags', () => {
  it('keep their spelling and their order, whatever they fold to', async () => {
    const tags = ['Straße', 'ﬁn', 'cafe\u0301', 'B', 'ΑΣ', 'a', 'İ'];
    const task = await ada.create({ tags });
    expect(task.tags).toEqual(tags);
    const reversed = [...tags].reverse();
    const json = { tags: reversed };
    const { body } = await ada.api<TaskDto>(`/tasks/${task.id}`, { method: 'PATCH', json });
    expect(body.tags).toEqual(reversed);
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body.tags).toEqual(reversed);
  });

  it('can change their spelling alone', async () => {
    const { id, version } = await ada.create({ tags: ['straße'] });
    const json = { tags: ['STRASSE'] };
    const { body } = await ada.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json });
    expect(body).toMatchObject({ tags: ['STRASSE'], version: version + 1 });
  });

  it.each([
    { one: 'cafe', other: 'café' },
    { one: 'ırmak', other: 'irmak' },
    { one: 'irmak', other: 'i\u0307rmak' },
    { one: 'ss', other: 'ſ' },
    { one: '1', other: '①' },
    { one: 'a', other: 'ａ' },
    { one: 'co\u00adop', other: 'coop' },
  ])('$one and $other are two', async ({ one, other }) => {
    const { id } = await ada.create({ tags: [one, other] });
    const only = await ada.create({ tags: [one] });
    expect(await idsOf([one])).toEqual(expect.arrayContaining([id, only.id]));
    expect(await idsOf([other])).not.toContain(only.id);
  });

  it('of fifty characters that all become three are found', async () => {
    const { id, tags } = await ada.create({ tags: ['ﬃ'.repeat(50)] });
    expect(tags).toEqual(['ﬃ'.repeat(50)]);
    expect(await idsOf(['\ufb03'.repeat(50)])).toEqual([id]);
  });
});

/** The fold of each text as the database has it, by which rows are found. */
const storedFolds = (texts: readonly string[]) =>
  withOwner(app.databaseUrl, async (client) => {
    const { rows } = await client.query<{ folds: string[] }>(
      `select array_agg(task_lower(text) order by place) as folds
         from unnest($1::text[]) with ordinality as texts (text, place)`,
      [texts],
    );
    return rows[0]?.folds ?? [];
  });

const codePoints = (text: string) =>
  Array.from(text, (character) => Number(character.codePointAt(0)).toString(16)).join(' ');

describe('the fold that is stored', () => {
  it('is that of the rule, here and in the web client, for each character', async () => {
    const characters = Array.from({ length: 0x110000 }, (_, i) => String.fromCodePoint(i)).filter(
      (character) => character !== '\0' && /^[^\p{Cs}\p{Cn}]$/u.test(character),
    );
    const folds = await storedFolds(characters);
    const different = characters.filter((character, i) => folds[i] !== foldTag(character));
    expect(different.map(codePoints)).toEqual([]);
    const inWeb = characters.filter((character, i) => folds[i] !== foldInWeb(character));
    expect(inWeb.map(codePoints)).toEqual([]);
  });

  it('is that of the rule for texts of letters and marks', async () => {
    // Characters that every PostgreSQL from 15 on knows: those of Unicode 14.
    const alphabet = Array.from(
      'aIİıßẞΣσςᾳͅᾨΐǰŉﬃﬆևﬗꮳᏣᏰᏸKÅΩſéệ각한\u0301\u0307\u0308\u0313\u0316\u0323\u0342\u0345\u05bc\u064b\u1100\u1161\u11a8 \\',
    );
    const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }).map((c) => c.join(''));
    const samples = fc.sample(text, { numRuns: 20_000, seed: 13 });
    const folds = await storedFolds(samples);
    const different = samples.filter((sample, i) => folds[i] !== foldTag(sample));
    expect(different.map(codePoints)).toEqual([]);
    expect(samples.filter((sample) => foldTag(sample) !== foldInWeb(sample))).toEqual([]);
  });
});
