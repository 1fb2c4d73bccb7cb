import { SEARCHED_LETTERS } from './bounds-seed.ts';

/** A request at one of the bounds. */
export interface Case {
  readonly title: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const LENGTH = 10_000;
/** Four times `BODY_LIMIT`. */
const BATCH_BYTES = 1024 * 1024;

const range = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => String.fromCodePoint(first + i)).join('');

const fill = (unit: string) => unit.repeat(LENGTH).slice(0, LENGTH).trim();

const words = (letters: number) =>
  Array.from({ length: LENGTH }, (_, i) => (i + 36 ** (letters - 1)).toString(36)).join(' ');

const batchOf = (operations: readonly unknown[]) => JSON.stringify({ operations });

/** Creates a batch of as many tasks of one kind as fit. */
function createMany(title: string, task: object, maxCount = 100): Case {
  const operation = { op: 'create', task: { title: 'x', ...task } };
  const bytes = Buffer.byteLength(JSON.stringify(operation)) + 1;
  const count = Math.min(maxCount, Math.floor((BATCH_BYTES - 100) / bytes));
  const body = batchOf(Array(count).fill(operation));
  return { title: `${String(count)} × ${title}`, method: 'POST', path: '/tasks/batch', body };
}

const MARKS = `a${'\u0316\u0301'.repeat(50)}`.repeat(99);
const LONG_TAGS = Array.from({ length: 20 }, (_, i) => `${String(i)}${'é'.repeat(48)}`);

/** The largest valid batches. */
export const BATCHES: readonly Case[] = [
  createMany('10,000 letters of short words', { description: words(3).slice(0, LENGTH) }),
  createMany('5,000 one-letter words', { description: fill('a b c ') }),
  createMany('2,500 Chinese characters', { description: range(0x4e00, 2_500) }),
  createMany('10,000 Korean syllables', { description: range(0xac00, LENGTH) }),
  createMany('10,000 emoji', { description: range(0x1f300, 700).repeat(14) }),
  createMany('9,999 marks, 100 in a row', { description: MARKS }),
  createMany('1,777 × U+FDFA', { description: '\ufdfa'.repeat(1_777) }, 46),
  createMany('20 tags of 50 characters', { tags: LONG_TAGS }),
];

/** Tasks that are updated and deleted: those with the most words. */
export const MOST_WORDS = createMany(
  '2,500 Chinese characters',
  {
    description: range(0x4e00, 2_500),
  },
  50,
);

export const changeMany = (ids: readonly string[]): Case => ({
  title: `a new title for ${String(ids.length)} × 2,500 words`,
  method: 'POST',
  path: '/tasks/batch',
  body: batchOf(ids.map((id) => ({ op: 'update', id, patch: { title: 'y' } }))),
});

export const deleteMany = (ids: readonly string[]): Case => ({
  title: `delete ${String(ids.length)} × 2,500 words`,
  method: 'POST',
  path: '/tasks/batch',
  body: batchOf(ids.map((id) => ({ op: 'delete', id }))),
});

const one = <T>(list: readonly T[], random: () => number) =>
  list[Math.floor(random() * list.length)] as T;

/**
 * Creates a search for words that are the beginning of many others, with random filters and order.
 */
function anySearch(random: () => number): Case {
  const count = one([1, 2, 3, 4, 6, 15, 36], random);
  const letters = Array.from(SEARCHED_LETTERS)
    .toSorted(() => random() - 0.5)
    .slice(0, count);
  const second = one(['', '', '', 'a', '1'], random);
  const q = one([1, 6], random) === 1 ? letters : Array(6).fill(letters).flat();
  const query = new URLSearchParams({
    q: q
      .map((letter) => `${String(letter)}${second}`)
      .join(' ')
      .slice(0, 200),
    sort: one(['createdAt', '-updatedAt', 'due', '-due', 'priority', 'title'], random),
    limit: one(['1', '20', '200'], random),
  });
  const filters = {
    completed: 'true',
    tags: 'home',
    trashed: 'true',
    count: 'true',
    hasDue: 'true',
  };
  for (const [name, value] of Object.entries(filters)) if (random() < 0.3) query.set(name, value);
  return { title: query.toString(), method: 'GET', path: `/tasks?${query.toString()}` };
}

/** Returns the same searches in every run. */
export function searches(count: number): Case[] {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 0x7fffffff) / 0x7fffffff;
  const chosen = Array.from({ length: count }, () => anySearch(random));
  const reviewed = Array(6).fill('a b c d e f g h i j k l m n o').join(' ');
  const params = new URLSearchParams({ q: reviewed, count: 'true' });
  const path = `/tasks?${params.toString()}`;
  return [{ title: 'fifteen letters, six times over', method: 'GET', path }, ...chosen];
}

const BODY_BYTES = 256 * 1024;

const members = (bytes: number) => {
  const all = Array.from({ length: Math.floor(bytes / 12) }, (_, i) => `"m${String(i)}":0`);
  return all
    .join()
    .slice(0, bytes)
    .replace(/,[^,]*$/, '');
};

/** The worst bodies found by `test/http/input-bounds.e2e-spec.ts`. */
export const BODIES: readonly Case[] = [
  { title: 'unknown members, 256 KB', body: `{${members(BODY_BYTES - 20)}}` },
  { title: 'arrays in arrays, 256 KB', body: '['.repeat(131_000) + ']'.repeat(131_000) },
  {
    title: 'entity tags, 250 KB',
    body: batchOf(
      Array(100).fill({
        op: 'delete',
        id: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90',
        ifMatch: '"1",'.repeat(400),
      }),
    ),
  },
  { title: 'unknown members in a batch, 1 MB', body: `{${members(BATCH_BYTES - 20)}}` },
].map(({ title, body }) => ({ title, body, method: 'POST', path: '/tasks/batch' }));
