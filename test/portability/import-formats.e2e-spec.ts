import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import type { ListPageDto } from '../../src/lists/list.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { exportedText, importBytes, importFile, refusedLines } from '../support/portability.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});

const fixture = (name: string) =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

/** Imports a file and returns what was left out, as short lines. */
async function imported(format: string, file: string): Promise<string[]> {
  const { status, body } = await importFile(ada, format, file);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.skipped.map(({ line, code, detail }) => `${String(line)} ${code}: ${detail}`);
}

const skippedIn = async (format: string, file: string) =>
  (await imported(format, file)).map((line) => line.replace(/:.*/s, ''));

const tasks = async () => (await ada.list('?sort=position')).data;
const task = async (title: string) => (await tasks()).find((one) => one.title === title);
const listNames = async () =>
  (await ada.api<ListPageDto>('/lists')).body.data.map(({ name, id }) => ({ name, id }));

/** Titles in the order of their positions, each with those of its list and its parent. */
async function outline(): Promise<string[]> {
  const all = await tasks();
  const lists = await listNames();
  return all.map(({ title, listId, parentId }) => {
    const list = lists.find(({ id }) => id === listId)?.name ?? '–';
    const parent = all.find(({ id }) => id === parentId)?.title;
    return [list, ...(parent === undefined ? [] : [parent]), title].join(' / ');
  });
}

const zipped = (data: string, name = 'data.json') =>
  new Uint8Array(zipSync({ VERSION: Buffer.from('v2.0.0'), [name]: Buffer.from(data) }));

describe('a CSV template of Todoist', () => {
  const head = 'TYPE,CONTENT,PRIORITY,INDENT,DATE,TIMEZONE\n';

  it('has sections as lists, indents as parents, labels as tags, and comments in descriptions', async () => {
    expect(await imported('todoist-csv', fixture('todoist.csv').replaceAll('\n', '\r\n'))).toEqual([
      '3 unknown: author is not known',
      '4 unknown: responsible is not known',
      '4 unknown: duration is not known',
      '11 unknown: deadline is not known',
      '11 date: the date tomorrow is not known',
    ]);
    expect(await outline()).toEqual([
      '– / Pay the rent',
      '– / Pay the rent / Ask ann@example.org',
      'Every week / Water the plants',
      'Every week / Backup',
      'Every week / Some day',
    ]);
    expect(await tasks()).toMatchObject([
      { priority: 'high', due: '2026-12-01', tags: ['home', 'money'] },
      {
        priority: 'none',
        due: '2026-12-24T17:00:00.000Z',
        description: 'Two lines,\r\nand a comma\n\nThe contract is in the drawer.',
        tags: [],
      },
      {
        priority: 'medium',
        recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO', timeZone: 'Europe/Berlin', basis: 'due' },
      },
      {
        priority: 'low',
        due: '2027-01-31',
        recurrence: { rule: 'FREQ=DAILY;INTERVAL=3', basis: 'completion' },
      },
      { due: null, recurrence: null },
    ]);
  });

  it('takes a time without a time zone as UTC, and reports it', async () => {
    const file = `${head}task,a,,,2026-12-01 9:30,\ntask,b,,,every day at 9am,Nowhere/City\n`;
    expect(await skippedIn('todoist-csv', file)).toEqual(['2 time_zone', '3 time_zone']);
    expect((await task('a'))?.due).toBe('2026-12-01T09:30:00.000Z');
    expect((await task('b'))?.due).toMatch(/T09:00:00.000Z$/);
  });

  it.each([
    { name: 'no type', file: 'CONTENT\nx\n', errors: ['1 required'] },
    { name: 'another type', file: `${head}task,x,,,,\nidea,y,,,,\n`, errors: ['3 type'] },
    {
      name: 'indents that are too deep',
      file: head + [1, 2, 3, 4, 5, 6].map((n) => `task,x,,${String(n)},,\n`).join(''),
      errors: ['7 too_deep'],
    },
  ])('refuses $name', async ({ file, errors }) => {
    expect(refusedLines(await importFile(ada, 'todoist-csv', file))).toEqual([422, ...errors]);
  });
});

