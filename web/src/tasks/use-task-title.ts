import { useQuery } from '@tanstack/react-query';
import { readSeenTask } from './offline-db';
import { STALE_MS } from './read-page';
import { useTasks } from './task-context';
import type { TaskSession } from './task-session';

/** Returns the title of a task: as this device has seen it, or else as the server has it. */
async function readTitle({ options, user }: TaskSession, id: string): Promise<string | null> {
  const seen = await readSeenTask(user, id).catch(() => undefined);
  if (seen) return seen.task.title;
  const params = { path: { id } };
  const read = options.client.GET('/api/v1/tasks/{id}', { params });
  // One in the trash has no name here.
  return read.then(
    ({ data }) => data.title,
    () => null,
  );
}

/** Returns the title of a task that may not be in the list, once it is known. */
export function useTaskTitle(id: string): string | undefined {
  const session = useTasks();
  const { data } = useQuery({
    queryKey: ['title', session.user, session.idOf(id)],
    queryFn: () => readTitle(session, session.idOf(id)),
    staleTime: STALE_MS,
    networkMode: 'always',
  });
  return data ?? undefined;
}
