import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListPageDto } from '../../src/lists/list.dto.js';
import { useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { createToken, withToken } from '../support/personal-tokens.js';
import { createList } from '../support/places.js';
import {
  type ExportedFile,
  exportedFile,
  exportedText,
  importBytes,
  importFile,
  refusedLines,
} from '../support/portability.js';
import { expectProblem } from '../support/problem.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const PATH = '/api/v1/import';
const app = useApp({ ...SECRET_MODE, QUOTA_TASKS: '20000' });
const owner = useOwner(() => app);
let ada: TestUser;
let eve: TestUser;

beforeEach(async () => {
  [ada, eve] = [await mintUser(app.url, randomUUID()), await mintUser(app.url, randomUUID())];
});

const complete = (id: string) => ada.api(`/tasks/${id}/complete`, { method: 'PATCH' });
const trash = (path: string) => ada.api(path, { method: 'DELETE' });
const titlesOf = async (user: TestUser) =>
  (await user.list('?sort=position')).data.map(({ title }) => title);

/** An export with ids and positions replaced by numbers, in an order that does not depend on them. */
function withoutIds({ tasks, lists }: ExportedFile): unknown {
  const all = [...lists, ...tasks];
  const label = (one: Readonly<Record<string, unknown>> | undefined) =>
    one && JSON.stringify([one['title'] ?? one['name'], one['due']]);
  const labels = new Map(all.map((one) => [one['id'], label(one)]));
  const named = (id: unknown) => (id === null ? null : (labels.get(id) ?? 'not in the file'));
  const inOrder = (ones: ExportedFile['tasks']) =>
    ones
      .toSorted((a, b) => (String(a['position']) < String(b['position']) ? -1 : 1))
      .map(({ id: _, position: __, ...rest }) => ({
        ...rest,
        ...('listId' in rest && {
          listId: named(rest['listId']),
          parentId: named(rest['parentId']),
          nextTaskId: named(rest['nextTaskId']),
          trashedWith: named(rest['trashedWith']),
          series: rest['series'] && {
            ...rest['series'],
            id: named((rest['series'] as { id: string }).id),
          },
        }),
      }));
  return { lists: inOrder(lists), tasks: inOrder(tasks) };
}

/** Makes one of everything that an export has. */
async function fillAccount(): Promise<void> {
  const household = await createList(ada, { name: '🏠 Haushalt', color: '#3366cc' });
  const old = await createList(ada, { name: 'Old', archived: true });
  const gone = await createList(ada, { name: 'Gone' });
  await ada.api(`/lists/${old.id}/move`, { method: 'POST', json: { before: household.id } });
  let parentId: string | null = null;
  for (const title of ['one', 'two', 'three', 'four', 'five']) {
    const place: object = parentId === null ? { listId: household.id } : { parentId };
    parentId = (await ada.create({ title, ...place })).id;
  }
  const [last] = (await ada.list('?list=none')).data;
  for (const priority of ['none', 'low', 'medium', 'high'])
    await ada.create({ title: `priority ${priority}`, priority });
  const odd = await ada.create({
    title: '=1+1, "x"; ümläut 👩‍👩‍👧 \u202e\u0301 ﷽',
    description: "'=2\r\n\ttab \u2028 \u0007 \\, end",
    tags: ['a,b', 'c\\d', '=e', 'Ä'],
    due: '2026-12-24T08:30:00.123Z',
  });
  await ada.api(`/tasks/${odd.id}/move`, { method: 'POST', json: { before: last?.id } });
  await ada.create({ title: 'all day', due: '2028-02-29', listId: old.id });
  await complete((await ada.create({ title: 'done' })).id);
  const series = await ada.create({
    title: 'series',
    due: '2027-03-27T01:30:00Z',
    recurrence: { rule: 'FREQ=DAILY;COUNT=5', timeZone: 'Europe/Berlin' },
  });
  await complete(series.id);
  await ada.create({
    title: 'after completion',
    due: '2027-01-31',
    recurrence: { rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', timeZone: 'UTC', basis: 'completion' },
  });
  await ada.create({ title: 'in gone', listId: gone.id });
  const alone = await ada.create({ title: 'trashed alone', listId: gone.id });
  await trash(`/tasks/${alone.id}`);
  await trash(`/lists/${gone.id}`);
  const parent = await ada.create({ title: 'trashed parent' });
  await ada.create({ title: 'trashed child', parentId: parent.id });
  await trash(`/tasks/${parent.id}`);
}

describe('an export of Taskward', () => {
  it('makes the same in an empty account, and so does the export of that', async () => {
    await fillAccount();
    const file = await exportedText(ada);
    const { status, body } = await importFile(eve, 'taskward', file);
    expect([status, body]).toEqual([200, { made: { lists: 3, tasks: 19 }, skipped: [] }]);
    const [first, second] = [await exportedFile(ada), await exportedFile(eve)];
    expect(withoutIds(second)).toEqual(withoutIds(first));
    const ids = new Set([...first.tasks, ...first.lists].map(({ id }) => id));
    expect([...second.tasks, ...second.lists].filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it('restores what was trashed together, and goes on with a series', async () => {
    await fillAccount();
    await importFile(eve, 'taskward', await exportedText(ada));
    const [gone] = (await eve.api<ListPageDto>('/lists?trashed=true')).body.data;
    await eve.api(`/lists/${gone?.id ?? ''}/restore`, { method: 'POST' });
    expect((await eve.list(`?list=${gone?.id ?? ''}`)).data).toMatchObject([{ title: 'in gone' }]);
    const next = (await eve.list('?completed=false&sort=due')).data.find(
      ({ title }) => title === 'series',
    );
    // Berlin has no 02:30 on that day; the day after it has again.
    expect(next?.due).toBe('2027-03-28T01:30:00.000Z');
    await eve.api(`/tasks/${next?.id ?? ''}/complete`, { method: 'PATCH' });
    const { data } = await eve.list('?completed=false');
    expect(data.filter(({ title }) => title === 'series')).toMatchObject([
      { due: '2027-03-29T00:30:00.000Z', seriesId: next?.seriesId },
    ]);
  });

  it('reports what it does not know, and puts what lies below the trash into the trash', async () => {
    await ada.create({ title: 'a' });
    const parent = await ada.create({ title: 'parent' });
    await ada.create({ title: 'child', parentId: parent.id });
    const { tasks, lists } = await exportedFile(ada);
    const changed = tasks.map((task) => ({
      ...task,
      ...(task['title'] === 'a' && { listId: randomUUID(), parentId: randomUUID(), colour: 'red' }),
      ...(task['title'] === 'parent' && { trashed: true }),
    }));
    const file = JSON.stringify({ format: 'taskward', version: 1, tasks: changed, lists });
    const { body } = await importFile(eve, 'taskward', file);
    expect(body.skipped.map(({ line, code }) => `${String(line)} ${code}`)).toEqual([
      '1 unknown',
      '1 parent_not_found',
      '1 list_not_found',
    ]);
    expect(await titlesOf(eve)).toEqual(['a']);
    expect((await eve.list('?trashed=true')).data).toHaveLength(2);
  });
});

describe('POST /import', () => {
  const CSV = 'title,priority\r\nBuy milk,high\r\nBuy eggs,\r\n';

  it('adds an entry of the change log for each, and one history version', async () => {
    const { body: start } = await ada.api<{ nextToken: string }>('/changes');
    await importFile(ada, 'csv', CSV);
    const { body } = await ada.api<{ data: { type: string }[] }>(
      `/changes?since=${start.nextToken}`,
    );
    expect(body.data.map(({ type }) => type)).toEqual(['task.created', 'task.created']);
    const [task] = (await ada.list()).data;
    const history = await ada.api<{ data: object[] }>(`/tasks/${task?.id ?? ''}/history`);
    expect(history.body.data).toMatchObject([{ version: 1 }]);
  });

  it('writes nothing with dryRun, and responds the same', async () => {
    const dry = await importFile(ada, 'csv', CSV, { dryRun: true });
    expect([dry.status, dry.body.made]).toEqual([200, { lists: 0, tasks: 2 }]);
    expect(await titlesOf(ada)).toEqual([]);
    expect((await importFile(ada, 'csv', CSV)).body).toEqual(dry.body);
    expect(await titlesOf(ada)).toEqual(['Buy milk', 'Buy eggs']);
  });

  it('makes everything again when a file is imported again, and once under one key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await importFile(ada, 'csv', CSV, { headers });
    const again = await importFile(ada, 'csv', CSV, { headers });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await titlesOf(ada)).toHaveLength(2);
    await importFile(ada, 'csv', CSV);
    expect(await titlesOf(ada)).toHaveLength(4);
  });

  it.each([
    { name: 'another file', file: `${CSV}More\r\n`, dryRun: false },
    { name: 'a dry run', file: CSV, dryRun: true },
  ])('refuses the key of an import for $name', async ({ file, dryRun }) => {
    const headers = { 'idempotency-key': randomUUID() };
    await importFile(ada, 'csv', CSV, { headers });
    const response = await importFile(ada, 'csv', file, { headers, dryRun });
    expectProblem(response, 422, 'idempotency_key_reused', PATH);
  });

  it('writes nothing if one line cannot be taken, and names all of them', async () => {
    const file = `title,due,priority,recurrence\n${'ok,,,\n'.repeat(1_200)},2026-02-30,urgent,\nx,,,FREQ=DAILY\n`;
    const response = await importFile(ada, 'csv', file);
    expect(refusedLines(response)).toEqual([
      422,
      '1202 too_short',
      '1202 one_of',
      '1202 due',
      '1203 required',
    ]);
    expect(await titlesOf(ada)).toEqual([]);
  });

  it('takes 10,000 tasks, and not one more', async () => {
    const file = (count: number) => `title\n${'x\n'.repeat(count)}`;
    expectProblem(await importFile(ada, 'csv', file(10_001)), 413, 'payload_too_large', PATH);
    const { body } = await importFile(ada, 'csv', file(10_000));
    expect(body.made).toEqual({ lists: 0, tasks: 10_000 });
    const [row] = await owner('select count(*)::int as rows from task where owner_id = $1', [
      ada.id,
    ]);
    expect(row).toEqual({ rows: 10_000 });
  }, 120_000);

  it('keeps to the quota, and then writes nothing', async () => {
    const file = `title\n${'x\n'.repeat(10_000)}`;
    await importFile(ada, 'csv', file);
    await ada.create();
    expectProblem(await importFile(ada, 'csv', file), 403, 'quota_exceeded', PATH);
    expect((await ada.list('?count=true&limit=1')).total).toBe(10_001);
  }, 120_000);

  it.each([
    { name: 'a byte more than 20 MB', size: 20 * 1024 * 1024 + 1, status: 413 },
    { name: '20 MB of one cell', size: 20 * 1024 * 1024, status: 422 },
  ])('refuses $name', async ({ size, status }) => {
    const bytes = Buffer.alloc(size, 'x');
    bytes.write('title\n');
    expect((await importBytes(app, ada, 'csv', bytes)).status).toBe(status);
  });

  it.each([
    { name: 'deep arrays', text: '['.repeat(5_000_000) + ']'.repeat(5_000_000) },
    { name: 'deep objects', text: '{"tasks":'.repeat(100_000) + '1' + '}'.repeat(100_000) },
    { name: 'no JSON', text: '{"format":' },
    { name: 'a list', text: '[]' },
    { name: 'a member twice', text: '{"format":"taskward","format":"taskward","version":1}' },
    { name: 'another format', text: '{"format":"other","version":1,"tasks":[],"lists":[]}' },
    { name: 'a newer version', text: '{"format":"taskward","version":2,"tasks":[],"lists":[]}' },
    { name: 'no tasks', text: '{"format":"taskward","version":1}' },
    {
      name: 'tasks that are none',
      text: '{"format":"taskward","version":1,"tasks":[1,null,[]],"lists":[{}]}',
    },
    { name: 'nothing', text: '' },
  ])('refuses $name with 422', async ({ text }) => {
    const response = await importFile(ada, 'taskward', text);
    expectProblem(response, 422, 'validation_failed', PATH);
    expect(response.body.errors?.every(({ line }) => line !== undefined && line >= 1)).toBe(true);
  });

  it('refuses what is not UTF-8', async () => {
    const { status, body } = await importBytes(
      app,
      ada,
      'csv',
      new Uint8Array(Buffer.from('title\nB\xfcro\n', 'latin1')),
    );
    expect(refusedLines({ status, body })).toEqual([422, '1 encoding']);
  });

  it.each([
    { name: 'a cycle', parents: ['b', 'a'], errors: [422, '1 cycle'] },
    { name: 'itself', parents: ['a', null], errors: [422, '1 cycle'] },
  ])('refuses a parent that is $name', async ({ parents, errors }) => {
    const tasks = ['a', 'b'].map((id, index) => ({ id, title: id, parentId: parents[index] }));
    const file = JSON.stringify({ format: 'taskward', version: 1, tasks, lists: [] });
    expect(refusedLines(await importFile(ada, 'taskward', file)).slice(0, 2)).toEqual(errors);
  });

  it('refuses more than four ancestors, whatever the order, and an id that is there twice', async () => {
    const chain = Array.from(
      { length: 6 },
      (_, n) => `${String(n)},${n > 0 ? String(n - 1) : ''},x`,
    );
    const file = `id,parent,title\n${chain.toReversed().join('\n')}\n`;
    expect(refusedLines(await importFile(ada, 'csv', file))).toEqual([422, '2 too_deep']);
    const twice = await importFile(ada, 'csv', 'id,title\na,x\na,y\n');
    expect(refusedLines(twice)).toEqual([422, '3 duplicate']);
  });

  it('takes a chain of 10,000 without overflowing the stack', async () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => `${String(n)},${String(n + 1)},x`);
    const response = await importFile(ada, 'csv', `id,parent,title\n${chain.join('\n')}\n`);
    expect(refusedLines(response)[1]).toMatch(/too_deep$/);
  });

  it.each([
    { format: 'csv', type: 'text/csv', status: 200 },
    { format: 'csv', type: 'Text/CSV; charset=UTF-8', status: 200 },
    { format: 'csv', type: 'application/json', status: 415 },
    { format: 'csv', type: 'text/csv; charset=iso-8859-1', status: 415 },
    { format: 'taskward', type: 'application/json', status: 422 },
    { format: 'csv', type: 'multipart/form-data; boundary=x', status: 415 },
  ])('responds $status to $format as $type', async ({ format, type, status }) => {
    const response = await importFile(ada, format, CSV, { headers: { 'content-type': type } });
    expect(response.status).toBe(status);
  });

  it('needs a token that may write', async () => {
    const made = await createToken(ada, { scopes: ['tasks:read', 'tasks:write'] });
    const readOnly = await createToken(ada, { scopes: ['tasks:read'] });
    const importBy = (token: string) => importFile(withToken(app.url, ada, token), 'csv', CSV);
    expect((await importBy(made.token)).status).toBe(200);
    expectProblem(await importBy(readOnly.token), 403, 'insufficient_scope', PATH);
    const anonymous = await send(`${app.url}${PATH}?format=csv`, {
      method: 'POST',
      json: CSV,
      headers: { 'content-type': 'text/csv' },
    });
    expectProblem(anonymous, 401, 'missing_token', PATH);
  });

  it('cannot name what is another user’s', async () => {
    const list = await createList(eve);
    const task = await eve.create({ title: 'Private' });
    const mine = { id: 'a', title: 'x', listId: list.id, parentId: task.id, ownerId: eve.id };
    const file = JSON.stringify({ format: 'taskward', version: 1, tasks: [mine], lists: [] });
    const { body } = await importFile(ada, 'taskward', file);
    const madeUp = { ...mine, listId: randomUUID(), parentId: randomUUID() };
    const other = await importFile(
      ada,
      'taskward',
      file.replace(JSON.stringify(mine), JSON.stringify(madeUp)),
    );
    expect(other.body).toEqual(body);
    expect((await ada.list()).data).toMatchObject([
      { listId: null, parentId: null },
      { listId: null, parentId: null },
    ]);
    expect(await titlesOf(eve)).toEqual(['Private']);
  });
});

describe('CSV', () => {
  it('takes back what an export has written', async () => {
    await fillAccount();
    const { body } = await importFile(eve, 'csv', await exportedText(ada, 'csv'));
    expect(body).toEqual({ made: { lists: 2, tasks: 15 }, skipped: [] });
    const shown = async (user: TestUser) =>
      (await user.list('?sort=position&limit=200')).data.map(
        ({
          id: _,
          listId,
          parentId,
          seriesId,
          position: __,
          updatedAt: ___,
          version: ____,
          ...rest
        }) => ({
          ...rest,
          hasList: listId !== null,
          hasParent: parentId !== null,
          isOfSeries: seriesId !== null,
        }),
      );
    expect(await shown(eve)).toEqual(await shown(ada));
  });

  it.each([
    { name: 'CRLF and a byte order mark', file: '\uFEFFTitle,Due\r\nBuy milk,2026-12-24\r\n' },
    { name: 'LF', file: 'title,due\nBuy milk,2026-12-24' },
    { name: 'semicolons', file: 'title;due\nBuy milk;2026-12-24\n' },
    { name: 'quoted cells', file: '"title","due"\r\n"Buy milk","2026-12-24"\r\n' },
  ])('reads $name', async ({ file }) => {
    await importFile(ada, 'csv', file);
    expect((await ada.list()).data).toMatchObject([{ title: 'Buy milk', due: '2026-12-24' }]);
  });

  it('makes a list for each name, and reports columns that it does not know', async () => {
    const file = 'title,list,effort\na,Home,1\nb,Work,2\nc,Home,3\n';
    const { body } = await importFile(ada, 'csv', file);
    expect(body).toEqual({
      made: { lists: 2, tasks: 3 },
      skipped: [{ line: 1, code: 'unknown', detail: 'effort is not known' }],
    });
  });

  it.each([
    { name: 'a line with too few cells', file: 'title,due\nx\n', errors: ['2 csv'] },
    { name: 'a quote that does not end', file: 'title\n"x\n', errors: ['2 csv'] },
    { name: 'no title', file: 'due\n2026-12-24\n', errors: ['1 required', '2 required'] },
    {
      name: 'a line after a cell of several',
      file: 'title,completed\r\n"a\r\nb\nc",no\r\nx,maybe\r\n"d\r\ne",maybe\r\n',
      errors: ['5 type', '6 type'],
    },
    { name: 'an unclear completion', file: 'title,completed\nx,maybe\n', errors: ['2 type'] },
  ])('refuses $name', async ({ file, errors }) => {
    expect(refusedLines(await importFile(ada, 'csv', file))).toEqual([422, ...errors]);
  });
});
