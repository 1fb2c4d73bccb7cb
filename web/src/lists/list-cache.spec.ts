import { describe, expect, it } from '@jest/globals';
import { QueryObserver } from '@tanstack/react-query';
import { SessionQueries } from '../auth/session-queries';
import type { ListEntry } from '../changes/entry';
import type { List } from './list';
import { applyListEntries, dropList, keepList, listsKey } from './list-cache';
import { sampleList } from './sample-list';

const user = 'ada';
const queryKey = listsKey(user);
const WORK = sampleList({ id: 'a', name: 'Work' });
const OFFICE = { ...WORK, name: 'Office', version: 2 };
const HOME = sampleList({ id: 'b', name: 'Home' });

const entryOf = (list: List): ListEntry => ({
  id: list.id,
  type: 'list.updated',
  version: list.version,
  at: list.updatedAt,
  token: 't',
  list,
});

/** Lists on the page: each read is answered by what the server had when it began. */
function open(stored: List[]) {
  const queries = new SessionQueries();
  const server = { lists: stored };
  const reads: (() => void)[] = [];
  const queryFn = () => {
    const { lists } = server;
    return new Promise<List[]>((resolve) => reads.push(() => resolve(lists)));
  };
  new QueryObserver(queries, { queryKey, queryFn }).subscribe(() => undefined);
  /** Answers reads until there is none. */
  const settle = async () => {
    while (queries.isFetching() > 0) {
      for (const respond of reads.splice(0)) respond();
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const names = () => queries.getQueryData<List[]>(queryKey)?.map(({ name }) => name);
  return { queries, server, settle, names };
}

describe.each([
  {
    change: 'a list that was saved',
    after: [OFFICE, HOME],
    apply: (queries: SessionQueries) => keepList(queries, user, OFFICE),
  },
  {
    change: 'a list that was deleted',
    after: [HOME],
    apply: (queries: SessionQueries) => dropList(queries, user, WORK.id),
  },
  {
    change: 'a list that was changed elsewhere',
    after: [OFFICE, HOME],
    apply: (queries: SessionQueries) => applyListEntries(queries, user, [entryOf(OFFICE)]),
  },
])('$change', ({ after, apply }) => {
  const expected = after.map(({ name }) => name);

  it.each(['first', 'later'])('while the lists are read is shown after a %s read', async (read) => {
    const { queries, server, settle, names } = open([WORK, HOME]);
    if (read === 'later') {
      await settle();
      void queries.invalidateQueries({ queryKey });
    }
    server.lists = after;
    apply(queries);
    await settle();
    expect(names()).toEqual(expected);
  });

  it('while no lists are read is shown at once, and without another read', async () => {
    const { queries, settle, names } = open([WORK, HOME]);
    await settle();
    apply(queries);
    expect(names()).toEqual(expected);
    expect(queries.isFetching()).toBe(0);
  });
});

it('an entry about an older version changes nothing', async () => {
  const { queries, settle, names } = open([OFFICE]);
  await settle();
  applyListEntries(queries, user, [entryOf(WORK)]);
  expect(names()).toEqual(['Office']);
});