describe('Tasks.json of Google Takeout', () => {
  it('has lists, subtasks, days, what is completed, and what was deleted', async () => {
    expect(await imported('google-tasks', fixture('google-tasks.json'))).toEqual([
      '3 unknown: links is not known',
      '3 no_title: the task has no title, and is called Untitled',
    ]);
    expect((await listNames()).map(({ name }) => name)).toEqual(['My Tasks', 'Groceries', 'Empty']);
    expect(await outline()).toEqual([
      'My Tasks / Book flights',
      'My Tasks / Book flights / Compare prices',
      'My Tasks / Untitled',
    ]);
    expect(await tasks()).toMatchObject([
      { due: '2026-12-20', description: 'Window seat', createdAt: '2026-10-30T08:15:00.000Z' },
      { completedAt: '2026-11-01T09:30:00.000Z' },
      { completed: false },
    ]);
    const trash = await ada.list('?trashed=true');
    expect(trash.data).toMatchObject([{ title: 'Bread' }]);
  });

  it('refuses another JSON file', async () => {
    const export_ = await exportedText(ada);
    expect(refusedLines(await importFile(ada, 'google-tasks', export_))).toEqual([422, '1 format']);
    expect(refusedLines(await importFile(ada, 'google-tasks', '[]'))).toEqual([422, '1 json']);
  });
});

describe('an export of Vikunja', () => {
  it('has projects as lists, in their order, and tasks in that of their list', async () => {
    const { status, body } = await importBytes(
      app,
      ada,
      'vikunja',
      zipped(fixture('vikunja.json')),
    );
    expect(status).toBe(200);
    expect(body.made).toEqual({ lists: 2, tasks: 8 });
    expect(
      body.skipped.map(({ line, code, detail }) => `${String(line)} ${code}: ${detail}`),
    ).toEqual([
      '1 unknown: description is not known',
      '1 relation: tasks that are related as blocking are not known',
      '3 unknown: percent_done is not known',
      '3 unknown: attachments is not known',
      '3 unknown: is_favorite is not known',
      '7 recurrence: the task does not repeat: a day is the shortest span',
      '8 recurrence: the task does not repeat: due is required',
    ]);
    expect((await ada.api<ListPageDto>('/lists')).body.data).toMatchObject([
      { name: 'Inbox', archived: true, color: null },
      { name: 'Garden', color: '#3366cc', createdAt: '2026-09-01T08:00:00.000Z' },
    ]);
    expect(await outline()).toEqual([
      'Garden / Party',
      'Garden / Build a shed / Buy wood',
      'Garden / Build a shed',
      'Inbox / Water',
      'Inbox / Rent',
      'Inbox / Stretch',
      'Inbox / Every hour',
      'Inbox / Without a date',
    ]);
  });

  it('has text for HTML, urgent tasks as high, labels as tags, and repeats', async () => {
    await importFile(ada, 'vikunja', fixture('vikunja.json'));
    expect(await task('Build a shed')).toMatchObject({
      description: 'Before winter\n\n- wood\n- nails\n\nAsk the neighbour',
      priority: 'high',
      due: '2026-12-05T16:00:00.000Z',
      tags: ['outside', 'Wood'],
      createdAt: '2026-10-01T08:00:00.000Z',
    });
    expect(await task('Buy wood')).toMatchObject({ completedAt: '2026-10-05T12:00:00.000Z' });
    const rules = (await tasks()).flatMap(({ recurrence }) => recurrence ?? []);
    expect(rules).toEqual([
      { rule: 'FREQ=DAILY;INTERVAL=3', timeZone: 'UTC', basis: 'due' },
      { rule: 'FREQ=MONTHLY', timeZone: 'UTC', basis: 'due' },
      { rule: 'FREQ=DAILY;INTERVAL=1', timeZone: 'UTC', basis: 'completion' },
    ]);
  });

  it('has HTML that is nested too deep for a description as it stands, or cut', async () => {
    const described = (description: string) =>
      JSON.stringify([{ id: 1, title: 'a', tasks: [{ id: 1, title: 'b', description }] }]);
    expect(await imported('vikunja', described(`${'<b>'.repeat(500)}bold`))).toEqual([]);
    expect((await task('b'))?.description).toBe('bold');
    const nested = '<b>'.repeat(100_000);
    expect(await skippedIn('vikunja', described(nested))).toEqual(['1 description_too_long']);
    const [, cut] = await tasks();
    expect(cut?.description).toBe(`${nested.slice(0, 9_999)}…`);
  });

  it.each([
    { name: 'an archive without data.json', bytes: zipped('[]', 'other.json') },
    { name: 'a damaged archive', bytes: zipped(fixture('vikunja.json')).slice(0, -100) },
  ])('refuses $name', async ({ bytes }) => {
    expect(refusedLines(await importBytes(app, ada, 'vikunja', bytes))).toEqual([422, '1 zip']);
  });

  it('refuses an archive that unpacks to more than 20 MB, whatever its header says', async () => {
    const bomb = zipped(' '.repeat(30_000_000));
    const { status, body } = await importBytes(app, ada, 'vikunja', bomb);
    expect([status, body.code]).toEqual([413, 'payload_too_large']);
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    for (let at = 0; at + 4 < bomb.length; at += 1)
      if (view.getUint32(at, true) === 30_000_000) view.setUint32(at, 1_000, true);
    expect(refusedLines(await importBytes(app, ada, 'vikunja', bomb))).toEqual([422, '1 zip']);
  });
});

