import { isDeepStrictEqual } from 'node:util';
import type { Subject } from './scenarios.ts';
import type { Side } from './sides.ts';

interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

const LIST = '/tasks?limit=20';
const ABSENT = '/tasks/00000000-0000-7000-8000-000000000000';

/**
 * Returns the requests of every scenario, and requests that must be rejected too: speed must not
 * come from omitted checks.
 */
function questionsOf({ ids, changeable }: Subject): Question[] {
  const task = `/tasks/${ids[0] ?? ''}`;
  const other = `/tasks/${changeable[0] ?? ''}`;
  const full = { title: ' Buy milk ', description: 'Two litres', priority: 'high', tags: ['a b'] };
  const post = (json: unknown): Question => ({ method: 'POST', path: '/tasks', json });
  const patch = (json: unknown, ifMatch: string, path = other): Question => ({
    method: 'PATCH',
    path,
    json,
    headers: { 'if-match': ifMatch, 'content-type': 'application/merge-patch+json' },
  });
  return [
    { path: '/me' },
    { path: LIST },
    { path: '/tasks?limit=200' },
    { path: `${LIST}&tags=home,t3&q=milk` },
    { path: `${LIST}&q=nothing` },
    { path: `${LIST}&completed=false` },
    { path: task },
    { path: ABSENT },
    { path: '/tasks/7' },
    { path: '/tasks?limit=201' },
    { path: '/tasks?sortt=title' },
    { path: task, headers: { authorization: '' } },
    { path: task, headers: { authorization: 'Bearer a.b.c' } },
    post({ ...full, due: '2026-12-24' }),
    post({ ...full, due: '2026-12-24T10:00:00+02:00', completed: false }),
    post({ title: ' ' }),
    post({ title: 'x'.repeat(256) }),
    post({ title: 'x', owner: 'me' }),
    post({ title: 'x', due: '2026-02-30' }),
    post({ title: 'x', tags: Array.from({ length: 21 }, (_, i) => String(i)) }),
    patch({ title: 'Buy oat milk', tags: null }, '"1"'),
    patch({ title: 'Buy oat milk' }, '"2"'),
    patch({ title: 'Stale' }, '"1"'),
    patch({ title: 'Absent' }, '"1"', ABSENT),
  ];
}

const HEADERS = ['content-type', 'cache-control', 'x-content-type-options', 'etag'];

/** Members that differ between any two responses. */
const NEW = new Set(['nextCursor', 'requestId']);
const NEW_OF_CREATED = new Set(['id', 'createdAt', 'updatedAt']);

/** Sends a request; returns the response without what may differ between two responses to it. */
async function ask(side: Side, token: string, question: Question): Promise<unknown> {
  const { method = 'GET', path, headers, json } = question;
  const answer = await fetch(`${side.origin}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const body = await answer.text();
  const isNew = (name: string) => NEW.has(name) || (method !== 'GET' && NEW_OF_CREATED.has(name));
  const { status } = answer;
  // Only the status of errors is compared: their wording does not affect performance.
  if (status >= 400) return { status };
  return {
    status,
    headers: HEADERS.map((name) => answer.headers.get(name)),
    has: ['x-request-id', 'link', 'location'].map((name) => answer.headers.has(name)),
    body: JSON.parse(body, (name, value: unknown) =>
      isNew(name) && typeof value === 'string' ? 'new' : value,
    ) as unknown,
  };
}

async function expectSame(
  a: Side,
  b: Side,
  token: string,
  questions: readonly Question[],
): Promise<void> {
  for (const question of questions) {
    const answers = await Promise.all([a, b].map((side) => ask(side, token, question)));
    if (isDeepStrictEqual(answers[0], answers[1])) continue;
    const shown = answers.map((answer) => JSON.stringify(answer).slice(0, 1_500));
    throw new Error(`The answers to ${JSON.stringify(question)} differ:\n  ${shown.join('\n  ')}`);
  }
}

/** @throws Error when the two sides behave differently, which makes a comparison meaningless. */
export function expectSameAnswers(ours: Side, bare: Side, subject: Subject): Promise<void> {
  return expectSame(ours, bare, subject.token, questionsOf(subject));
}

/** Compares the scenarios' lists only. */
export function expectSameLists(a: Side, b: Side, { token }: Subject): Promise<void> {
  return expectSame(a, b, token, [{ path: LIST }, { path: `${LIST}&tags=home&q=milk` }]);
}
