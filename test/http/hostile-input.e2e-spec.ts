import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { UuidPipe } from '../../src/http/uuid.pipe.js';
import { ProblemValidationPipe } from '../../src/validation/validation.pipe.js';
import type { BatchResultsDto } from '../../src/tasks/task-batch.dto.js';
import { foldTag } from '../../src/tasks/tag-fold.js';
import type { ListDto } from '../../src/lists/list.dto.js';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import type { CreatedFeedDto, FeedsDto } from '../../src/feeds/feed.dto.js';
import type { CreatedTokenDto, TokensDto } from '../../src/tokens/token.dto.js';
import { TasksRepository } from '../../src/tasks/tasks.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import type { ApiResponse, RequestOptions, TestUser } from '../support/client.js';
import { hostile } from '../support/hostile.js';
import { RECURRING } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** How often each place is tried, besides every known text where that says so. */
const RUNS = 4;
/** Milliseconds; an answer that takes longer is one that hangs. */
const TIMEOUT_MS = 10_000;
/** Texts for a place whose code is that of another, which is tried with every known text. */
const FEW = [
  '__proto__',
  'constructor',
  'a\0b',
  'null',
  ' 1',
  `' or '1'='1`,
  '{}',
  '../../etc/passwd',
];
const PREFIX = '/api/v1';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

const document = JSON.parse(
  readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
) as Document;

interface Target extends Operation {
  readonly title: string;
  readonly method: string;
  /** Below `/api/v1`. */
  readonly path: string;
}

const targets: Target[] = Object.entries(document.paths)
  .filter(([path]) => path.startsWith(`${PREFIX}/`))
  .flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => {
      const method = verb.toUpperCase();
      return { ...operation, method, path: path.slice(PREFIX.length), title: `${method} ${path}` };
    }),
  );

const named = (where: string) =>
  targets.flatMap((target) =>
    (target.parameters ?? [])
      .filter((parameter) => parameter.in === where)
      .map(({ name }) => [target.title, name, target] as const),
  );

let app: TestApp;
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  app = await startApp(SECRET_MODE);
  eve = await mintUser(app.url, 'eve');
  await eve.create({ title: 'Of eve', tags: ['a'], due: '2026-12-24', priority: 'high' });
  ada = await mintUser(app.url, 'ada');
});
afterAll(async () => {
  // Bodies that were refused before their end are still on their way.
  app.nest.getHttpServer().closeAllConnections();
  await app.close();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The rule is broken; says by what. */
class Breach extends Error {
  override readonly name = 'Breach';
}

/** Sends a request, which ends, and in no 5xx; `send` holds it against the document. */
async function sendRaw<T = unknown>(
  user: TestUser,
  path: string,
  options: RequestOptions = {},
): Promise<ApiResponse<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Breach(`no answer within ${String(TIMEOUT_MS)} ms`));
    }, TIMEOUT_MS);
  });
  const response = await Promise.race([user.api<T>(path, options), late]);
  clearTimeout(timer);
  if (response.status >= 500) {
    throw new Breach(`${String(response.status)}: ${JSON.stringify(response.body)}`);
  }
  return response;
}

const isRefusal = ({ status }: ApiResponse<unknown>) => status >= 400;

/** Holds a property for every value of the list, several at once, and for others of its kind. */
function property(
  values: fc.Arbitrary<string>,
  check: (value: string) => Promise<void>,
  { known = [] as readonly string[], runs = RUNS } = {},
): [fc.IAsyncProperty<[string[]]>, fc.Parameters<[string[]]>] {
  const several = fc.array(values, { minLength: 1, maxLength: 8 });
  const examples: [string[]][] = [];
  for (let i = 0; i < known.length; i += 16) examples.push([known.slice(i, i + 16)]);
  const tested = fc.asyncProperty(several, async (chosen) => {
    await Promise.all(chosen.map(check));
  });
  return [tested, { numRuns: examples.length + runs, examples, endOnFailure: false }];
}

/** fast-check prints the seed and the smallest values that fail. */
const expectHeld = (...[tested, parameters]: ReturnType<typeof property>) =>
  fc.assert(tested, parameters);

