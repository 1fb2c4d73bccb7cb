import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../src/common/body-parser.js';
import { Problem } from '../src/common/problem.js';
import { ProblemValidationPipe } from '../src/common/validation.pipe.js';
import { TaskBatchDto } from '../src/tasks/task-batch.dto.js';
import { CreateTaskDto } from '../src/tasks/task-input.dto.js';
import { startApp, type TestApp } from './support/app.js';
import type { TestUser } from './support/client.js';
import { mintUser, SECRET_MODE } from './support/tokens.js';

let app: TestApp;
let ada: TestUser;

beforeAll(async () => {
  app = await startApp(SECRET_MODE);
  ada = await mintUser(app.url, 'ada');
});
afterAll(() => app.close());

const BODY_BYTES = 256 * 1024;
const MAX_ERRORS = 100;

const pipe = new ProblemValidationPipe();

/** Reads and validates a body as a request does; undefined where it is valid. */
function refusalOf(bytes: Buffer, metatype: Body['type']) {
  try {
    pipe.transform(readJson(bytes, {}), { type: 'body', metatype });
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** So many runs are measured together: some systems count a thread's time in steps of milliseconds. */
const RUNS = 12;

/** Milliseconds that this thread is on the processor, on average: without the collector and the compiler. */
function threadTimeOf(work: () => unknown): number {
  const start = process.threadCpuUsage();
  for (let i = 0; i < RUNS; i += 1) work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000 / RUNS;
}

/** The same, unless once by the clock is less than that already: nothing makes work faster than it is. */
function timeWithin(most: number, work: () => unknown): number {
  const start = performance.now();
  work();
  const elapsed = performance.now() - start;
  return elapsed < most ? elapsed : threadTimeOf(work);
}

const repeat = (bytes: number, unit: (index: number) => string) =>
  Array.from({ length: Math.floor(bytes / (unit(10_000).length + 1)) }, (_, i) => unit(i)).join();

/** Members, elements and texts that take many bytes, each in its own way. */
const FILLINGS: Record<string, (bytes: number) => string> = {
  'members nobody knows': (bytes) => `{${repeat(bytes, (i) => `"m${String(i)}":0`)}}`,
  'members of few names': (bytes) => `{${repeat(bytes, (i) => `"m${String(i % 9)}":0`)}}`,
  'names of every object': (bytes) => `{${repeat(bytes, (i) => `"__proto__${String(i)}":{}`)}}`,
  numbers: (bytes) => `[${repeat(bytes, () => '0')}]`,
  'empty arrays': (bytes) => `[${repeat(bytes, () => '[]')}]`,
  'empty objects': (bytes) => `[${repeat(bytes, () => '{}')}]`,
  texts: (bytes) => `[${repeat(bytes, (i) => `"t${String(i % 50)}"`)}]`,
  'blank texts': (bytes) => `[${repeat(bytes, () => '"  "')}]`,
  'a text': (bytes) => `"${'x'.repeat(bytes)}"`,
  'a text of blanks': (bytes) => `"x${' '.repeat(bytes)}x"`,
  'a text of escapes': (bytes) => `"${'\\u0316'.repeat(bytes / 6)}"`,
  'a text of ligatures': (bytes) => `"${'\ufdfa'.repeat(bytes / 3)}"`,
  'a text of marks': (bytes) => `"${'\u0316\u0301'.repeat(bytes / 4)}"`,
  'a long name': (bytes) => `{"${'~/'.repeat(bytes / 2)}":0}`,
  'a deep array': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'a deep object': (bytes) => `${'{"a":'.repeat(bytes / 6)}0${'}'.repeat(bytes / 6)}`,
  'an instant': (bytes) => `"2026-12-24T10:00:00.${'1'.repeat(bytes)}"`,
  'entity tags': (bytes) => `"${'\\"1\\",'.repeat(bytes / 7)}"`,
};

const member = fc.constantFrom(
  ...['title', 'description', 'tags', 'due', 'priority', 'completed', 'x', 'constructor'],
);
const filling = fc.constantFrom(...Object.values(FILLINGS));

/** A task of some members, in so many bytes. */
const task = fc
  .uniqueArray(fc.tuple(member, filling), { maxLength: 8, selector: ([name]) => name })
  .map((members) => (bytes: number) => {
    const inner = members.map(([name, fill]) => `"${name}":${fill(bytes / members.length - 20)}`);
    return `{${inner.join()}}`;
  });

const wrap = fc.constantFrom<(text: string) => string>(
  (text) => `{"op":"create","task":${text}}`,
  (text) => `{"op":"update","id":"019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90","patch":${text}}`,
  (text) => `{"op":"delete","id":${text},"ifMatch":${text.slice(0, 0)}0}`,
  (text) => `{"op":${text}}`,
  (text) => text,
);

const batch = fc
  .tuple(fc.constantFrom(1, 3, 30, 100, 101), wrap, task)
  .map(([count, operation, inner]) => {
    const one = operation(inner(BODY_BYTES / count - 90));
    return `{"operations":[${Array(count).fill(one).join()}]}`;
  });

interface Body {
  readonly text: string;
  readonly type: typeof TaskBatchDto | typeof CreateTaskDto;
}

const body: fc.Arbitrary<Body> = fc.oneof(
  batch.map((text) => ({ text, type: TaskBatchDto })),
  task.map((of) => ({ text: of(BODY_BYTES - 100), type: CreateTaskDto })),
  filling.map((fill) => ({ text: fill(BODY_BYTES - 100), type: CreateTaskDto })),
);

/** The body that JSON.parse alone takes longest for: what everything is compared with. */
const YARDSTICK = FILLINGS['members nobody knows']?.(BODY_BYTES) ?? '';

/** The worst that was found takes twice as long; without the bounds it was over ten times. */
const MAX_TIMES_AS_LONG = 5;

describe('a body of 256 KB', () => {
  it('takes little more of the processor than to parse one, whatever is in it', () => {
    const yardstick = threadTimeOf(() => JSON.parse(YARDSTICK) as unknown);
    const most = MAX_TIMES_AS_LONG * yardstick;
    const timeOf = ({ text, type }: Body) =>
      timeWithin(most, () => refusalOf(Buffer.from(text), type));
    const examples = Object.values(FILLINGS).map((fill) => {
      return [{ text: fill(BODY_BYTES - 100), type: CreateTaskDto }] as [Body];
    });
    const isCheap = (sent: Body) => {
      expect(timeOf(sent)).toBeLessThan(most);
    };
    fc.assert(fc.property(body, isCheap), { numRuns: 150, examples });
  });

  it('gets at most a hundred errors, of which none is as long as what was sent', () => {
    fc.assert(
      fc.property(body, ({ text, type }) => {
        const refusal = refusalOf(Buffer.from(text), type);
        const errors = refusal?.errors ?? [];
        expect(errors.length).toBeLessThanOrEqual(MAX_ERRORS);
        expect(JSON.stringify(errors).length).toBeLessThan(MAX_ERRORS * 1_000);
      }),
      { numRuns: 100 },
    );
  });
});

const names = (count: number, name = 'n') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${String(i)}`, 0]));

async function errorsOf(path: string, json: unknown) {
  const { status, body } = await ada.api(path, { method: 'POST', json });
  return { status, errors: body.errors ?? [] };
}

describe('a refused body', () => {
  it('lists the first hundred broken rules', async () => {
    const operations = Array.from({ length: 100 }, () => ({ op: 'create', task: names(10) }));
    const { status, errors } = await errorsOf('/tasks/batch', { operations });
    expect([status, errors.length]).toEqual([422, 100]);
    expect(errors.at(-1)?.pointer).toBe('/operations/9/task/n0');
  });

  it('may have 32 members in an object, and not one more', async () => {
    const most = await errorsOf('/tasks', { title: 'x', ...names(31) });
    expect([most.status, most.errors.length]).toEqual([422, 31]);
    const more = await errorsOf('/tasks', { title: 'x', ...names(32) });
    const detail = 'the whole must have at most 32 members';
    expect(more).toEqual({ status: 422, errors: [{ pointer: '', code: 'too_many', detail }] });
  });

  it('may have 10,000 values, and not one more', async () => {
    const tags = Array(98).fill(0);
    const operations = Array.from({ length: 100 }, () => ({ op: 'create', task: { tags } }));
    const detail = 'the whole must have at most 10000 values';
    expect(await errorsOf('/tasks/batch', { operations })).toEqual({
      status: 422,
      errors: [{ pointer: '', code: 'too_many', detail }],
    });
  });

  it.each([
    ['letters', 'x'.repeat(5_000), 'x'.repeat(100)],
    ['pictures, none of them cut in two', '🥛'.repeat(500), '🥛'.repeat(100)],
    ['what a pointer escapes', '~'.repeat(500), '~0'.repeat(100)],
  ])('names a member of many %s by its first hundred', async (_, name, shown) => {
    const { errors } = await errorsOf('/tasks', { title: 'x', [name]: 0 });
    expect(errors.map(({ pointer }) => pointer)).toEqual([`/${shown}`]);
    expect(errors[0]?.detail.length).toBeLessThan(300);
  });

  it('names a parameter by its first hundred characters as well', async () => {
    const { body } = await ada.api(`/tasks?${'x'.repeat(5_000)}=1`);
    expect(body.errors?.map(({ parameter }) => parameter)).toEqual(['x'.repeat(100)]);
  });
});
