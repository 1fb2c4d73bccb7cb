import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskPageDto } from '../src/tasks/task.dto.js';
import { startApp, type TestApp } from './support/app.js';
import type { TestUser } from './support/client.js';
import { mintUser, SECRET_MODE } from './support/tokens.js';

let app: TestApp;
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  app = await startApp(SECRET_MODE);
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
});
afterAll(() => app.close());

async function expectFinds(user: TestUser, q: string): Promise<string[]> {
  const path = `/tasks?limit=200&q=${encodeURIComponent(q)}`;
  const { status, body } = await user.api<TaskPageDto>(path);
  expect([status, q]).toEqual([200, q]);
  return body.data.map(({ id }) => id);
}

describe('a search', () => {
  it.each([
    [
      'Crème brûlée',
      ['creme', 'BRULEE', 'brûl', 'Crème brû', 'brulee creme', 'c b'],
      ['reme', 'x'],
    ],
    ['Straße, ÆON, Œuvre', ['strasse', 'STRAẞE', 'straß', 'aeon', 'oeuvre'], ['trasse']],
    ['Ørsted Łódź İstanbul', ['orsted', 'lodz', 'istanbul', 'ØRS'], ['rsted']],
    ['Ὀδυσσεύς', ['οδυσσευς', 'ΟΔΥΣΣΕΥΣ', 'οδυσ'], []],
    ['Ёлка и йод', ['елка', 'ЁЛКА', 'иод'], []],
    ['e\u0301cole ﬁn ①', ['école', 'ecole', 'fin', '1'], []],
    ['milk/bread;foo@example.com', ['bread', 'example', 'com', 'foo@ex', 'milk/bread'], ['ilk']],
    ['snake_case kebab-case v1.2.3', ['case', 'kebab', 'v1', 'kebab-case', '2.3'], ['ase']],
    ["don't stop the 2nd", ['don', "don't", 'the', '2nd', '2'], ['nd']],
    ['今日は牛乳を買う', ['牛乳', '買', '今日'], ['馬']],
    ['ซื้อนม', ['นม'], []],
    ['우유 사기', ['우유', '우', '사기'], ['유']],
    ['Party 🥛 today', ['🥛', 'party 🥛'], ['🍞']],
    ['हिन्दी में', ['हिन्दी'], []],
    [`${'x'.repeat(254)}y`, ['x', 'x'.repeat(200)], ['y']],
  ])('of %s', async (title, found, missed) => {
    const { id } = await ada.create({ title });
    for (const q of found) expect([q, await expectFinds(ada, q)]).toEqual([q, [id]]);
    for (const q of missed) expect([q, await expectFinds(ada, q)]).toEqual([q, []]);
    await ada.api(`/tasks/${id}?permanent=true`, { method: 'DELETE' });
  });

  it('finds words of title and description together', async () => {
    const { id } = await ada.create({ title: 'Alpha', description: 'beta\ngamma' });
    expect(await expectFinds(ada, 'alp gam')).toEqual([id]);
    expect(await expectFinds(ada, 'alp delta')).toEqual([]);
  });

  it('does not look into tags', async () => {
    await ada.create({ tags: ['xylophone'] });
    expect(await expectFinds(ada, 'xylophone')).toEqual([]);
    expect(await expectFinds(ada, '#xylophone')).toEqual([]);
  });

  it('knows a change at once, and forgets what was there', async () => {
    const { id } = await ada.create({ title: 'quartz' });
    await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'obsidian' } });
    expect([await expectFinds(ada, 'quartz'), await expectFinds(ada, 'obsidian')]).toEqual([
      [],
      [id],
    ]);
    await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { description: 'basalt' } });
    expect(await expectFinds(ada, 'obsi basa')).toEqual([id]);
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
    expect(await expectFinds(ada, 'obsidian')).toEqual([]);
  });

  it('of a word that only others have finds nothing', async () => {
    await ada.create({ title: 'confidential' });
    expect(await expectFinds(eve, 'confidential')).toEqual([]);
    expect(await expectFinds(eve, 'c')).toEqual([]);
  });

  it.each([
    "'",
    "''",
    '"',
    '\\',
    "\\'",
    "a\\' | b",
    '& | ! ( ) : * <-> <2>',
    'a & b',
    'a:*',
    '!a',
    "'; drop table task; --",
    '%',
    '_',
    '$1 $$ ?',
    '{a,b}',
    '\u0001\u001f\u007f',
    '\u200b\ufeff',
    '-',
    '#',
    '🏳️‍🌈',
    'x'.repeat(200),
    '🥛'.repeat(200),
    'é'.repeat(200),
    'a '.repeat(100),
  ])('of %j is no error', async (q) => {
    await expectFinds(ada, q);
  });

  it.each(["it's", 'back\\slash', "\\'", 'a b', 'NULL', '#x', '{}', "'", ':*', 'Ünï', 'ﬁ', '*'])(
    'of the tag %j finds the task that has it, whatever its case',
    async (tag) => {
      const { id } = await ada.create({ tags: [tag] });
      for (const asked of [tag, tag.toUpperCase()].filter(
        (t) => t.toLowerCase() === tag.toLowerCase(),
      )) {
        const path = `/tasks?tags=${encodeURIComponent(asked)}`;
        const { body } = await ada.api<TaskPageDto>(path);
        expect(body.data.map((task) => task.id)).toEqual([id]);
      }
      expect(
        (await eve.api<TaskPageDto>(`/tasks?tags=${encodeURIComponent(tag)}`)).body.data,
      ).toEqual([]);
    },
  );
});
