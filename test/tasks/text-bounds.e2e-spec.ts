import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

/** Different characters, from a first one on. */
const range = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => String.fromCodePoint(first + i)).join('');

const LIGATURE = '\ufdfa';
/** Marks of two classes in turn: PostgreSQL has to put them in order. */
const marks = (count: number) => '\u0316\u0301'.repeat(count / 2);

/** Texts that are refused, and the longest that are not; `found` are words that find one. */
const BOUNDS = [
  {
    name: 'ligatures that come to over 32,000 characters',
    code: 'too_long_decomposed',
    refused: LIGATURE.repeat(1_778),
    accepted: LIGATURE.repeat(1_777),
    found: 'صلى عليه',
  },
  {
    name: 'over 100 combining marks in a row',
    code: 'too_many_marks',
    refused: `a${marks(102)} end`,
    accepted: `a${marks(100)}b `.repeat(97),
    found: 'ab',
  },
  {
    name: 'over 2,500 different words',
    code: 'too_many_words',
    refused: range(0x4e00, 2_501),
    accepted: range(0x4e00, 2_500),
    found: '一',
  },
];

describe.each(BOUNDS)('a description of $name', ({ code, refused, accepted, found }) => {
  it('is refused with a pointer to it', async () => {
    const json = { title: 'x', description: refused };
    const { status, body } = await ada.api('/tasks', { method: 'POST', json });
    const errors = body.errors?.map((error) => `${String(error.pointer)} ${error.code}`);
    expect([status, errors]).toEqual([422, [`/description ${code}`]]);
  });

  it('is refused in a batch, and in a change', async () => {
    const { id } = await ada.create();
    const operations = [
      { op: 'create', task: { title: 'x', description: refused } },
      { op: 'update', id, patch: { description: refused } },
    ];
    const { body } = await ada.api('/tasks/batch', { method: 'POST', json: { operations } });
    expect(body.errors?.map((error) => `${String(error.pointer)} ${error.code}`)).toEqual([
      `/operations/0/task/description ${code}`,
      `/operations/1/patch/description ${code}`,
    ]);
    const changed = { method: 'PATCH', json: { description: refused } };
    expect((await ada.api(`/tasks/${id}`, changed)).status).toBe(422);
  });

  it('is kept as it is, and found, up to that', async () => {
    const json = { title: 'x', description: accepted };
    const { status, body } = await ada.api<TaskDto>('/tasks', { method: 'POST', json });
    expect([status, body.description === accepted]).toEqual([201, true]);
    const { data } = await ada.list(`?q=${encodeURIComponent(found)}`);
    expect(data.map(({ id }) => id)).toContain(body.id);
  });
});

describe('a batch', () => {
  const create = (description: string) => ({ op: 'create', task: { title: 'x', description } });

  it('of descriptions with over 1,500,000 decomposed characters is refused', async () => {
    const operations = Array.from({ length: 47 }, () => create(LIGATURE.repeat(1_777)));
    const json = { operations };
    const { status, body } = await ada.api('/tasks/batch', { method: 'POST', json });
    const errors = body.errors?.map((error) => `${String(error.pointer)} ${error.code}`);
    expect([status, errors]).toEqual([422, ['/operations too_long_decomposed']]);
  });

  it.each([
    { name: 'ligatures', description: LIGATURE.repeat(1_777), count: 46 },
    { name: 'marks', description: `a${marks(100)}`.repeat(98), count: 50 },
    { name: 'Chinese characters', description: range(0x4e00, 2_500), count: 100 },
    { name: 'Korean syllables', description: range(0xac00, 10_000), count: 34 },
    { name: 'letters', description: 'a b c d '.repeat(1_250).trim(), count: 100 },
  ])('as large as it may be, of $name, is written', async ({ description, count }) => {
    const operations = Array.from({ length: count }, () => create(description));
    const { status } = await ada.api('/tasks/batch', { method: 'POST', json: { operations } });
    expect(status).toBe(200);
  });
});
