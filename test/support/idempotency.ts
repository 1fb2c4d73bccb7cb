import { randomUUID } from 'node:crypto';
import type { TestApp } from './app.js';
import type { TestUser } from './client.js';
import { asDatabaseOwner } from './database.js';

/** An answer whose body nobody has parsed. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly code: string | undefined;
}

/** Creates a task with an `Idempotency-Key`; a body that is a string is sent as it is. */
export async function createWithKey(
  { url }: Pick<TestApp, 'url'>,
  { token }: TestUser,
  key: string,
  json: unknown = { title: 'Buy milk' },
  signal?: AbortSignal,
): Promise<RawResponse> {
  const response = await fetch(`${url}/api/v1/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: typeof json === 'string' ? json : JSON.stringify(json),
    ...(signal && { signal }),
  });
  const text = await response.text();
  const { code } = JSON.parse(text) as { code?: string };
  return { status: response.status, headers: response.headers, text, code };
}

export const newKey = () => randomUUID();

/** How many keys are kept, of everybody. */
export async function keptKeys(app: TestApp): Promise<number> {
  const [row] = await asDatabaseOwner(app, 'select count(*)::int as n from idempotency_key');
  return Number(row?.['n']);
}
