import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../src/http/body-parser.js';
import { Problem } from '../../src/problems/problem.js';
import { ProblemValidationPipe } from '../../src/validation/validation.pipe.js';
import { TaskBatchDto } from '../../src/tasks/task-batch.dto.js';
import { CreateTaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { anyBody } from '../support/hostile-bodies.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const MAX_ERRORS = 100;

const pipe = new ProblemValidationPipe();

/** Reads and validates a body as a request does; undefined where it is valid. */
function refusalOf(bytes: Buffer, metatype: typeof TaskBatchDto | typeof CreateTaskDto) {
  try {
    pipe.transform(readJson(bytes, {}), { type: 'body', metatype });
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

describe('a body of 256 KB', () => {
  it('gets at most a hundred errors, of which none is as long as what was sent', () => {
    fc.assert(
      fc.property(anyBody, ({ text, kind }) => {
        const type = kind === 'batch' ? TaskBatchDto : CreateTaskDto;
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
