import { Backoff } from './backoff.js';
import type { ChangeLog } from './changes.js';
import { ChangeTokenExpiredError } from './errors.js';
import { followChanges, type FollowLimits } from './follow.js';
import { type Get, type PagedPath, type PageOf, readPages } from './pages.js';
import type { Store } from './store.js';

interface Source {
  readonly log: ChangeLog;
  readonly get: Get;
}

type ItemOf<Path extends PagedPath> = PageOf<Path>['data'][number];

/** Reads all pages of a list; each until it succeeds. */
async function readAll<Path extends PagedPath>(
  path: Path,
  { get }: Source,
  signal: AbortSignal,
): Promise<ItemOf<Path>[]> {
  const backoff = new Backoff(signal);
  const items: ItemOf<Path>[] = [];
  const repeatedGet: Get = (pagePath, init) => backoff.repeat(() => get(pagePath, init));
  // The order never changes, so that no task moves from a page that follows to one that was read.
  const query = { sort: 'createdAt', limit: 200 } as const;
  for await (const { data } of readPages(repeatedGet, path, query, { signal })) items.push(...data);
  return items;
}

/**
 * Replaces the copy. The token comes first: it stands for a moment before the first page is read, so each
 * change that a page is too old to show comes after the token. One that a page does show comes again,
 * which does no harm, as it carries the whole state.
 */
async function replaceAll(data: Source, store: Store, signal: AbortSignal): Promise<string> {
  const { nextToken } = await new Backoff(signal).repeat(() =>
    data.log.readPage(undefined, signal),
  );
  const lists = await readAll('/api/v1/lists', data, signal);
  const tasks = await readAll('/api/v1/tasks', data, signal);
  await store.replaceAll({ tasks, lists }, nextToken);
  return nextToken;
}

/**
 * Keeps a store in step with the server, without an end.
 *
 * @throws SignedOutError, ProblemError (4xx other than 410 and 429), errors of the store, or the signal's
 *   reason
 */
export async function syncStore(
  data: Source,
  store: Store,
  signal: AbortSignal,
  limits: Partial<FollowLimits>,
): Promise<never> {
  const restarts = new Backoff(signal);
  let since = await store.readToken();
  for (;;) {
    since ??= await replaceAll(data, store, signal);
    try {
      for await (const { changes, token } of followChanges(data.log, signal, {
        ...limits,
        since,
      })) {
        await store.apply(changes, token);
        restarts.reset();
      }
    } catch (error) {
      if (!(error instanceof ChangeTokenExpiredError)) throw error;
      since = undefined;
      await restarts.waitAgain();
    }
  }
}
