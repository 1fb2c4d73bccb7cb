import { NetworkError, type TaskPage } from '@taskward/client';
import { type LocalFilter, taskQuery } from './filter';
import { keepPage } from './seen-tasks';
import type { TaskSession } from './task-session';

const PAGE_SIZE = 200;
const RETRY_MS = 5_000;
export const STALE_MS = 30_000;

/** Returns the time after which a list asks again by itself, while the server does not respond. */
export const retryInterval = (error: unknown) => (error instanceof NetworkError ? RETRY_MS : false);

/** Reads a page of a list, and keeps it for the time without a connection. */
export async function readPage(
  session: TaskSession,
  filter: LocalFilter,
  { cursor, signal }: { cursor: string; signal: AbortSignal },
): Promise<TaskPage> {
  const { view, search, today, parent } = filter;
  const query = {
    ...taskQuery(view, search, today),
    ...(parent !== undefined && { parent }),
    ...(view !== 'trash' && { include: 'progress' as const }),
    limit: PAGE_SIZE,
    ...(cursor && { cursor }),
  };
  const { client } = session.options;
  const { data } = await client.GET('/api/v1/tasks', { params: { query }, signal });
  // Without a database there is nothing to show without a connection, and no harm done.
  void keepPage(session, filter, data, cursor === '').catch(() => undefined);
  return data;
}
