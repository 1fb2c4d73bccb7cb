import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchResultsDto } from '../../src/tasks/task-batch.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/** Returns the errors of an invalid body as `pointer code`, ordered by pointer. */
async function broken(json: unknown, method = 'POST', path = '/tasks'): Promise<string[]> {
  const { status, body } = await ada.api(path, { method, json });
  expect([status, body.code]).toEqual([422, 'validation_failed']);
  for (const { code, detail } of body.errors ?? []) expect([code, detail]).not.toContain('');
  return (body.errors ?? []).map(({ pointer = '?', code }) => `${pointer} ${code}`).sort();
}

const strings = (count: number) => Array.from({ length: count }, (_, i) => `tag ${i}`);

describe('a text', () => {
  it.each([
    { name: 'a title of 255 characters', fields: { title: 'x'.repeat(255) } },
    { name: 'a title of 255 emoji', fields: { title: '🥛'.repeat(255) } },
    { name: 'a title of 1 character', fields: { title: '0' } },
    { name: 'a description of 10,000 characters', fields: { description: 'x'.repeat(10_000) } },
    { name: 'a description of 10,000 emoji', fields: { description: '🥛'.repeat(10_000) } },
    { name: 'an empty description', fields: { description: '' } },
    { name: 'a description of white space', fields: { description: ' \n\t ' } },
    { name: 'no description', fields: { description: null } },
    { name: '20 tags', fields: { tags: strings(20) } },
    { name: 'no tags', fields: { tags: [] } },
    { name: 'a tag of 50 emoji', fields: { tags: ['🥛'.repeat(50)] } },
    { name: 'tags in their order and case', fields: { tags: ['b', 'A', 'c', 'Z'] } },
  ])('may be $name, and comes back as it was', async ({ fields }) => {
    const { status, body } = await ada.api<TaskDto>('/tasks', {
      method: 'POST',
      json: { title: 'Buy milk', ...fields },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject(fields);
    expect((await ada.api<TaskDto>(`/tasks/${body.id}`)).body).toMatchObject(fields);
  });

  it('is counted after it was trimmed', async () => {
    const task = await ada.create({
      title: `\t\n \u00a0\u3000${'x'.repeat(255)} `,
      tags: [` ${'y'.repeat(50)}\u2003`],
    });
    expect(task).toMatchObject({ title: 'x'.repeat(255), tags: ['y'.repeat(50)] });
  });

  it.each([
    {
      name: 'a title of 256 characters',
      fields: { title: 'x'.repeat(256) },
      errors: ['/title too_long'],
    },
    {
      name: 'a title of 256 emoji',
      fields: { title: '🥛'.repeat(256) },
      errors: ['/title too_long'],
    },
    { name: 'an empty title', fields: { title: '' }, errors: ['/title too_short'] },
    {
      name: 'a blank title',
      fields: { title: ' \t\n\u00a0\u3000\ufeff' },
      errors: ['/title too_short'],
    },
    { name: 'a title of NUL', fields: { title: 'a\0b' }, errors: ['/title unicode'] },
    {
      name: 'a description of NUL',
      fields: { description: '\0' },
      errors: ['/description unicode'],
    },
    {
      name: '10,001 characters',
      fields: { description: 'x'.repeat(10_001) },
      errors: ['/description too_long'],
    },
    {
      name: '10,001 emoji',
      fields: { description: '🥛'.repeat(10_001) },
      errors: ['/description too_long'],
    },
    { name: '21 tags', fields: { tags: strings(21) }, errors: ['/tags too_many'] },
    { name: 'the same tag twice', fields: { tags: ['a', 'b', 'a'] }, errors: ['/tags duplicate'] },
    {
      name: 'the same tag in capitals',
      fields: { tags: ['straße', 'Émile', 'éMILE'] },
      errors: ['/tags duplicate'],
    },
    {
      name: 'the same tag with spaces around',
      fields: { tags: ['a', ' a '] },
      errors: ['/tags duplicate'],
    },
    {
      name: 'a tag of 51 characters',
      fields: { tags: ['a', 'x'.repeat(51)] },
      errors: ['/tags/1 element_too_long'],
    },
    {
      name: 'an empty tag',
      fields: { tags: ['a', 'b', ''] },
      errors: ['/tags/2 element_too_short'],
    },
    { name: 'a blank tag', fields: { tags: [' \u00a0'] }, errors: ['/tags/0 element_too_short'] },
    { name: 'a tag of NUL', fields: { tags: ['a', '\0'] }, errors: ['/tags/1 element_unicode'] },
  ])('may not be $name', async ({ fields, errors }) => {
    expect(await broken({ title: 'Buy milk', ...fields })).toEqual(errors);
    const { id } = await ada.create();
    expect(await broken(fields, 'PATCH', `/tasks/${id}`)).toEqual(errors);
  });

  it.each(['\\ud800', '\\udc00', 'a\\udbff', '\\udfff b', '\\udc00\\ud800'])(
    'may not hold the lone surrogate %s',
    async (half) => {
      const json = `{"title":"x${half}","description":"${half}","tags":["a","${half}"]}`;
      const errors = ['/description unicode', '/tags/1 element_unicode', '/title unicode'];
      expect(await broken(json)).toEqual(errors);
    },
  );

  it.each([
    "'; drop table task; --",
    'it\'s "quoted" `thrice`',
    'back\\slash \\\\ \\n \\u0041 \\',
    "E'\\' U&'\\0041' $$ $tag$ $1 $2",
    'a ? b ?? c ?| ?& :name ::text @p {{x}} %s %d',
    '[raw]: now() (#1)',
    'null',
    'NULL',
    '{a,b} {} {"x"} [1:2]={1,2}',
    ', "',
    'one\r\ntwo\nthree\tfour, "five"',
    'a\u00a0b\u2003c\u200bd\ufeffe',
    'مهمة עברית \u202eright to left\u202c',
    'e\u0301 \u00e9 \u1112\u1161\u11ab \ufb01',
    '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇺🇳',
    '\u0001\u0008\u001b[31m\u007f\u0085x',
    '\u{10ffff}\uffff\ufdd0',
    '<script>alert(1)</script> &amp;',
    '__proto__',
    '${7*7} #{7*7} ../../etc/passwd',
  ])('comes back to the character when it is %j', async (text) => {
    const fields = { title: text, description: ` ${text}\n`, tags: [text, 'b'] };
    const task = await ada.create(fields);
    expect(task).toMatchObject(fields);
    const path = `/tasks/${task.id}`;
    expect((await ada.api<TaskDto>(path)).body).toEqual(task);

    const same = await ada.api<TaskDto>(path, { method: 'PATCH', json: fields });
    expect(same.body).toEqual(task);
    const other = { title: `${text}!`, description: `${text}!`, tags: ['b', `${text}!`] };
    const changed = await ada.api<TaskDto>(path, { method: 'PATCH', json: other });
    expect(changed.body).toMatchObject({ ...other, version: 2 });
    expect((await ada.api<TaskDto>(path)).body).toEqual(changed.body);
  });
});

describe('a field of the wrong type', () => {
  const wrong: Record<string, unknown[]> = {
    title: [null, 5, true, {}, ['a']],
    description: [5, false, {}, ['a']],
    completed: ['true', 1, 0, {}, []],
    priority: ['urgent', 'HIGH', '', 3, true, {}, ['high']],
    due: [20_261_224, true, {}, ['2026-12-24']],
    tags: ['home', 5, true, {}, { 0: 'a', length: 1 }],
  };
  const rows = Object.entries(wrong).flatMap(([name, values]) =>
    values.map((value): [string, unknown] => [name, value]),
  );
  it.each(rows)('is refused: %s = %j', async (name, value) => {
    const errors = [`/${name} ${name === 'priority' ? 'one_of' : 'type'}`];
    expect(await broken({ title: 'Buy milk', [name]: value })).toEqual(errors);
    const { id } = await ada.create();
    expect(await broken({ [name]: value }, 'PATCH', `/tasks/${id}`)).toEqual(errors);
  });

  it('is not null in an optional field of a new task, which gets its default', async () => {
    const defaults = { description: null, completed: false, priority: 'none', due: null, tags: [] };
    const { id, ...task } = await ada.create(
      Object.fromEntries(Object.keys(defaults).map((name) => [name, null])),
    );
    expect(task).toMatchObject(defaults);
    const operations = [{ op: 'create', task: { title: 'Buy milk', priority: null, tags: null } }];
    const { body } = await ada.api<BatchResultsDto>('/tasks/batch', {
      method: 'POST',
      json: { operations },
    });
    expect(body.results[0]?.task).toMatchObject(defaults);
    expect(body.results[0]?.task?.id).not.toBe(id);
  });

  it('is named by element in an array', async () => {
    const tags = ['a', 5, null, ['b'], {}, true, 'c'];
    const errors = [1, 2, 3, 4, 5].map((index) => `/tags/${index} element_type`);
    expect(await broken({ title: 'Buy milk', tags })).toEqual(errors);
  });
});

describe('a field that is not writable', () => {
  const names = ['owner', 'ownerId', 'owner_id', 'userId', 'sub', 'id', 'version', 'completedAt'];
  names.push('createdAt', 'updatedAt', 'deletedAt', 'dueDate', 'dueAt', 'Title', 'nope', '');
  // Names that every object has, and that a parser may treat specially.
  names.push('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf');
  it.each(names)('is refused: %s', async (name) => {
    const json = `{"title":"Buy milk",${JSON.stringify(name)}:{"isAdmin":true}}`;
    expect(await broken(json)).toEqual([`/${name} unknown`]);
    const { id } = await ada.create();
    expect(await broken(json, 'PATCH', `/tasks/${id}`)).toEqual([`/${name} unknown`]);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  });

  it('is pointed at as RFC 6901 has it', async () => {
    expect(await broken({ title: 'a', 'a/b~c': 1 })).toEqual(['/a~1b~0c unknown']);
  });
});

it('every broken rule of a body is listed at once', async () => {
  const json = {
    description: 5,
    completed: 'yes',
    priority: 'urgent',
    due: '2026-02-30',
    tags: ['a', 'A', '', 'x'.repeat(51)],
    ownerId: 'x',
    constructor: 'x',
  };
  expect(await broken(json)).toEqual([
    '/completed type',
    '/constructor unknown',
    '/description type',
    '/due due',
    '/ownerId unknown',
    '/priority one_of',
    '/tags duplicate',
    '/tags/2 element_too_short',
    '/tags/3 element_too_long',
    '/title required',
  ]);
  expect((await ada.list('?limit=1')).data[0]?.title).not.toBeUndefined();
});
