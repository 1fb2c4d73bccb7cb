import { ifMatch, type TaskwardClient } from '@taskward/client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../auth/use-session';
import { inOrder, type List, type ListFields, type Move } from './list';
import { dropList, keepList, listsKey, refreshLists } from './list-cache';

const LIST = '/api/v1/lists/{id}';

interface Owner {
  readonly user: string;
  readonly client: TaskwardClient;
  readonly queries: QueryClient;
}

/** Reads again what a list took along, or brought back. */
const refreshAll = async ({ queries, user }: Owner): Promise<void> => {
  await Promise.all([
    refreshLists(queries, user),
    queries.invalidateQueries({ queryKey: ['tasks', user] }),
  ]);
};

async function create({ client, queries, user }: Owner, fields: ListFields): Promise<List> {
  const { data } = await client.POST('/api/v1/lists', { body: fields });
  keepList(queries, user, { ...data, tasks: { open: 0, completed: 0 } });
  return data;
}

/** Changes fields of the version that the person has seen. */
async function update(
  { client, queries, user }: Owner,
  list: List,
  patch: Partial<ListFields>,
): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  const params = { path: { id: list.id }, header: ifMatch(list) };
  const { data } = await client.PATCH(LIST, { params, body: patch });
  keepList(queries, user, data);
}

/** Moves a list, which is shown at its new place at once. */
async function move(owner: Owner, id: string, { lists, beside }: Move): Promise<void> {
  const { client, queries, user } = owner;
  const queryKey = listsKey(user);
  await queries.cancelQueries({ queryKey });
  queries.setQueryData<List[]>(queryKey, (all = []) => [
    ...lists,
    ...all.filter((list) => !lists.some((moved) => moved.id === list.id)),
  ]);
  try {
    const { data } = await client.POST(`${LIST}/move`, { params: { path: { id } }, body: beside });
    keepList(queries, user, data);
  } catch (error) {
    queries.setQueryData<List[]>(queryKey, (all) => all && inOrder(all));
    throw error;
  } finally {
    // Other lists may have got new positions.
    void queries.invalidateQueries({ queryKey });
  }
}

/** Returns the ids of a list's tasks; subtasks follow them to any list. */
async function readTaskIds({ client }: Owner, list: string): Promise<string[]> {
  const ids: string[] = [];
  const query = { list, parent: 'none', limit: 200 };
  for await (const { data } of client.pages('/api/v1/tasks', query)) {
    ids.push(...data.map(({ id }) => id));
  }
  return ids;
}

/**
 * Moves a list to the trash; `isKeeping`: and not its tasks, which are then in no list.
 *
 * @returns the ids of the tasks that were kept
 */
async function remove(owner: Owner, list: List, isKeeping: boolean): Promise<string[]> {
  const { client, queries, user } = owner;
  const kept = isKeeping ? await readTaskIds(owner, list.id) : [];
  const query = isKeeping ? { tasks: 'keep' as const } : {};
  await client.DELETE(LIST, {
    params: { path: { id: list.id }, query, header: ifMatch(list) },
  });
  dropList(queries, user, list.id);
  void refreshAll(owner);
  return kept;
}

/** Brings a list back from the trash, with the tasks that went there with it. */
async function restore(owner: Owner, id: string): Promise<void> {
  const { data } = await owner.client.POST(`${LIST}/restore`, { params: { path: { id } } });
  keepList(owner.queries, owner.user, data);
  void refreshAll(owner);
}

/** Deletes a list in the trash for good. */
async function removeForGood(owner: Owner, id: string): Promise<void> {
  const params = { path: { id }, query: { permanent: true } };
  await owner.client.DELETE(LIST, { params });
  void refreshAll(owner);
}

/** Returns the changes of lists, which need a connection. They reject as the API's client does. */
export function useListActions() {
  const { user, client } = useSession();
  const queries = useQueryClient();
  return useMemo(() => {
    const owner: Owner = { user: user.id, client, queries };
    return {
      create: (fields: ListFields) => create(owner, fields),
      update: (list: List, patch: Partial<ListFields>) => update(owner, list, patch),
      move: (id: string, to: Move) => move(owner, id, to),
      remove: (list: List, isKeeping: boolean) => remove(owner, list, isKeeping),
      restore: (id: string) => restore(owner, id),
      removeForGood: (id: string) => removeForGood(owner, id),
      refresh: () => refreshLists(queries, user.id),
    };
  }, [user.id, client, queries]);
}