/** That it does not hold: for the checks of the checks. */
async function fails(...[tested, parameters]: ReturnType<typeof property>): Promise<string> {
  const { failed, errorInstance } = await fc.check(tested, { ...parameters, endOnFailure: true });
  expect(failed).toBe(true);
  return String(errorInstance);
}

// Bodies

const ID = '{{id}}';

function resolve(schema: Schema): Schema {
  const { $ref, allOf, anyOf } = schema;
  if ($ref !== undefined) {
    return resolve(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  }
  const [inner] = allOf ?? anyOf ?? [];
  return inner ? resolve(inner) : schema;
}

/** JSON that the schema has no objection to. */
function validJson(schema: Schema): string {
  const { format, enum: values, example, properties, items, oneOf } = resolve(schema);
  if (format === 'uuid') return `"${ID}"`;
  if (oneOf?.[0]) return validJson(oneOf[0]);
  if (properties) return objectJson(schema, {});
  const element = items && resolve(items);
  if (element?.properties ?? element?.oneOf) return `[${validJson(items ?? {})}]`;
  return JSON.stringify(example ?? values?.[0] ?? 'x');
}

/** Members that must be there with others. */
const NEEDED: Record<string, string> = { recurrence: 'due' };

/** An object with the members that must be there, and these. */
function objectJson(schema: Schema, members: Record<string, string>): string {
  const { properties = {}, required = [] } = resolve(schema);
  const sent = [...required, ...Object.keys(members)];
  const names = new Set(sent.flatMap((name) => [name, NEEDED[name] ?? []].flat()));
  const texts = [...names].map(
    (name) => `${JSON.stringify(name)}:${members[name] ?? validJson(properties[name] ?? {})}`,
  );
  return `{${texts.join()}}`;
}

/** A place in a body: JSON becomes a body that has it there, and is valid elsewhere. */
interface Place {
  readonly pointer: string;
  readonly put: (json: string) => string;
}

function placesIn(schema: Schema): Place[] {
  const { properties = {}, items, oneOf = [], enum: values } = resolve(schema);
  const whole = { pointer: '', put: (json: string) => json };
  const members = Object.entries(properties).flatMap(([name, member]) =>
    placesIn(member).map(({ pointer, put }) => ({
      pointer: `/${name}${pointer}`,
      put: (json: string) => objectJson(schema, { [name]: put(json) }),
    })),
  );
  const elements = (items ? placesIn(items) : []).map(({ pointer, put }) => ({
    pointer: `/0${pointer}`,
    put: (json: string) => `[${put(json)}]`,
  }));
  const kinds = oneOf.flatMap((kind) => {
    const { op } = resolve(kind).properties ?? {};
    const name = JSON.stringify(op?.enum);
    return placesIn(kind).map(({ pointer, put }) => ({ pointer: `(${name})${pointer}`, put }));
  });
  return [...(values || oneOf.length === 0 ? [whole] : []), ...members, ...elements, ...kinds];
}

const allBodies = targets.flatMap((target) =>
  Object.entries(target.requestBody?.content ?? {}).map(([type, { schema }]) => ({
    target,
    type,
    schema,
  })),
);
const isFile = ({ schema }: (typeof allBodies)[number]) => schema.format === 'binary';
const bodies = allBodies.filter((body) => !isFile(body));
const files = allBodies.filter(isFile);

const places = bodies.flatMap(({ target, type, schema }) =>
  placesIn(schema).map((place) => [target.title, type, place.pointer, target, place] as const),
);

const trimmed = (sent: unknown) => (typeof sent === 'string' ? sent.trim() : sent);
const lowerCased = (sent: unknown) => (typeof sent === 'string' ? sent.toLowerCase() : sent);

const instant = (sent: unknown) =>
  typeof sent === 'string' && sent.length > 10 ? new Date(sent.toUpperCase()).toISOString() : sent;

/** Expected stored values of the members of a task, list, token or feed that was sent. */
const STORED: Record<string, (sent: unknown) => unknown> = {
  title: trimmed,
  name: trimmed,
  // A revert to the version that the resource has.
  version: (sent) => sent,
  color: lowerCased,
  archived: (sent) => sent ?? false,
  listId: lowerCased,
  parentId: lowerCased,
  description: (sent) => sent,
  completed: (sent) => sent ?? false,
  priority: (sent) => sent ?? 'none',
  due: instant,
  as: (sent) => sent,
  scopes: (sent) => (Array.isArray(sent) ? sent.toSorted() : sent),
  expiresAt: (sent) => instant(sent) ?? null,
  recurrence: (sent) =>
    typeof sent === 'object' && sent !== null
      ? { basis: 'due', ...sent, ...('basis' in sent && sent.basis === null && { basis: 'due' }) }
      : sent,
  tags: (sent) => (Array.isArray(sent) ? sent.map(trimmed) : (sent ?? [])),
};

type Stored = TaskDto | ListDto | CreatedTokenDto | CreatedFeedDto;

function expectStored(sent: object, stored: Stored): void {
  for (const [name, value] of Object.entries(sent)) {
    const expected = Object.hasOwn(STORED, name) ? STORED[name]?.(value) : 'to be refused';
    const found: unknown = Reflect.get(stored, name);
    if (!isDeepStrictEqual(found, expected)) {
      throw new Breach(`${name} was ${JSON.stringify(value)} and is ${JSON.stringify(found)}`);
    }
  }
}

const collectionOf = ({ path }: Target) => (path.startsWith('/lists') ? '/lists' : '/tasks');

const storedOf = async (target: Target, id: string) =>
  (await sendRaw<Stored>(ada, `${collectionOf(target)}/${id}`)).body;

/** Creates the task or list that a request changes. */
async function createFor(target: Target, user: TestUser): Promise<Stored> {
  if (collectionOf(target) === '/tasks') return user.create();
  const json = { name: 'x' };
  return (await user.api<ListDto>('/lists', { method: 'POST', json })).body;
}

/** Tasks and lists that requests were to change, and did not: the next requests take them. */
const unchanged: Record<string, Stored[]> = { '/tasks': [], '/lists': [] };

interface SentOperation {
  readonly op: string;
  readonly id?: string;
  readonly task?: object;
  readonly patch?: object;
}

async function expectBatchDone(sent: object, { results }: BatchResultsDto): Promise<void> {
  const { operations, dryRun } = sent as { operations: SentOperation[]; dryRun?: boolean };
  expect(results).toHaveLength(operations.length);
  for (const [i, { op, id = '', task, patch }] of operations.entries()) {
    const result = results[i]?.task;
    const at = op === 'create' ? (result?.id ?? '') : id;
    const { status, body } = await sendRaw<TaskDto>(ada, `/tasks/${at}`);
    const isThere = dryRun === true ? op !== 'create' : op !== 'delete';
    if (isThere !== (status === 200)) throw new Breach(`after ${op} the task is ${String(status)}`);
    if (!isThere || dryRun === true) continue;
    expectStored(task ?? patch ?? {}, body);
    if (!isDeepStrictEqual(body, result)) throw new Breach('the answer is not what is stored');
  }
}

/** Expects a token to be listed as it was sent, and revokes it: a user has few. */
async function expectTokenMade(sent: object, { token: _, ...made }: CreatedTokenDto) {
  const { data } = (await sendRaw<TokensDto>(ada, '/tokens')).body;
  const stored = data.find(({ id }) => id === made.id);
  if (!isDeepStrictEqual(stored, made)) throw new Breach('the answer is not what is stored');
  expectStored(sent, stored as CreatedTokenDto);
  await sendRaw(ada, `/tokens/${made.id}`, { method: 'DELETE' });
}

/** Does the same for a feed. */
async function expectFeedMade(sent: object, { url: _, ...made }: CreatedFeedDto) {
  const { data } = (await sendRaw<FeedsDto>(ada, '/feeds')).body;
  const stored = data.find(({ id }) => id === made.id);
  if (!isDeepStrictEqual(stored, made)) throw new Breach('the answer is not what is stored');
  expectStored(sent, stored as CreatedFeedDto);
  await sendRaw(ada, `/feeds/${made.id}`, { method: 'DELETE' });
}

/** Sends a body: it is refused and changes nothing, or is done to the letter. */
async function tryBody(target: Target, type: string, json: string): Promise<boolean> {
  const isOfTask = target.path.includes('{id}') || json.includes(ID);
  const spare = unchanged[collectionOf(target)] ?? [];
  const before = isOfTask ? (spare.pop() ?? (await createFor(target, ada))) : undefined;
  const { id = '' } = before ?? {};
  const text = json.replaceAll(ID, id);
  const response = await sendRaw<TaskDto & CreatedTokenDto & CreatedFeedDto & BatchResultsDto>(
    ada,
    target.path.replace('{id}', id),
    {
      method: target.method,
      json: text,
      headers: { 'content-type': type },
    },
  );
  if (isRefusal(response)) {
    if (before === undefined) return false;
    if (!isDeepStrictEqual(await storedOf(target, id), before))
      throw new Breach(`it was refused (${String(response.status)}), and done`);
    spare.push(before);
    return false;
  }
  // No content, or null, is a body where none is needed.
  const sent = (text === '' ? null : (JSON.parse(text) as object | null)) ?? {};
  if (['', 'null'].includes(text.trim()) && !isOptional(target)) {
    throw new Breach(`a body is needed, and ${text} was taken`);
  }
  if (target.path.endsWith('/batch')) await expectBatchDone(sent, response.body);
  else if (target.path === '/tokens') await expectTokenMade(sent, response.body);
  else if (target.path === '/feeds') await expectFeedMade(sent, response.body);
  else {
    const stored = await storedOf(target, response.body.id);
    expectStored(sent, stored);
    if (!isDeepStrictEqual(response.body, stored))
      throw new Breach('the answer is not what is stored');
  }
  return true;
}

const isOptional = ({ path }: Target) => /\/(complete|restore)$/.test(path);
const isTried = ({ title }: Target) => title === 'POST /api/v1/tasks';

describe('a file is refused, whatever is in it:', () => {
  it.each(files.map(({ target, type }) => [target.title, type, target] as const))(
    '%s, %s',
    async (_, type, target) => {
      const check = async (json: string) => {
        const headers = { 'content-type': type };
        const response = await sendRaw(ada, target.path, { method: target.method, headers, json });
        if (!isRefusal(response)) throw new Breach(`${String(response.status)}: it was taken`);
      };
      await expectHeld(...property(hostile.json, check, { known: hostile.all.json }));
    },
    60_000,
  );
});

describe('a value in a body is refused, or stored to the letter:', () => {
  it.each(places)(
    '%s, %s, %s',
    async (_, type, __, target, { put }) => {
      const check = async (json: string) => {
        await tryBody(target, type, put(json));
      };
      const known = isTried(target) ? hostile.all.json : [];
      await expectHeld(...property(hostile.json, check, { known }));
    },
    60_000,
  );

  it.each(bodies.map(({ target, type, schema }) => [target.title, type, target, schema] as const))(
    'and so are names that nobody knows, and names that come twice: %s, %s',
    async (_, type, target, schema) => {
      const valid = validJson(schema);
      const check = async (name: string) => {
        const json = JSON.stringify(name);
        const member = (value: string) =>
          valid.replace('{', `{${json}:${value},`).replace(',}', '}');
        const isKnown = Object.hasOwn(resolve(schema).properties ?? {}, name);
        for (const body of [member('1'), member(`{${json}:1}`)]) {
          const isDone = await tryBody(target, type, body);
          if (isDone && !isKnown) throw new Breach(`${json} was taken`);
        }
        await tryBody(target, type, valid.replace(/\}$/, `,${json}:null}`));
        await tryBody(target, type, `${valid.slice(0, -1)},${valid.slice(1)}`);
      };
      const known = isTried(target) ? hostile.all.names : FEW;
      await expectHeld(...property(hostile.name, check, { known, runs: 2 }));
    },
    60_000,
  );

  it.each(bodies.map(({ target, type, schema }) => [target.title, type, target, schema] as const))(
    'where all is well it is stored: %s, %s',
    async (_, type, target, schema) => {
      expect(await tryBody(target, type, validJson(schema))).toBe(true);
    },
  );
});

