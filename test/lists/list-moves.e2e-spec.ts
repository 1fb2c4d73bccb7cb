import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListDto } from '../../src/lists/list.dto.js';
import { useApp } from '../support/app.js';
import type { ApiResponse, TestUser } from '../support/client.js';
import {
  brokenRules,
  bytesOf,
  createList,
  expectOrdered,
  idsOf,
  MADE_UP,
  move,
  walk,
} from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

const remove = (list: ListDto) => ada.api(`/lists/${list.id}`, { method: 'DELETE' });
const names = (rows: readonly ListDto[]) => rows.map(({ name }) => name);

describe('the move of a list', () => {
  let a: ListDto;
  let b: ListDto;
  let c: ListDto;
  beforeEach(async () => {
    a = await createList(ada, { name: 'a' });
    b = await createList(ada, { name: 'b' });
    c = await createList(ada, { name: 'c' });
  });
  const order = async () => names(await walk<ListDto>(ada, '/lists')).join('');

  it('puts it before another, after another, or at the end, in a new version', async () => {
    const { status, headers, body } = await move<ListDto>(ada, `/lists/${c.id}`, { before: a.id });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    expect(body).toMatchObject(
      Object.assign({}, c, { version: 2, position: body.position, updatedAt: body.updatedAt }),
    );
    expect(await order()).toBe('cab');
    await move(ada, `/lists/${c.id}`, { after: a.id });
    expect(await order()).toBe('acb');
    await move(ada, `/lists/${a.id}`, { after: b.id });
    expect(await order()).toBe('cba');
    await move(ada, `/lists/${b.id}`, { before: a.id });
    expect(await order()).toBe('cba');
    await move(ada, `/lists/${c.id}`);
    expect(await order()).toBe('bac');
    await createList(ada, { name: 'd' });
    expect(await order()).toBe('bacd');
  });

  it.each([
    { json: () => ({ before: a.id, after: c.id }), rules: ['/after conflict'] },
    { json: () => ({ before: b.id }), rules: ['/before same'] },
    { json: () => ({ after: b.id }), rules: ['/after same'] },
    { json: () => ({ before: 'x' }), rules: ['/before uuid'] },
    { json: () => ({ after: null }), rules: ['/after type'] },
    { json: () => ({ listId: a.id }), rules: ['/listId unknown'] },
  ])('breaks a rule: $rules', async ({ json, rules }) => {
    expect(brokenRules(await move(ada, `/lists/${b.id}`, json()))).toEqual([422, ...rules]);
    expect(await order()).toBe('abc');
  });

  it.each(['before', 'after'])(
    '%s a list that is foreign, in the trash or made up is the same 422',
    async (side) => {
      const eve = await mintUser(app.url, `eve ${crypto.randomUUID()}`);
      await remove(c);
      const responses: ApiResponse<object>[] = [];
      for (const id of [(await createList(eve)).id, c.id, MADE_UP])
        responses.push(await move(ada, `/lists/${a.id}`, { [side]: id }));
      expect(responses.map(brokenRules)).toEqual(
        Array.from({ length: 3 }, () => [422, `/${side} not_found`]),
      );
      expect(new Set(responses.map(bytesOf)).size).toBe(1);
      expect(await order()).toBe('ab');
    },
  );

  it('with an ETag that is not the current one, or of a list in the trash, is refused', async () => {
    const [headers, json] = [{ 'if-match': '"7"' }, { before: a.id }];
    const stale = await ada.api(`/lists/${c.id}/move`, { method: 'POST', json, headers });
    expect([stale.status, stale.headers.get('etag')]).toEqual([412, '"1"']);
    await remove(c);
    expect((await move(ada, `/lists/${c.id}`, json)).status).toBe(404);
    expect(await order()).toBe('ab');
  });

  it('is done by each of fifty to the same two places at once, and leaves one order with every list once', async () => {
    const lists = [a, b, c];
    for (let count = 0; count < 48; count += 1) lists.push(await createList(ada));
    const moves = lists
      .slice(1)
      .map(({ id }, index) =>
        move(ada, `/lists/${id}`, { [index % 2 ? 'before' : 'after']: a.id }),
      );
    const statuses = (await Promise.all(moves)).map(({ status }) => status);
    expect(statuses).toEqual(Array<number>(50).fill(200));
    const found = await walk<ListDto>(ada, '/lists');
    expect(idsOf(found).sort()).toEqual(idsOf(lists).sort());
    expect(found[25]?.id).toBe(a.id);
    expectOrdered(found);
  });
});