describe('iCalendar', () => {
  it.each(['\r\n', '\n'])('has its to-dos, with lines that end in %j', async (end) => {
    expect(await imported('ics', fixture('tasks.ics').replaceAll('\n', end))).toEqual([
      '14 unknown: valarm is not known',
      '14 unknown: location is not known',
      '49 recurrence: a date of a series that was changed by itself is not known',
      '55 cancelled: the task was cancelled, and is completed',
      '62 time_zone: the time zone of due is not known, and its time is taken as UTC',
      '62 recurrence: the task does not repeat: its rule must have a FREQ of DAILY, WEEKLY, MONTHLY or YEARLY',
      '69 no_task: vevent is no task',
    ]);
    expect(await outline()).toEqual([
      'Chores / Clean the house, all of it',
      'Chores / Clean the house, all of it / Kitchen',
      'Chores / Windows',
      'Chores / Attic',
      'Chores / Air',
    ]);
    expect(await tasks()).toMatchObject([
      {
        description: 'First line\nsecond, folded',
        tags: ['home', 'big'],
        priority: 'high',
        due: '2026-12-05T17:00:00.000Z',
        createdAt: '2026-10-30T08:00:00.000Z',
      },
      { completedAt: '2026-11-01T09:00:00.000Z', priority: 'medium' },
      {
        priority: 'low',
        due: '2026-12-07T08:00:00.000Z',
        recurrence: { rule: 'FREQ=MONTHLY;BYDAY=1MO', timeZone: 'Europe/Berlin', basis: 'due' },
      },
      { completed: true, due: '2026-12-10' },
      { due: '2026-12-10T12:00:00.000Z', recurrence: null },
    ]);
  });

  it('takes back what an export has written, except what iCalendar has not', async () => {
    const list = (
      await ada.api<{ id: string }>('/lists', { method: 'POST', json: { name: 'Home' } })
    ).body;
    const parent = await ada.create({
      title: 'a, b; c',
      listId: list.id,
      tags: ['x,y', 'z'],
      priority: 'low',
    });
    await ada.create({ title: 'child', parentId: parent.id, description: 'one\ntwo' });
    const done = await ada.create({ title: 'done', due: '2026-12-24' });
    await ada.api(`/tasks/${done.id}/complete`, { method: 'PATCH' });
    await ada.create({
      title: 'series',
      due: '2027-03-27T01:30:00Z',
      recurrence: { rule: 'FREQ=DAILY;COUNT=5', timeZone: 'Europe/Berlin', basis: 'completion' },
    });
    await ada.api(`/tasks/${done.id}/move`, { method: 'POST', json: { before: parent.id } });
    const file = await exportedText(ada, 'ics');
    const before = await outline();
    const shown = async () =>
      (await tasks()).map(({ title, description, tags, priority, due, recurrence, completed }) => ({
        ...{ title, description, tags, priority, due, recurrence, completed },
      }));
    const all = await shown();
    ada = await mintUser(app.url, randomUUID());
    expect(await imported('ics', file)).toEqual([]);
    expect(await outline()).toEqual(before);
    expect(await shown()).toEqual(all);
  });

  it.each([
    { name: 'what is no calendar', file: 'Hello\n', errors: ['1 calendar'] },
    { name: 'nothing', file: '', errors: ['1 calendar'] },
    {
      name: 'a calendar that does not end',
      file: 'BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\n',
      errors: ['1 calendar'],
    },
    {
      name: 'a to-do outside',
      file: 'BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n',
      errors: ['1 calendar'],
    },
    {
      name: 'components that are nested too deep',
      file: `BEGIN:VCALENDAR\n${'BEGIN:VTODO\n'.repeat(3)}`,
      errors: ['4 calendar'],
    },
    {
      name: 'a property that is too long',
      file: `BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY${';A=b'.repeat(30_000)}:x\nEND:VTODO\nEND:VCALENDAR\n`,
      errors: ['2 calendar'],
    },
    {
      name: 'a line without a colon',
      file: 'BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY\nEND:VTODO\nEND:VCALENDAR\n',
      errors: ['2 calendar'],
    },
    {
      name: 'a day that does not exist',
      file: 'BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nDUE;VALUE=DATE:20260230\nEND:VTODO\nEND:VCALENDAR\n',
      errors: ['2 due'],
    },
  ])('refuses $name', async ({ file, errors }) => {
    expect(refusedLines(await importFile(ada, 'ics', file))).toEqual([422, ...errors]);
  });
});

