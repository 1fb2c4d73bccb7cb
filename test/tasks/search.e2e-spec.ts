import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { hasFewWords } from '../../src/tasks/text-size.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
});

async function expectFinds(user: TestUser, q: string): Promise<string[]> {
  const path = `/tasks?limit=200&q=${encodeURIComponent(q)}`;
  const { status, body } = await user.api<TaskPageDto>(path);
  expect([status, q]).toEqual([200, q]);
  return body.data.map(({ id }) => id);
}

describe('a search', () => {
  it.each([
    {
      title: 'Crème brûlée',
      found: ['creme', 'BRULEE', 'brûl', 'Crème brû', 'brulee creme', 'c b'],
      missed: ['reme', 'x'],
    },
    {
      title: 'Straße, ÆON, Œuvre',
      found: ['strasse', 'STRAẞE', 'straß', 'aeon', 'oeuvre'],
      missed: ['trasse'],
    },
    {
      title: 'Ørsted Łódź İstanbul',
      found: ['orsted', 'lodz', 'istanbul', 'ØRS'],
      missed: ['rsted'],
    },
    { title: 'Ὀδυσσεύς', found: ['οδυσσευς', 'ΟΔΥΣΣΕΥΣ', 'οδυσ'], missed: [] },
    { title: 'Ёлка и йод', found: ['елка', 'ЁЛКА', 'иод'], missed: [] },
    { title: 'e\u0301cole ﬁn ①', found: ['école', 'ecole', 'fin', '1'], missed: [] },
    {
      title: 'milk/bread;foo@example.com',
      found: ['bread', 'example', 'com', 'foo@ex', 'milk/bread'],
      missed: ['ilk'],
    },
    {
      title: 'snake_case kebab-case v1.2.3',
      found: ['case', 'kebab', 'v1', 'kebab-case', '2.3'],
      missed: ['ase'],
    },
    { title: "don't stop the 2nd", found: ['don', "don't", 'the', '2nd', '2'], missed: ['nd'] },
    { title: '今日は牛乳を買う', found: ['牛乳', '買', '今日'], missed: ['馬'] },
    { title: 'ซื้อนม', found: ['นม'], missed: [] },
    { title: '우유 사기', found: ['우유', '우', '사기'], missed: ['유'] },
    { title: 'Party 🥛 today', found: ['🥛', 'party 🥛'], missed: ['🍞'] },
    { title: 'हिन्दी में', found: ['हिन्दी'], missed: [] },
    { title: `${'x'.repeat(254)}y`, found: ['x', 'x'.repeat(200)], missed: ['y'] },
  ])('of $title', async ({ title, found, missed }) => {
    const { id } = await ada.create({ title });
    for (const q of found) expect([q, await expectFinds(ada, q)]).toEqual([q, [id]]);
    for (const q of missed) expect([q, await expectFinds(ada, q)]).toEqual([q, []]);
    await ada.api(`/tasks/${id}?permanent=true`, { method: 'DELETE' });
  });

  it.each([
    {
      what: 'Hebrew points',
      title: 'לקנות מְנוֹרָה חֲדָשָׁה',
      found: ['מנורה', 'מְנוֹרָה', 'חדשה', 'חדשׁ'],
      missed: ['נורה'],
    },
    {
      what: 'composed Hebrew points',
      title: '\ufb2a\ufb2bלום',
      found: ['ששלום', 'שׁשׂל'],
      missed: ['שלום'],
    },
    {
      what: 'Hebrew accents',
      title: 'בְּרֵאשִׁ֖ית בָּרָ֣א',
      found: ['בראשית', 'ברא', 'בָּרָא'],
      missed: ['ראשית'],
    },
    {
      what: 'a Hebrew hyphen',
      title: 'בית־ספר',
      found: ['בית', 'ספר', 'בית־ספר'],
      missed: ['ביתספר'],
    },
    {
      what: 'Arabic vowel signs',
      title: 'شِرَاءُ الْكِتَابِ كِتَابًا',
      found: ['شراء', 'الكتاب', 'كتابا', 'كِتاب'],
      missed: ['تاب'],
    },
    { what: 'an Arabic tatweel', title: 'كتـــاب', found: ['كتاب', 'كـتاب', 'كت'], missed: ['اب'] },
    {
      what: 'an Arabic superscript alef',
      title: 'هٰذا الرَّحْمَٰن',
      found: ['هذا', 'الرحمن'],
      missed: [],
    },
    {
      what: 'Arabic letters with hamza, which are others',
      title: 'أحمد مؤمن',
      found: ['أحمد', 'مؤمن', 'أَحْمَد'],
      missed: ['احمد', 'مومن'],
    },
    { what: 'Syriac points', title: 'ܫܠܳܡܐ', found: ['ܫܠܡܐ', 'ܫܠܳ'], missed: ['ܡܐ'] },
    {
      what: 'soft hyphens',
      title: 'Donau\u00addampf\u00adschiff',
      found: ['donaudampfschiff', 'donaudampf', 'Donau\u00addampf', 'do\u00adnau'],
      missed: ['dampf'],
    },
    {
      what: 'a non-joiner',
      title: 'می\u200cخواهم',
      found: ['میخواهم', 'می\u200cخواهم', 'می'],
      missed: ['خواهم'],
    },
    {
      what: 'a joiner',
      title: 'ක්\u200dෂණය co\u200dop',
      found: ['ක්ෂණය', 'ක්\u200dෂණය', 'coop'],
      missed: ['op'],
    },
    {
      what: 'a word joiner and a byte order mark',
      title: 'foo\u2060bar\ufeffbaz',
      found: ['foobarbaz', 'foo\u2060bar'],
      missed: ['bar', 'baz'],
    },
    {
      what: 'marks of direction',
      title: '\u202bab\u200ecd\u202c',
      found: ['abcd', 'ab\u200fcd'],
      missed: ['cd'],
    },
    {
      what: 'a variation selector',
      title: 'a\ufe0fb 葛\u{e0100}城',
      found: ['ab', '葛城'],
      missed: ['b'],
    },
    {
      what: 'accents of other blocks',
      title: 'a\u1dc4b c\u20d7d е\u0483ж',
      found: ['ab', 'cd', 'еж'],
      missed: ['b', 'd', 'ж'],
    },
    {
      what: 'a zero-width space, which ends a word',
      title: 'milk\u200bbread',
      found: ['milk', 'bread'],
      missed: ['milkbread'],
    },
  ])('does not mind $what', async ({ title, found, missed }) => {
    const { id } = await ada.create({ title });
    for (const q of found) expect([q, await expectFinds(ada, q)]).toEqual([q, [id]]);
    for (const q of missed) expect([q, await expectFinds(ada, q)]).toEqual([q, []]);
    await ada.api(`/tasks/${id}?permanent=true`, { method: 'DELETE' });
  });

  it('of nothing but invisible characters and vowel signs finds nothing', async () => {
    await ada.create({ title: 'מְנוֹרָה co\u00adop' });
    for (const q of ['\u00ad', '\u200d\u200c', '\u05b0', '\u064e\u0651']) {
      expect([q, await expectFinds(ada, q)]).toEqual([q, []]);
    }
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
      for (const query of [tag, tag.toUpperCase()]) {
        const path = `/tasks?tags=${encodeURIComponent(query)}`;
        const { body } = await ada.api<TaskPageDto>(path);
        expect(body.data.map((task) => task.id)).toEqual([id]);
      }
      expect(
        (await eve.api<TaskPageDto>(`/tasks?tags=${encodeURIComponent(tag)}`)).body.data,
      ).toEqual([]);
    },
  );
});

