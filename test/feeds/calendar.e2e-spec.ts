import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import type { CreatedFeedDto } from '../../src/feeds/feed.dto.js';
import type { OccurrencesDto } from '../../src/tasks/occurrences.dto.js';
import { useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { addressAt, createFeed, datesOf, parseCalendar, tasksIn } from '../support/feeds.js';
import { createList } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
const owner = useOwner(() => app);
let ada: TestUser;
beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});

const get = (feed: CreatedFeedDto, headers: Record<string, string> = {}) =>
  send<string>(addressAt(app.url, feed), { headers });

/** Reads a new feed. */
async function read(changes: object = {}) {
  const { body } = await get(await createFeed(ada, changes));
  return parseCalendar(body);
}

const titlesIn = (calendar: ReturnType<typeof parseCalendar>) =>
  Array.from(tasksIn(calendar).values(), (task) => task.getFirstPropertyValue('summary')).sort();

const complete = (id: string) =>
  ada.api(`/tasks/${id}/complete`, { method: 'PATCH', json: { completed: true } });

describe('the response', () => {
  it('is a calendar that no cache shares, and that does not pass its address on', async () => {
    const { status, headers } = await get(await createFeed(ada));
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, max-age=300',
      'referrer-policy': 'no-referrer',
      'content-disposition': 'attachment; filename="taskward.ics"',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
  });

  it('is 304 until something changes', async () => {
    const feed = await createFeed(ada);
    const task = await ada.create({ due: '2036-12-24' });
    const etag = (await get(feed)).headers.get('etag') ?? '';
    const revalidate = async (tag: string) => {
      const { status, body, headers } = await get(feed, { 'if-none-match': tag });
      return [status, body === '', headers.get('etag') === etag];
    };
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      expect(await revalidate(tag)).toEqual([304, true, true]);
    }
    await ada.api(`/tasks/${task.id}`, { method: 'PATCH', json: { title: 'Bread' } });
    expect(await revalidate(etag)).toEqual([200, false, false]);
  });

  it('is 200 again when the list is renamed', async () => {
    const list = await createList(ada, { name: 'Home' });
    const feed = await createFeed(ada, { listId: list.id });
    const first = await get(feed);
    expect(parseCalendar(first.body).getFirstPropertyValue('x-wr-calname')).toBe('Home');
    await ada.api(`/lists/${list.id}`, { method: 'PATCH', json: { name: 'House' } });
    const again = await get(feed, { 'if-none-match': first.headers.get('etag') ?? '' });
    expect(parseCalendar(again.body).getFirstPropertyValue('name')).toBe('House');
  });

  it('of HEAD has the same headers', async () => {
    const feed = await createFeed(ada);
    const { headers } = await get(feed);
    const head = await fetch(addressAt(app.url, feed), { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, headers.get('etag')]);
    expect(await head.text()).toBe('');
  });

  it('is of any Accept, and compressed for who asks', async () => {
    const feed = await createFeed(ada);
    for (let n = 0; n < 60; n += 1) await ada.create({ due: '2036-12-24' });
    const headers = { accept: 'text/html', 'accept-encoding': 'gzip' };
    const response = await fetch(addressAt(app.url, feed), { headers });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(tasksIn(parseCalendar(await response.text())).size).toBe(60);
  });

  it.each(['POST', 'PUT', 'DELETE'])('of %s is 405', async (method) => {
    const { status, headers } = await fetch(addressAt(app.url, await createFeed(ada)), { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('has each of many tasks once, in pages that memory does not add up', async () => {
    await owner(
      `insert into task (owner_id, id, title, due_date)
         select $1, gen_random_uuid(), 'x', '2036-12-24' from generate_series(1, 1001)`,
      [ada.id],
    );
    expect(tasksIn(await read()).size).toBe(1001);
  });
});

describe('the tasks are', () => {
  it('open ones, and those completed in the last 30 days', async () => {
    await ada.create({ title: 'open' });
    const [recent, old, trashed] = [
      await ada.create({ title: 'recent', completed: true }),
      await ada.create({ title: 'old', completed: true }),
      await ada.create({ title: 'trashed' }),
    ];
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
    const setCompleted = (id: string, days: number) =>
      owner(`update task set completed_at = now() - $2 * interval '1 day' where id = $1`, [
        id,
        days,
      ]);
    await setCompleted(recent.id, 29);
    await setCompleted(old.id, 32);
    expect(titlesIn(await read({ as: 'todos' }))).toEqual(['open', 'recent']);
  });

  it('as events, those that are due', async () => {
    await ada.create({ title: 'some day' });
    await ada.create({ title: 'a day', due: '2036-12-24' });
    await ada.create({ title: 'done', due: '2036-12-24T10:00:00Z', completed: true });
    expect(titlesIn(await read())).toEqual(['a day', '✓ done']);
  });

  it('those of the list, and of nobody else', async () => {
    const [list, other] = [
      await createList(ada, { name: 'Home' }),
      await createList(ada, { name: 'Work' }),
    ];
    await ada.create({ title: 'in', listId: list.id });
    await ada.create({ title: 'out', listId: other.id });
    await ada.create({ title: 'none' });
    await (await mintUser(app.url, randomUUID())).create({ title: 'theirs' });
    expect(titlesIn(await read({ as: 'todos', listId: list.id }))).toEqual(['in']);
    expect(titlesIn(await read({ as: 'todos' }))).toEqual(['in', 'none', 'out']);
  });

  it('none while the list is in the trash, and back when it is', async () => {
    const list = await createList(ada, { name: 'Home' });
    await ada.create({ title: 'in', listId: list.id });
    const feed = await createFeed(ada, { as: 'todos', listId: list.id });
    const titles = async () => titlesIn(parseCalendar((await get(feed)).body));
    await ada.api(`/lists/${list.id}`, { method: 'DELETE' });
    expect(await titles()).toEqual([]);
    await ada.api(`/lists/${list.id}/restore`, { method: 'POST' });
    expect(await titles()).toEqual(['in']);
    await ada.api(`/lists/${list.id}?permanent=true`, { method: 'DELETE' });
    expect(await titles()).toEqual([]);
  });
});

describe('a task is', () => {
  const HOSTILE = 'a,b;c\\d "e" é 😀 BEGIN:VEVENT\r\nEND:VCALENDAR\nDTSTART:20000101\u0007';

  it.each(['events', 'todos'])('what it was, however long and hostile: %s', async (as) => {
    const parent = await ada.create({ title: 'parent' });
    const description = `${HOSTILE}${'日本'.repeat(200)}`;
    const tags = ['a,b', 'c;d', 'plain'];
    const task = await ada.create({
      title: HOSTILE.replaceAll(/[\r\n]/g, ' '),
      description,
      tags,
      due: '2036-12-24',
      priority: 'high',
      parentId: parent.id,
    });
    const { body } = await get(await createFeed(ada, { as }));
    for (const line of body.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const found = tasksIn(parseCalendar(body)).get(task.id);
    const value = (name: string) => found?.getFirstPropertyValue(name);
    const shown = (text: string) => text.replaceAll('\r\n', '\n').replaceAll('\u0007', '\ufffd');
    expect(value('summary')).toBe(shown(task.title));
    expect(value('description')).toBe(shown(description));
    expect(found?.getFirstProperty('categories')?.getValues()).toEqual(tags);
    expect(String(value('created'))).toBe(`${task.createdAt.slice(0, 19)}Z`);
    expect([value('priority'), value('related-to'), value('sequence')]).toEqual([1, parent.id, 0]);
  });

  it.each([
    { due: '2036-12-24', shown: ';VALUE=DATE:20361224' },
    { due: '0001-01-01', shown: ';VALUE=DATE:00010101' },
    { due: '2036-12-24T12:30:15.5+02:00', shown: ':20361224T103015Z' },
  ])('due $due', async ({ due, shown }) => {
    const { id } = await ada.create({ due });
    const event = tasksIn(await read()).get(id);
    expect(event?.getFirstProperty('dtstart')?.toICALString()).toBe(`DTSTART${shown}`);
    const todo = tasksIn(await read({ as: 'todos' })).get(id);
    expect(todo?.getFirstProperty('due')?.toICALString()).toBe(`DUE${shown}`);
    expect(todo?.hasProperty('dtstart')).toBe(false);
  });

  it('open, or completed, as a to-do', async () => {
    const open = await ada.create();
    const done = await ada.create({ completed: true });
    const todos = tasksIn(await read({ as: 'todos' }));
    const statusOf = (id: string) => todos.get(id)?.getFirstPropertyValue('status');
    expect([statusOf(open.id), statusOf(done.id)]).toEqual(['NEEDS-ACTION', 'COMPLETED']);
    const at = `${String(done.completedAt).slice(0, 19)}Z`;
    expect(String(todos.get(done.id)?.getFirstPropertyValue('completed'))).toBe(at);
  });

  it('the same to the byte each time, and has its id as UID in every feed', async () => {
    const { id } = await ada.create({ due: '2036-12-24', tags: ['a'] });
    const [one, two] = [await createFeed(ada), await createFeed(ada)];
    const { body } = await get(one);
    expect(body).toContain(`UID:${id}\r\n`);
    expect((await get(two)).body).toBe(body);
  });
});

describe('a task that repeats has the dates of GET /occurrences:', () => {
  const berlin = (rule: string) => ({ rule, timeZone: 'Europe/Berlin' });

  it.each([
    { due: '2036-12-24', recurrence: berlin('FREQ=DAILY') },
    { due: '2036-12-24', recurrence: berlin('freq=weekly;byday=we,fr;until=20370131T225959Z') },
    { due: '2036-12-24', recurrence: berlin('COUNT=3;FREQ=MONTHLY') },
    { due: '2037-03-27T01:30:00Z', recurrence: berlin('FREQ=DAILY') },
    { due: '2036-10-24T00:30:00Z', recurrence: berlin('FREQ=DAILY;INTERVAL=2;UNTIL=20361030') },
    { due: '2036-10-24T00:30:00Z', recurrence: berlin('FREQ=DAILY;UNTIL=20361027T023000') },
    { due: '2037-01-31T07:00:00Z', recurrence: berlin('FREQ=MONTHLY;BYMONTHDAY=-1') },
    {
      due: '2037-01-05T14:00:00Z',
      recurrence: {
        rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU',
        timeZone: 'america/new_york',
      },
    },
    { due: '2037-01-05T14:00:00Z', recurrence: { rule: 'FREQ=YEARLY', timeZone: 'UTC' } },
  ])('$due $recurrence.rule', async ({ due, recurrence }) => {
    const { id } = await ada.create({ due, recurrence });
    const { body } = await ada.api<OccurrencesDto>(`/tasks/${id}/occurrences?limit=6`);
    const wanted = body.data;
    for (const as of ['events', 'todos']) {
      const calendar = await read({ as });
      const task = tasksIn(calendar).get(id);
      expect(datesOf(task, 6)).toEqual(wanted);
      const isTimed = due.includes('T');
      expect(calendar.getAllSubcomponents('vtimezone')).toHaveLength(isTimed ? 1 : 0);
    }
  });

  it('COUNT is what is left after those that were skipped, and the completed task repeats no more', async () => {
    const recurrence = berlin('FREQ=DAILY;COUNT=4');
    const { id } = await ada.create({ due: '2036-12-24', recurrence });
    await ada.api(`/tasks/${id}/skip`, { method: 'POST' });
    await complete(id);
    const tasks = [...tasksIn(await read()).values()];
    const rules = tasks.map((task) => String(task.getFirstPropertyValue('rrule') ?? ''));
    expect(rules.sort()).toEqual(['', 'FREQ=DAILY;COUNT=2']);
    const open = tasks.find((task) => task.hasProperty('rrule'));
    expect(datesOf(open, 9)).toEqual(['2036-12-26', '2036-12-27']);
  });

  it('and its time zone gives every reader the same instants, in winter and in summer', async () => {
    const recurrence = berlin('FREQ=MONTHLY');
    const { id } = await ada.create({ due: '2037-01-15T11:00:00Z', recurrence });
    const event = new ICAL.Event(tasksIn(await read()).get(id));
    const iterator = event.iterator();
    const instants = Array.from({ length: 12 }, () => iterator.next().toJSDate().toISOString());
    const { body } = await ada.api<OccurrencesDto>(`/tasks/${id}/occurrences?limit=12`);
    expect(instants).toEqual(body.data);
  });

  it('a time that clocks skip keeps its local time for the days after', async () => {
    const recurrence = berlin('FREQ=DAILY');
    const { id } = await ada.create({ due: '2037-03-28T01:30:00Z', recurrence });
    await ada.api(`/tasks/${id}/skip`, { method: 'POST' });
    const { body } = await ada.api<OccurrencesDto>(`/tasks/${id}/occurrences?limit=3`);
    const task = tasksIn(await read()).get(id);
    expect(datesOf(task, 3)).toEqual(body.data);
  });
});