it('iCalendar has dates of a series that Taskward reports', async () => {
  const lines = ['SUMMARY:x', 'DTSTART;VALUE=DATE:20361201', 'RRULE:FREQ=DAILY'];
  const dates = ['EXDATE;VALUE=DATE:20361203', 'RDATE;VALUE=DATE:20361224'];
  const file = ['BEGIN:VCALENDAR', 'BEGIN:VTODO', ...lines, ...dates, 'END:VTODO', 'END:VCALENDAR'];
  expect(await imported('ics', file.join('\n'))).toEqual([
    '2 unknown: exdate is not known',
    '2 unknown: rdate is not known',
  ]);
  expect((await tasks())[0]?.recurrence).toMatchObject({ rule: 'FREQ=DAILY' });
});

it('a project of Vikunja within another is a list beside it, which is reported', async () => {
  const projects = [
    { id: 1, title: 'Outer' },
    { id: 2, title: 'Inner', parent_project_id: 1 },
  ];
  expect(await imported('vikunja', JSON.stringify(projects))).toEqual([
    '2 unknown: parent_project_id is not known',
  ]);
  expect((await listNames()).map(({ name }) => name)).toEqual(['Outer', 'Inner']);
});

it.each([
  {
    format: 'google-tasks',
    fileOf: (tasks: object[]) => ({
      kind: 'tasks#taskLists',
      items: [{ title: 'a', items: tasks }],
    }),
  },
  { format: 'vikunja', fileOf: (tasks: object[]) => [{ id: 1, title: 'a', tasks }] },
])('a file of $format with more than 10,000 tasks is refused', async ({ format, fileOf }) => {
  const file = fileOf(Array.from({ length: 10_001 }, (_, id) => ({ id, title: 'x' })));
  const { status, body } = await importFile(ada, format, JSON.stringify(file));
  expect([status, body.code]).toEqual([413, 'payload_too_large']);
});

describe('texts that are longer than Taskward takes', () => {
  const calendar = (...lines: string[]) =>
    ['BEGIN:VCALENDAR', 'BEGIN:VTODO', ...lines, 'END:VTODO', 'END:VCALENDAR'].join('\r\n');

  it('are cut, and the whole of a title is in the description', async () => {
    const title = `${'😀'.repeat(300)} end`;
    expect(await skippedIn('ics', calendar(`SUMMARY:${title}`, 'DESCRIPTION:more'))).toEqual([
      '2 title_too_long',
    ]);
    const [cut] = await tasks();
    expect(cut).toMatchObject({
      title: `${'😀'.repeat(254)}…`,
      description: `${title}\n\nmore`,
    });
  });

  it('are cut in descriptions, and left out among tags', async () => {
    const tags = [...Array(21).keys()].map((n) => `t${String(n)}`);
    const categories = `CATEGORIES:${['T0', 'x'.repeat(51), ...tags].join()}`;
    const file = calendar('SUMMARY:x', categories, `DESCRIPTION:${'y '.repeat(5_001)}z`);
    expect(await skippedIn('ics', file)).toEqual([
      '2 description_too_long',
      '2 tag_too_long',
      '2 too_many_tags',
    ]);
    const [made] = await tasks();
    expect(made?.tags).toEqual(['T0', ...tags.slice(1, 20)]);
    expect(made?.description).toHaveLength(10_000);
  });
});

it.each([
  { format: 'todoist-csv', type: 'application/json' },
  { format: 'google-tasks', type: 'text/csv' },
  { format: 'vikunja', type: 'text/csv' },
  { format: 'ics', type: 'text/csv' },
])('a file of $format is not sent as $type', async ({ format, type }) => {
  const { status, body } = await importFile(ada, format, 'x', {
    headers: { 'content-type': type },
  });
  expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
});
