import { beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { documentedOperations, exampleOf } from '../support/examples.js';
import { createFeed } from '../support/feeds.js';
import { createToken } from '../support/personal-tokens.js';
import { RECURRING } from '../support/tasks.js';

const PREFIX = '/api/v1';
const operations = documentedOperations
  .filter(({ path }) => path.startsWith(`${PREFIX}/`))
  .map((operation) => ({
    ...operation,
    mediaTypes: Object.keys(operation.requestBody?.content ?? {}),
    statuses: Object.keys(operation.responses).map(Number),
  }));
const requests = operations.flatMap(({ mediaTypes, ...operation }) =>
  (mediaTypes.length > 0 ? mediaTypes : [undefined]).map((mediaType) => ({
    ...operation,
    mediaType,
  })),
);

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/** Creates the task, list, token or feed that the address of an operation names. */
async function resourceFor(operationId: string): Promise<string> {
  if (operationId === 'revokeToken') return (await createToken(ada)).id;
  if (operationId === 'deleteFeed') return (await createFeed(ada)).id;
  const isList = /List(History)?$/.test(operationId);
  const path = isList ? '/lists' : '/tasks';
  const json = isList
    ? { name: 'x' }
    : { title: 'x', ...(operationId.startsWith('skip') && RECURRING) };
  const { id } = (await ada.api<{ id: string }>(path, { method: 'POST', json })).body;
  if (operationId.startsWith('restore')) await ada.api(`${path}/${id}`, { method: 'DELETE' });
  return id;
}

describe('an example of openapi.json', () => {
  it.each(requests)(
    'of $operationId succeeds as it stands ($mediaType)',
    async ({ mediaType, ...operation }) => {
      const id = operation.path.includes('{id}') ? await resourceFor(operation.operationId) : '';
      const response = await ada.api<object>(
        operation.path.slice(PREFIX.length).replace('{id}', id),
        {
          method: operation.method.toUpperCase(),
          json: exampleOf(operation),
          ...(mediaType !== undefined && { headers: { 'content-type': mediaType } }),
        },
      );
      const [success] = operation.statuses.filter((status) => status < 300);
      expect(response.status).toBe(success);
    },
  );

  it('of a new task is one that is still to be done', () => {
    const create = operations.find(({ operationId }) => operationId === 'createTask');
    expect(create && exampleOf(create)).toMatchObject({ title: 'Buy milk', completed: false });
  });

  it('of a batch creates two tasks', async () => {
    const batch = operations.find(({ operationId }) => operationId === 'batchTasks');
    const json = batch && { ...exampleOf(batch), dryRun: true };
    const { body } = await ada.api<{ results: object[] }>('/tasks/batch', { method: 'POST', json });
    expect(body.results).toMatchObject([{ status: 201 }, { status: 201 }]);
  });
});

describe('an example of a problem', () => {
  interface Example {
    readonly instance: string;
    readonly code: string;
    readonly status: number;
    readonly errors?: readonly { pointer?: string; parameter?: string; header?: string }[];
  }
  const problemsOf = ({ responses }: (typeof operations)[number]) =>
    Object.entries(responses).flatMap(([status, { content }]) =>
      Object.values(content?.['application/problem+json']?.examples ?? {}).map(
        ({ value }) => [status, value as Example] as const,
      ),
    );
  /** The request could not be read, so its address is not known. */
  const UNREAD = ['malformed_request', 'request_timeout', 'headers_too_large'];

  it.each(operations)('of $operationId is one of its own address', (operation) => {
    const problems = problemsOf(operation);
    expect(problems.length).toBeGreaterThan(10);
    for (const [status, { code, instance, ...problem }] of problems) {
      const address = operation.path.replace('{id}', '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90');
      expect([code, instance]).toEqual([code, UNREAD.includes(code) ? '/' : address]);
      expect(String(problem.status)).toBe(status);
    }
  });

  it.each(operations)('of $operationId names members and headers that it has', (operation) => {
    const members = Object.keys(exampleOf(operation) ?? {});
    const headers = (operation.parameters ?? []).map(({ name }) => name);
    const errors = problemsOf(operation).flatMap(([, problem]) => problem.errors ?? []);
    const pointers = errors.flatMap(({ pointer }) => pointer?.split('/')[1] ?? []);
    expect(members).toEqual(expect.arrayContaining(pointers));
    expect(['authorization', ...headers]).toEqual(
      expect.arrayContaining(errors.flatMap(({ header }) => header ?? [])),
    );
  });
});