// Addresses

/** Tasks of all kinds; each list shows some of them and never any of eve's. */
async function fillList(): Promise<Map<string, TaskDto>> {
  const reader = await mintUser(app.url, 'reader');
  const kinds = [
    {},
    { title: 'b', completed: true, priority: 'low', tags: ['a'], due: '2026-12-24' },
    {
      title: 'a',
      description: 'x',
      priority: 'high',
      tags: ['b', 'a'],
      due: '2026-12-24T10:00:00Z',
    },
    { title: '1 true', due: '0001-01-01' },
    { title: 'null', due: '9999-12-31T23:59:59.999Z' },
  ];
  const tasks = await Promise.all(kinds.map((fields) => reader.create(fields)));
  return new Map(tasks.map((task) => [task.id, task]));
}

describe('a query parameter is rejected, or taken literally:', () => {
  let reader: TestUser;
  let tasks: Map<string, TaskDto>;

  beforeAll(async () => {
    tasks = await fillList();
    reader = await mintUser(app.url, 'reader');
  });

  /** Expected effect of filters that have only these values. */
  const MEANING: Record<string, (task: TaskDto, value: string) => boolean> = {
    completed: (task, value) => String(task.completed) === value,
    hasDue: (task, value) => String(task.due !== null) === value,
    trashed: (_, value) => value === 'false',
    priority: (task, value) =>
      value
        .split(',')
        .map((name) => name.trim())
        .includes(task.priority),
    tags: (task, value) =>
      value.includes('\\') ||
      value.split(',').every((tag) => task.tags.map(foldTag).includes(foldTag(tag.trim()))),
  };

  async function tryQuery(name: string, escaped: string): Promise<void> {
    const { status, body } = await sendRaw<TaskPageDto>(reader, `/tasks?${name}=${escaped}`);
    if (status !== 200) return;
    const value = decodeURIComponent(escaped.replaceAll('+', ' '));
    const wanted = [...tasks.values()].filter((task) => MEANING[name]?.(task, value) ?? true);
    for (const task of body.data) {
      if (!isDeepStrictEqual(tasks.get(task.id), task)) throw new Breach('a task of nowhere');
      if (!wanted.some(({ id }) => id === task.id)) throw new Breach(`${name}: one too many`);
    }
    // A comma within a tag is escaped: what that means is not said here.
    if (name === 'tags' && value.includes('\\')) return;
    const isAll = MEANING[name] !== undefined || ['timeZone', 'sort', 'count'].includes(name);
    if (isAll && body.data.length !== wanted.length) throw new Breach(`${name}: one too few`);
    if (name === 'limit' && body.data.length > Number(value))
      throw new Breach('more than the limit');
  }

  const lists = named('query').filter(
    ([, , { path, method }]) => path === '/tasks' && method === 'GET',
  );

  it.each(lists)(
    '%s, %s',
    async (_, name) => {
      await expectHeld(
        ...property(hostile.escaped, (text) => tryQuery(name, text), {
          known: hostile.all.escaped,
        }),
      );
    },
    60_000,
  );

  it.each(lists)('and only once: %s, %s', async (_, name) => {
    const twice = [`${name}=true&${name}=true`, `${name}=a&${name}=b`, `${name}&${name}`];
    const forms = [
      `${name}[]=true`,
      `${name}[0]=true`,
      `${name}[a]=true`,
      `${name}.a=true`,
      `${name}%00=true`,
      `%20${name}=true`,
    ];
    for (const query of [...twice, ...forms, `${name.toUpperCase()}=true`]) {
      expect([query, (await sendRaw(reader, `/tasks?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it.each(targets.map((target) => [target.title, target] as const))(
    'and a name that is not known is refused: %s',
    async (_, target) => {
      const { id } = await ada.create();
      const path = target.path.replace('{id}', id);
      const known = (target.parameters ?? []).map(({ name }) => name);
      const check = async (name: string) => {
        if (known.includes(name)) return;
        const { method } = target;
        const query = `${encodeURIComponent(name.toWellFormed())}=1`;
        const response = await sendRaw(ada, `${path}?${query}`, { method });
        if (!isRefusal(response)) throw new Breach(`${query}: ${String(response.status)}`);
      };
      // A name that is empty, or not there, is no parameter to anybody.
      const names = hostile.all.names.filter((name) => name !== '');
      await expectHeld(
        ...property(
          hostile.name.filter((name) => name !== ''),
          check,
          { known: names, runs: 1 },
        ),
      );
    },
  );

  it('permanent: a task is removed for good by true alone', async () => {
    const check = async (escaped: string) => {
      const { id } = await ada.create();
      const { status } = await sendRaw(ada, `/tasks/${id}?permanent=${escaped}`, {
        method: 'DELETE',
      });
      const restored = await sendRaw(ada, `/tasks/${id}/restore`, { method: 'POST' });
      const isGone = status === 204 && isRefusal(restored);
      if (isGone !== (escaped === 'true')) throw new Breach(`gone: ${String(isGone)}`);
      if (status === 204 && !['true', 'false'].includes(escaped)) throw new Breach('it was taken');
    };
    await expectHeld(
      ...property(hostile.escaped, check, { known: ['true', 'false', ...hostile.all.escaped] }),
    );
  });
});

describe('an id in a path that is not one is refused:', () => {
  it.each(named('path'))('%s, %s', async (_, __, target) => {
    const known =
      target === named('path')[0]?.[2] ? hostile.all.escaped : FEW.map(encodeURIComponent);
    await expectHeld(...property(hostile.escaped, idIsRefused(target), { known }));
  });

  it.each(named('path'))('and so is one that is nearly one: %s, %s', async (_, __, target) => {
    const { id } = await ada.create();
    const near = Array.from(id, (character, i) => {
      const other = character === '-' ? '0' : (Number.parseInt(character, 16) ^ 1).toString(16);
      return id.slice(0, i) + other + id.slice(i + 1);
    });
    const forms = [
      `{${id}}`,
      `urn:uuid:${id}`,
      ` ${id}`,
      `${id} `,
      id.replaceAll('-', ''),
      `${id}\0`,
      id.slice(1),
      `${id}0`,
    ];
    await Promise.all(
      [...near, ...forms].map((text) => idIsRefused(target)(encodeURIComponent(text))),
    );
    expect((await sendRaw<TaskDto>(ada, `/tasks/${id}`)).body.version).toBe(1);
  });
});

const idIsRefused = (target: Target) => async (escaped: string) => {
  const [{ schema } = { schema: undefined }] = Object.values(target.requestBody?.content ?? {});
  const response = await sendRaw(
    ada,
    target.path.replace('{id}', () => escaped),
    {
      method: target.method,
      ...(schema && { json: validJson(schema) }),
    },
  );
  // Clients resolve an empty segment, or one of dots, to another URL.
  const isElsewhere = ['', '.', '..'].includes(escaped);
  if (!isElsewhere && !isRefusal(response))
    throw new Breach(`${escaped}: ${String(response.status)}`);
};

// Headers

const versionsIn = (value: string) => [...value.matchAll(/(W\/)?"([^"]*)"/g)];

/** Whether a header may be taken to name this version of a task. */
function names(value: string, version: string, isWeakToo: boolean): boolean {
  if (value.trim() === '*') return true;
  return versionsIn(value).some(
    ([, weak, tag]) => tag === version && (isWeakToo || weak === undefined),
  );
}

/** Creates the task or list that a request with a header names; a restore finds it in the trash. */
async function createNamed(target: Target, user: TestUser): Promise<string> {
  const { id } = target.path.endsWith('/skip')
    ? await user.create(RECURRING)
    : await createFor(target, user);
  if (isRestore(target)) await user.api(`${collectionOf(target)}/${id}`, { method: 'DELETE' });
  return id;
}

/** An export of an empty account. */
const EXPORT = '{"format":"taskward","version":1,"lists":[],"tasks":[]}';

const validBody = (schema: Schema) => (schema.format === 'binary' ? EXPORT : validJson(schema));

/** Returns the path and the options of a request that is done, but for its headers. */
function requestOf(target: Target, id: string, headers: Record<string, string> = {}) {
  const [type, content] = Object.entries(target.requestBody?.content ?? {})[0] ?? [];
  const options = {
    method: target.method,
    headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
    ...(content && { json: validBody(content.schema).replaceAll(ID, id) }),
  };
  return [target.path.replace('{id}', id), options] as const;
}

const isRestore = ({ path }: Target) => path.endsWith('/restore');

/** Ids of ada's tasks and lists that the requests of an operation have left as they were. */
const untouched = new Map<Target, string[]>();

/** Sends a header with a request that would be done without it. */
async function tryHeader(target: Target, header: string, value: string): Promise<void> {
  // A user of its own: each may have a key.
  const isKey = header === 'Idempotency-Key';
  const user = isKey ? await mintUser(app.url, randomUUID()) : ada;
  const spare = isKey ? [] : (untouched.get(target) ?? []);
  if (!isKey) untouched.set(target, spare);
  const id = spare.pop() ?? (await createNamed(target, user));
  const [path, options] = requestOf(target, id, { [header]: value });
  const response = await sendRaw<TaskDto>(user, path, options);
  if (isRefusal(response) || target.method === 'GET') spare.push(id);
  if (isRefusal(response)) return;
  const isNamed = names(value, isRestore(target) ? '2' : '1', header === 'If-None-Match');
  const isAllowed: Record<string, () => boolean> = {
    'If-Match': () => isNamed,
    'If-None-Match': () => isNamed === (response.status === 304),
    'Idempotency-Key': () => /^[\x21-\x7e]{1,255}$/.test(value.trim()),
    'Last-Event-ID': () => value.trim() === '',
  };
  if (isAllowed[header]?.() !== true) throw new Breach(`${header}: ${String(response.status)}`);
  if (header !== 'Idempotency-Key') return;
  const again = await sendRaw<TaskDto>(user, path, options);
  const isReplayed = again.headers.get('idempotency-replayed') === 'true';
  if (!isReplayed || !isDeepStrictEqual(again.body, response.body)) throw new Breach('done twice');
}

describe('a header is refused, or honoured:', () => {
  const done = new Map(named('header').map(([title, , target]) => [title, target]));
  done.delete('GET /api/v1/changes/stream');

  it.each([...done])('without it, it is done: %s', async (_, target) => {
    const user = await mintUser(app.url, randomUUID());
    const response = await sendRaw(user, ...requestOf(target, await createNamed(target, user)));
    expect([response.status < 300, response.body]).toEqual([true, response.body]);
  });

  it.each(named('header'))(
    '%s, %s',
    async (_, header, target) => {
      const check = (value: string) => tryHeader(target, header, value);
      const [first] = named('header').filter(([, name]) => name === header);
      // The same code reads it everywhere.
      const known =
        first?.[2] === target ? hostile.all.headers : ['*', '"1"', '"2"', 'W/"1"', '"9"'];
      await expectHeld(...property(hostile.header, check, { known, runs: 2 }));
    },
    60_000,
  );

  it('a string that is not a token is 401', async () => {
    const check = async (value: string) => {
      const headers = { authorization: value };
      const { status } = await sendRaw(ada, '/tasks', { headers });
      if (status !== 401) throw new Breach(String(status));
      const bearer = await sendRaw(ada, '/tasks', {
        headers: { authorization: `Bearer ${value}` },
      });
      if (bearer.status !== 401) throw new Breach(`Bearer: ${String(bearer.status)}`);
    };
    await expectHeld(...property(hostile.header, check, { known: hostile.all.headers }));
  });
});

describe('a cursor', () => {
  it('is refused when a single bit of it is another', async () => {
    await Promise.all([ada.create(), ada.create()]);
    const { nextCursor } = (await sendRaw<TaskPageDto>(ada, '/tasks?limit=1&sort=title')).body;
    const bytes = Buffer.from(nextCursor ?? '', 'base64url');
    expect(bytes.length).toBeGreaterThan(40);
    const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    });
    const truncated = Array.from(bytes, (_, i) => bytes.subarray(0, i + 1).subarray(0, -1));
    const others = [...flipped, ...truncated.slice(1), Buffer.concat([bytes, Buffer.from(' ')])];
    const cursors = [...others.map((other) => other.toString('base64url')), `${nextCursor ?? ''}=`];
    const taken: string[] = [];
    const remaining = cursors.values();
    const workers = Array.from({ length: 8 }, async () => {
      for (const cursor of remaining) {
        const { body } = await sendRaw<{ code?: string }>(
          ada,
          `/tasks?limit=1&sort=title&cursor=${cursor}`,
        );
        if (body.code !== 'invalid_cursor') taken.push(cursor);
      }
    });
    await Promise.all(workers);
    expect(taken).toEqual([]);
    const { status } = await sendRaw(ada, `/tasks?limit=1&sort=title&cursor=${nextCursor ?? ''}`);
    expect(status).toBe(200);
  });
});

describe('these tests notice', () => {
  const create = targets
    .filter(isTried)
    .map((target) => (json: string) => tryBody(target, 'application/json', json));
  const inTitle = async (json: string) => {
    for (const send of create) await send(`{"title":${json}}`);
  };
  const inDescription = async (json: string) => {
    for (const send of create) await send(`{"title":"x","description":${json}}`);
  };
  // NUL would end the message to PostgreSQL, and the connection with it.
  const isWithoutNul = (text: string) => !/%00|\\u0000|\\ud/.test(text);
  const known = hostile.all.json.filter(isWithoutNul);
  const find = (title: string) => {
    const target = targets.find((one) => one.title === title);
    if (target === undefined) throw new Error(`no ${title} in openapi.json`);
    return target;
  };

  it('that nothing is validated', async () => {
    jest
      .spyOn(ProblemValidationPipe.prototype, 'transform')
      .mockImplementation((value) => Promise.resolve(value));
    expect(await fails(...property(hostile.json, inTitle, { known, runs: 0 }))).toMatch(
      /Breach|differ/,
    );
  });

  it.each<{ name: string; alter: (text: string) => string }>([
    { name: 'cut', alter: (text) => text.slice(0, 200) },
    { name: 'normalised', alter: (text) => text.normalize('NFC') },
    { name: 'trimmed', alter: (text) => text.trim() },
    { name: 'freed of what cannot be seen', alter: (text) => text.replaceAll('\u200d', '') },
  ])('that a text is $name on its way', async ({ alter }) => {
    const insert = Reflect.get(TasksRepository.prototype, 'insert');
    jest.spyOn(TasksRepository.prototype, 'insert').mockImplementation(function (
      this: TasksRepository,
      owner,
      tasks,
    ) {
      const altered = tasks.map(({ description, ...values }) => ({
        ...values,
        description: typeof description === 'string' ? alter(description) : null,
      }));
      return insert.call(this, owner, altered);
    });
    expect(await fails(...property(hostile.json, inDescription, { known }))).toContain(
      'description was',
    );
  });

  it('that a batch forgets a member', async () => {
    const insert = Reflect.get(TasksRepository.prototype, 'insert');
    jest.spyOn(TasksRepository.prototype, 'insert').mockImplementation(function (
      this: TasksRepository,
      owner,
      tasks,
    ) {
      return insert.call(
        this,
        owner,
        tasks.map(({ description: _, ...values }) => values),
      );
    });
    const check = async (json: string) => {
      const body = `{"operations":[{"op":"create","task":{"title":"x","description":${json}}}]}`;
      await tryBody(find('POST /api/v1/tasks/batch'), 'application/json', body);
    };
    expect(await fails(...property(hostile.json, check, { known }))).toContain('description was');
  });

  it('that an id is not looked at', async () => {
    jest.spyOn(UuidPipe.prototype, 'transform').mockImplementation((id) => id);
    const check = idIsRefused(find('GET /api/v1/tasks/{id}'));
    const options = { known: hostile.all.escaped.filter(isWithoutNul), runs: 0 };
    expect(await fails(...property(hostile.escaped, check, options))).toContain('Breach');
  });

  it('that If-Match is not heeded', async () => {
    const update = Reflect.get(TasksRepository.prototype, 'update');
    jest.spyOn(TasksRepository.prototype, 'update').mockImplementation(function (
      this: TasksRepository,
      owner,
      id,
      change,
    ) {
      return update.call(this, owner, id, change, {});
    });
    const check = (value: string) => tryHeader(find('PUT /api/v1/tasks/{id}'), 'If-Match', value);
    const options = { known: hostile.all.headers };
    expect(await fails(...property(hostile.header, check, options))).toContain('If-Match: 200');
  });
});
