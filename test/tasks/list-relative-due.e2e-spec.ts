import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Sets the clock of the API. */
function setNow(now: string): void {
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse(now));
}

/** Creates a task for each `due`, with that as its title. */
async function createDue(...dues: readonly string[]): Promise<void> {
  for (const due of dues) await ada.create({ title: due, due });
  await ada.create({ title: 'without', due: null });
}

/** The titles that a list returns, in the order of `due`. */
async function titles(query: string): Promise<string[]> {
  const { status, body } = await ada.api<TaskPageDto>(`/tasks?sort=due&${query}`);
  expect([status, query]).toEqual([200, query]);
  return body.data.map(({ title }) => title);
}

const STATUS = async (query: string) => (await ada.api(`/tasks?${query}`)).status;

describe('a day', () => {
  const DUES = [
    '2026-11-27',
    '2026-11-27T22:59:59Z',
    '2026-11-27T23:00:00Z',
    '2026-11-28',
    '2026-11-28T22:59:59Z',
    '2026-11-28T23:00:00Z',
    '2026-11-29',
    '2026-11-30',
  ];
  const BERLIN = 'timeZone=Europe/Berlin';

  it.each([
    { query: 'dueBefore=today', expected: DUES.slice(0, 2) },
    { query: 'dueAfter=today', expected: DUES.slice(2) },
    { query: 'dueBefore=tomorrow', expected: DUES.slice(0, 5) },
    { query: 'dueAfter=today&dueBefore=tomorrow', expected: DUES.slice(2, 5) },
    { query: 'dueAfter=tomorrow&dueBefore=tomorrow%2B1d', expected: DUES.slice(5, 7) },
    { query: 'dueAfter=today%2B2d', expected: DUES.slice(7) },
    { query: 'dueAfter=today-1d&dueBefore=today', expected: DUES.slice(0, 2) },
    { query: 'dueAfter=today-1w&dueBefore=today%2B1w', expected: DUES },
    { query: 'dueBefore=today&dueAfter=today', expected: [] },
  ])('of the zone bounds days and instants: $query', async ({ query, expected }) => {
    await createDue(...DUES);
    setNow('2026-11-28T12:00:00Z');
    const found = await titles(`${query}&${BERLIN}`);
    // Tasks at the same moment are in no particular order.
    expect(found.sort()).toEqual(expected.toSorted());
  });

  it.each([
    { name: 'as a blank', query: 'dueBefore=today%201d' },
    { name: 'as it is', query: 'dueBefore=today+1d' },
    { name: 'encoded', query: 'dueBefore=today%2B1d' },
  ])('can be after today, with a plus that arrives $name', async ({ query }) => {
    await createDue('2026-11-28', '2026-11-29');
    setNow('2026-11-28T12:00:00Z');
    expect(await titles(query)).toEqual(['2026-11-28']);
  });

  it('is that of UTC without a time zone', async () => {
    await createDue('2026-11-28', '2026-11-29');
    setNow('2026-11-28T23:59:59.999Z');
    expect(await titles('dueAfter=today')).toEqual(['2026-11-28', '2026-11-29']);
    expect(await titles('dueAfter=today&timeZone=Europe/Berlin')).toEqual(['2026-11-29']);
  });

  it('is another one after midnight, for the same request', async () => {
    await createDue('2026-11-28', '2026-11-29');
    const query = 'dueAfter=today&dueBefore=tomorrow&timeZone=Asia/Tokyo';
    setNow('2026-11-28T14:59:59.999Z');
    expect(await titles(query)).toEqual(['2026-11-28']);
    setNow('2026-11-28T15:00:00Z');
    expect(await titles(query)).toEqual(['2026-11-29']);
  });

  it('of 23 hours ends an hour earlier', async () => {
    await createDue('2026-03-29', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z', '2026-03-30');
    setNow('2026-03-28T23:30:00Z');
    const query = 'dueAfter=today&dueBefore=tomorrow&timeZone=Europe/Berlin';
    expect(await titles(query)).toEqual(['2026-03-29', '2026-03-29T21:59:59Z']);
  });

  it('that the zone skipped is between its neighbours', async () => {
    await createDue('2011-12-29', '2011-12-30', '2011-12-31');
    setNow('2011-12-30T09:00:00Z');
    const inApia = (query: string) => titles(`${query}&timeZone=Pacific/Apia`);
    expect(await inApia('dueAfter=today&dueBefore=tomorrow')).toEqual(['2011-12-29']);
    expect(await inApia('dueAfter=tomorrow&dueBefore=today%2B2d')).toEqual(['2011-12-30']);
    expect(await inApia('dueAfter=today%2B2d')).toEqual(['2011-12-31']);
    setNow('2011-12-30T10:00:00Z');
    expect(await inApia('dueAfter=today')).toEqual(['2011-12-31']);
    expect(await inApia('dueAfter=today-1d&dueBefore=today')).toEqual(['2011-12-30']);
  });
});

describe('now', () => {
  const BERLIN = 'timeZone=Europe/Berlin';

  it('splits instants, and takes a task of today as not yet past', async () => {
    const dues = ['2026-11-27', '2026-11-28T11:59:59.999Z', '2026-11-28T12:00:00Z'];
    await createDue(...dues, '2026-11-28');
    setNow('2026-11-28T12:00:00Z');
    expect(await titles('dueBefore=now')).toEqual(dues.slice(0, 2));
    expect(await titles('dueAfter=now')).toEqual(['2026-11-28', '2026-11-28T12:00:00Z']);
    expect(await titles('dueAfter=now&dueBefore=now')).toEqual([]);
  });

  it('has its day in the time zone', async () => {
    await createDue('2026-11-28', '2026-11-29');
    setNow('2026-11-28T23:30:00Z');
    expect(await titles('dueBefore=now')).toEqual([]);
    expect(await titles(`dueBefore=now&${BERLIN}`)).toEqual(['2026-11-28']);
  });

  it('and a day are 24 hours, where the calendar has 23', async () => {
    await createDue('2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z', '2026-03-29T22:29:59Z');
    setNow('2026-03-28T22:30:00Z');
    expect(await titles(`dueBefore=now%2B1d&${BERLIN}`)).toHaveLength(3);
    expect(await titles(`dueBefore=today%2B2d&${BERLIN}`)).toEqual(['2026-03-29T21:59:59Z']);
  });
});

describe('a cursor', () => {
  const DUES = ['2026-11-28', '2026-11-29', '2026-11-30', '2026-12-01'];

  it.each(['due', 'title', '-createdAt'])('lasts over midnight: sort=%s', async (sort) => {
    for (const due of sort === '-createdAt' ? DUES.toReversed() : DUES) {
      await ada.create({ title: due, due });
    }
    const query = `?limit=1&sort=${sort}&dueAfter=tomorrow&dueBefore=tomorrow%2B2d&count=true`;
    setNow('2026-11-28T23:59:59Z');
    const { data, nextCursor, total } = await ada.list(query);
    expect([data.map(({ title }) => title), total]).toEqual([['2026-11-29'], 2]);
    setNow('2026-11-29T00:00:01Z');
    const next = await ada.list(`${query}&cursor=${nextCursor ?? ''}`);
    expect([next.data.map(({ title }) => title), next.total]).toEqual([['2026-11-30'], 2]);
    const last = await ada.list(`${query}&cursor=${next.nextCursor ?? ''}`);
    expect([last.data.map(({ title }) => title), last.nextCursor]).toEqual([['2026-12-01'], null]);
  });

  it('lasts while now goes on', async () => {
    await createDue(...DUES);
    setNow('2026-11-28T12:00:00Z');
    const { nextCursor } = await ada.list('?limit=1&sort=due&dueAfter=now');
    setNow('2026-11-30T12:00:00.001Z');
    const page = `dueAfter=now&cursor=${nextCursor ?? ''}`;
    expect(await titles(page)).toEqual(['2026-11-30', '2026-12-01']);
  });

  it('is bound to the word', async () => {
    await createDue(...DUES);
    setNow('2026-11-28T12:00:00Z');
    const { nextCursor } = await ada.list('?limit=1&dueAfter=today');
    const cursor = `cursor=${nextCursor ?? ''}`;
    expect(await STATUS(`${cursor}&dueAfter=today`)).toBe(200);
    for (const other of ['2026-11-28', 'now', 'tomorrow', '2026-11-28T00:00:00Z', 'now-0d']) {
      expect([other, await STATUS(`${cursor}&dueAfter=${other}`)]).toEqual([other, 400]);
    }
    expect(await STATUS(`${cursor}&dueBefore=today`)).toBe(400);
    expect(await STATUS(`${cursor}&dueAfter=today&timeZone=Asia/Tokyo`)).toBe(400);
  });

  it.each([
    { word: 'today%2B7d', others: ['today+7d', 'today%207d', 'today%2B1w', 'tomorrow%2B6d'] },
    { word: 'tomorrow', others: ['today%2B1d', 'today%2B0001d', 'tomorrow-0d'] },
    { word: 'now-14d', others: ['now-2w', 'now-0014d'] },
  ])('of $word knows the same word in other spellings', async ({ word, others }) => {
    await createDue(...DUES);
    setNow('2026-11-20T12:00:00Z');
    const { nextCursor } = await ada.list(`?limit=1&dueAfter=${word}`);
    expect(nextCursor).not.toBeNull();
    for (const other of [word, ...others]) {
      const query = `dueAfter=${other}&cursor=${nextCursor ?? ''}`;
      expect([other, await STATUS(query)]).toEqual([other, 200]);
    }
  });

  it('is in the Link, with the word', async () => {
    await createDue(...DUES);
    setNow('2026-11-28T12:00:00Z');
    for (const plus of ['+', '%2B']) {
      const { headers } = await ada.api(`/tasks?limit=1&sort=due&dueAfter=today${plus}1d`);
      const [, next = ''] = /\/api\/v1(\/[^>]*)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
      const { status, body } = await ada.api<TaskPageDto>(next);
      expect([status, body.data.map(({ title }) => title)]).toEqual([200, ['2026-11-30']]);
    }
  });
});
