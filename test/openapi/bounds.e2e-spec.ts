import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { useApp } from '../support/app.js';
import { type TestUser } from '../support/client.js';
import { SECRET_MODE } from '../support/secret-mode.js';
import { mintUser } from '../support/tokens.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: object;
}
const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  readonly paths: Record<string, Record<string, { readonly parameters: readonly Parameter[] }>>;
  readonly components: object;
};
const ajv = new Ajv2020({ strict: false });
ajv.addSchema(document, 'api');
const isNewTask = (body: unknown) =>
  ajv.validate({ $ref: 'api#/components/schemas/CreateTask' }, body);
const isParameter = (method: string, path: string, name: string, value: string) => {
  const parameters = document.paths[path]?.[method]?.parameters ?? [];
  const { schema } = parameters.find((parameter) => parameter.name === name) ?? {};
  if (schema === undefined) throw new Error(`${path} has no ${name}`);
  return ajv.validate(schema, value);
};

const app = useApp(SECRET_MODE);
let ada: TestUser;
beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const long = (length: number) => 'x'.repeat(length);
const tags = (length: number) => Array.from({ length }, (_, n) => `tag ${String(n)}`);

describe('the description of a new task allows what the API accepts, and nothing else', () => {
  const fields: Record<string, readonly unknown[]> = {
    title: [
      'x',
      long(255),
      long(256),
      '',
      ' ',
      '\t\n',
      ' x ',
      'a\u0000b',
      '\u0000',
      'a\nb',
      1,
      null,
    ],
    description: ['', ' ', 'a\nb', 'a\u0000b', long(10_000), long(10_001), null, 1],
    completed: [true, false, null, 'true', 1],
    priority: ['none', 'high', 'High', '', null, 1],
    due: [
      ...['2026-12-24', '2026-12-24T10:00:00Z', '2026-12-24t10:00:00.123456789+05:30', null, 1],
      ...['', '24.12.2026', '2026-12-24T10:00Z', '2026-12-24T10:00:00', '2026-12-24 10:00:00Z'],
      ...['2026-12-24T24:00:00Z', '2026-12-24T10:60:00Z', '2026-12-24T10:00:00+24:00'],
    ],
    tags: [
      [],
      ['x'],
      [''],
      [' '],
      ['a\u0000'],
      [long(50)],
      [long(51)],
      ['a', 'a'],
      ['a', 'b'],
      [1],
    ],
  };
  const cases = Object.entries(fields).flatMap(([name, values]) =>
    values.map((value) => ({ name, value, shown: JSON.stringify(value).slice(0, 40) })),
  );

  it.each([
    ...cases,
    { name: 'tags', value: tags(20), shown: 'twenty' },
    { name: 'tags', value: tags(21), shown: 'twenty-one' },
    { name: 'other', value: 1, shown: '1' },
  ])('$name: $shown', async ({ name, value }) => {
    const json = { title: 'x', [name]: value };
    const { status } = await ada.api('/tasks', { method: 'POST', json });
    expect(isNewTask(json)).toBe(status === 201);
  });
});

describe('the description of a parameter allows what the API accepts, and nothing else', () => {
  const ofList: Record<string, readonly string[]> = {
    priority: ['high', 'high,low', ' high , low ', '', 'high,', 'HIGH', 'high;low'],
    tags: ['home', 'a,b', 'a\\,b', 'a\\\\,b', '\\', '', ' ', 'a,', 'a, ,b', ',a', 'a\u0000'],
    dueBefore: [
      ...['2026-12-24', '2026-12-24T10:00:00 02:00', '2026-12-24T10:00:00+02:00', 'x', ''],
      ...['today', 'tomorrow+1w', 'now-2w', 'today 3d', 'today+9999w', 'now-0d', 'tomorrow-0010d'],
      ...[
        'Today',
        'today+3',
        'today+3h',
        'today+10000d',
        'today 3 d',
        'xtoday',
        'todayx',
        'now+1.5d',
      ],
    ],
    q: ['', 'milk', 'a\u0000b', long(200), long(201)],
    sort: ['due', '-due', 'Due', ''],
  };
  const ofTask: Record<string, readonly string[]> = {
    'If-Match': ['*', '"1"', 'W/"1"', '"1", "2"', ',"1",,', '1', '"1', 'w/"1"', '*, "1"', '"a b"'],
    'If-None-Match': ['*', '"1"', 'W/"1", "2"', '1', '"1" "2"'],
  };
  const casesOf = (values: Record<string, readonly string[]>) =>
    Object.entries(values).flatMap(([name, list]) =>
      list.map((value) => ({ name, value, shown: JSON.stringify(value).slice(0, 40) })),
    );

  it.each(casesOf(ofList))('$name=$shown', async ({ name, value }) => {
    const { status } = await ada.api(`/tasks?${name}=${encodeURIComponent(value)}`);
    expect(isParameter('get', '/api/v1/tasks', name, value)).toBe(status === 200);
  });

  it.each(casesOf(ofTask))('$name: $shown', async ({ name, value }) => {
    const { id } = await ada.create();
    const { status } = await ada.api(`/tasks/${id}`, { headers: { [name]: value } });
    expect(isParameter('get', '/api/v1/tasks/{id}', name, value)).toBe(status !== 400);
  });
});