describe('the words that are stored', () => {
  const characters = Array.from({ length: 0x110000 }, (_, i) => String.fromCodePoint(i)).filter(
    (character) => character !== '\0' && /^[^\p{Cs}\p{Cn}\p{Co}]$/u.test(character),
  );
  const codePoints = (texts: readonly string[]) =>
    texts.map((text) => Number(text.codePointAt(0)).toString(16));

  /** Whether a word with each character in its middle is the word without it. */
  async function ignored(): Promise<Set<string>> {
    const { rows } = await withOwner(app.databaseUrl, (client) =>
      client.query<{ character: string }>(
        `select character from unnest($1::text[]) as character
          where task_words('x' || character || 'y') = '{xy}'`,
        [characters],
      ),
    );
    return new Set(rows.map(({ character }) => character));
  }

  it('are without the marks of Arabic, Hebrew and Syriac, but for those that make another letter', async () => {
    const found = await ignored();
    const marks = characters.filter(
      (character) =>
        /\p{M}/u.test(character) && /[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}]/u.test(character),
    );
    const kept = marks.filter((mark) => !found.has(mark));
    expect(codePoints(kept)).toEqual(['653', '654', '655']);
  });

  it('are without nothing but marks, invisible characters and the tatweel', async () => {
    const found = await ignored();
    const kinds = /^[\p{Mn}\p{Me}\p{Cf}\u0640]+$/u;
    const others = [...found].filter((character) => !kinds.test(character.normalize('NFKD')));
    expect(codePoints(others)).toEqual([]);
  });

  it('keep the vowel signs that scripts of India and South East Asia are written with', async () => {
    const found = await ignored();
    const scripts =
      /[\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Thaa}]/u;
    expect(codePoints([...found].filter((character) => scripts.test(character)))).toEqual([]);
  });

  it('are counted by the bounds of a description as they are stored', async () => {
    const found = await ignored();
    const many = (character: string) =>
      Array.from({ length: 2_501 }, (_, i) => `${i.toString(36)}${character}`).join('');
    const miscounted = [...found].filter((character) => !hasFewWords(many(character)));
    expect(codePoints(miscounted)).toEqual([]);
    expect(hasFewWords(many(' '))).toBe(false);
  });
});
