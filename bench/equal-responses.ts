import { isDeepStrictEqual } from 'node:util';
import type { Subject } from './scenarios.ts';
import type { Side } from './sides.ts';
import type { Stand } from './stand.ts';

interface TestRequest {
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
function requestsFor({ ids, changeable }: Subject): TestRequest[] {
  const task = `/tasks/${ids[0] ?? ''}`;
  const other = `/tasks/${changeable[0] ?? ''}`;
  const full = { title: ' Buy milk ', description: 'Two litres', priority: 'high', tags: ['a b'] };
  const post = (json: unknown): TestRequest => ({ method: 'POST', path: '/tasks', json });
  const patch = (json: unknown, ifMatch: string, path = other): TestRequest => ({
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
const GENERATED_MEMBERS = new Set(['nextCursor', 'requestId']);
const GENERATED_MEMBERS_OF_NEW_TASKS = new Set(['id', 'position', 'createdAt', 'updatedAt']);

/** Sends a request; returns the response without what may differ between two responses to it. */
async function send(side: Side, token: string, request: TestRequest): Promise<unknown> {
  const { method = 'GET', path, headers, json } = request;
  const response = await fetch(`${side.origin}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const body = await response.text();
  const isGenerated = (name: string) =>
    GENERATED_MEMBERS.has(name) || (method !== 'GET' && GENERATED_MEMBERS_OF_NEW_TASKS.has(name));
  const { status } = response;
  // Only the status of errors is compared: their wording does not affect performance.
  if (status >= 400) return { status };
  return {
    status,
    headers: HEADERS.map((name) => response.headers.get(name)),
    has: ['x-request-id', 'link', 'location'].map((name) => response.headers.has(name)),
    body: JSON.parse(body, (name, value: unknown) =>
      isGenerated(name) && typeof value === 'string' ? 'new' : value,
    ) as unknown,
  };
}

/** Whether a request filters by tags or text, which the lean schema cannot. */
const isSearch = ({ path }: TestRequest) => /[?&](?:tags|q)=/.test(path);

async function expectSameResponses(
  sides: readonly Side[],
  token: string,
  requests: readonly TestRequest[],
): Promise<void> {
  for (const request of requests) {
    const asked = isSearch(request) ? sides.filter(({ name }) => name !== 'lean') : sides;
    const responses = await Promise.all(asked.map((side) => send(side, token, request)));
    if (responses.every((response) => isDeepStrictEqual(response, responses[0]))) continue;
    const shown = responses.map(
      (response, i) => `${asked[i]?.name ?? ''}: ${JSON.stringify(response).slice(0, 1_500)}`,
    );
    throw new Error(`The responses to ${JSON.stringify(request)} differ:\n  ${shown.join('\n  ')}`);
  }
}

/** @throws Error when the sides behave differently, which makes a comparison meaningless. */
export async function expectEqualResponses({ ours, bare, peers, subject }: Stand): Promise<void> {
  const lean = peers.filter(({ name }) => name === 'lean').map(({ side }) => side);
  const sides = [ours, bare, ...lean];
  await expectSameResponses(sides, subject.token, requestsFor(subject));
}

/** Compares the scenarios' lists only. */
export function expectEqualLists(a: Side, b: Side, { token }: Subject): Promise<void> {
  return expectSameResponses([a, b], token, [{ path: LIST }, { path: `${LIST}&tags=home&q=milk` }]);
}
