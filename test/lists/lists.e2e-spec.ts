import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListDto, ListPageDto } from '../../src/lists/list.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { brokenRules, createList, move, walk } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

const write = (method: string, path: string, json?: object) =>
  ada.api<ListDto>(path, { method, json });
const remove = (list: ListDto, query = '') => write('DELETE', `/lists/${list.id}${query}`);
const names = (rows: readonly ListDto[]) => rows.map(({ name }) => name);

describe('the fields of a list', () => {
  it('are all in the response, with their defaults', async () => {
    const { status, body } = await write('POST', '/lists', { name: ' Household\n' });
    const { id, position, createdAt } = body;
    expect([status, body]).toEqual([
      201,
      {
        id,
        name: 'Household',
        color: null,
        position: expect.stringMatching(/^\w+$/),
        archived: false,
        createdAt,
        updatedAt: createdAt,
        version: 1,
      },
    ]);
    expect(position.length).toBeLessThanOrEqual(100);
    expect((await ada.api<ListDto>(`/lists/${id}`)).body).toEqual(body);
  });

  it('are stored as they are sent, a color in lower case', async () => {
    const name = '🥛'.repeat(100);
    const list = await createList(ada, { name, color: '#AbCdEF', archived: true });
    expect(list).toMatchObject({ name, color: '#abcdef', archived: true });
    const cleared = await write('PATCH', `/lists/${list.id}`, { color: null, archived: null });
    expect(cleared.body).toMatchObject({ name, color: null, archived: false, version: 2 });
  });

  const TOO_LONG = { name: 'x'.repeat(101) };

  it.each([
    { json: {}, rules: ['/name required'] },
    { json: { name: null }, rules: ['/name type'] },
    { json: { name: ' \t\n\u3000' }, rules: ['/name too_short'] },
    { json: TOO_LONG, rules: ['/name too_long'] },
    { json: { name: 'a\0' }, rules: ['/name unicode'] },
    {
      json: { name: 5, color: 5, archived: 5 },
      rules: ['/archived type', '/color type', '/name type'],
    },
    ...['', 'red', '3366cc', '#36c', '#3366c', '#3366ccc', '#3366cg', '#3366cc\n'].map((color) => ({
      json: { name: 'x', color },
      rules: ['/color color'],
    })),
    { json: { name: 'x', position: 'a0' }, rules: ['/position unknown'] },
    { json: { name: 'x', ownerId: 'eve' }, rules: ['/ownerId unknown'] },
  ])('of $json break a rule', async ({ json, rules }) => {
    expect(brokenRules(await write('POST', '/lists', json))).toEqual([422, ...rules]);
    expect((await ada.api<ListPageDto>('/lists')).body.data).toEqual([]);
  });

  it('are all needed in a PUT', async () => {
    const { id } = await createList(ada);
    const response = await write('PUT', `/lists/${id}`, { name: 'x' });
    expect(brokenRules(response)).toEqual([422, '/archived required', '/color required']);
  });

  it.each([{ name: null }, { name: '' }, TOO_LONG, { color: 'red' }, { archived: 'yes' }])(
    'are checked in a PATCH of %j, too',
    async (json) => {
      const list = await createList(ada);
      const [status, ...rules] = brokenRules(await write('PATCH', `/lists/${list.id}`, json));
      expect([status, rules.length]).toEqual([422, 1]);
      expect((await ada.api(`/lists/${list.id}`)).body).toEqual(list);
    },
  );
});

describe('a page of lists', () => {
  it('is in each order, page by page', async () => {
    const lists: ListDto[] = [];
    for (const name of ['Citrus', 'Äpfel', 'datteln', 'birnen', 'Ähren'])
      lists.push(await createList(ada, { name }));
    const [citrus, apples] = lists as [ListDto, ListDto];
    await move(ada, `/lists/${apples.id}`);
    await move(ada, `/lists/${citrus.id}`, { before: apples.id });
    for (const [sort, expected] of [
      ['position', ['datteln', 'birnen', 'Ähren', 'Citrus', 'Äpfel']],
      ['name', ['Ähren', 'Äpfel', 'birnen', 'Citrus', 'datteln']],
      ['createdAt', ['Citrus', 'Äpfel', 'datteln', 'birnen', 'Ähren']],
    ] as const) {
      const ascending = names(await walk<ListDto>(ada, `/lists?sort=${sort}`));
      expect([sort, ascending]).toEqual([sort, expected]);
      const descending = names(await walk<ListDto>(ada, `/lists?sort=-${sort}`));
      expect([sort, descending]).toEqual([sort, expected.toReversed()]);
    }
    expect(names((await ada.api<ListPageDto>('/lists')).body.data)[0]).toBe('datteln');
  });

  it('has the lists that are archived, those that are not, or those in the trash, and their number', async () => {
    for (const name of ['a', 'b', 'c']) await createList(ada, { name, archived: name === 'b' });
    await remove(await createList(ada, { name: 'd' }));
    for (const [query, expected] of [
      ['', ['a', 'b', 'c']],
      ['&archived=true', ['b']],
      ['&archived=false', ['a', 'c']],
      ['&trashed=true', ['d']],
      ['&trashed=true&archived=true', []],
    ] as const) {
      const { body } = await ada.api<ListPageDto>(`/lists?count=true&limit=1${query}`);
      expect([query, body.total]).toEqual([query, expected.length]);
      const all = await walk<ListDto>(ada, `/lists?count=true${query}`);
      expect([query, names(all)]).toEqual([query, expected]);
    }
  });

  it.each(['sort=title', 'archived=1', 'include=progress', 'include=', 'q=x', 'limit=201'])(
    'is refused with ?%s',
    async (query) => {
      const { status, body } = await ada.api(`/lists?${query}`);
      expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    },
  );

  it('refuses the cursor of another order or filter', async () => {
    await createList(ada);
    await createList(ada);
    const { nextCursor } = (await ada.api<ListPageDto>('/lists?limit=1')).body;
    for (const query of ['sort=name', 'archived=false', 'trashed=true']) {
      const { status } = await ada.api(`/lists?limit=1&${query}&cursor=${String(nextCursor)}`);
      expect([query, status]).toEqual([query, 400]);
    }
  });

  it('has the numbers of tasks with include=counts: subtasks, but not those in the trash', async () => {
    const [list, empty] = [await createList(ada), await createList(ada)];
    const parent = await ada.create({ listId: list.id });
    await ada.create({ parentId: parent.id });
    await ada.create({ parentId: parent.id, completed: true });
    const trashed = await ada.create({ listId: list.id });
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
    await ada.create();
    const { data } = (await ada.api<ListPageDto>('/lists?include=counts')).body;
    expect(data).toEqual([
      Object.assign({}, list, { tasks: { open: 2, completed: 1 } }),
      Object.assign({}, empty, { tasks: { open: 0, completed: 0 } }),
    ]);
    for (const expected of data) {
      const { body } = await ada.api(`/lists/${expected.id}?include=counts`);
      expect(body).toEqual(expected);
    }
    expect((await ada.api<ListPageDto>('/lists')).body.data).toEqual([list, empty]);
  });
});
