import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Action } from './action';
import { dueText } from './due-text';
import { useQueue, useTasks } from './task-context';
import { useToday } from './use-today';

/** Returns the due of a task that follows another in its series. */
function useDueOf(id: string | null | undefined): string | null | undefined {
  const { user, options } = useTasks();
  const { data } = useQuery({
    queryKey: ['next-task', user, id],
    queryFn: async () => {
      const params = { path: { id: id ?? '' } };
      return (await options.client.GET('/api/v1/tasks/{id}', { params })).data.due;
    },
    enabled: Boolean(id),
  });
  return data;
}

/** Names the next date of a task that was completed, or of which a date was skipped, once it is known. */
export function NextDate({ action: { name, tasks } }: { readonly action: Action }) {
  const { t, i18n } = useTranslation();
  const session = useTasks();
  const today = useToday();
  // The response is there as soon as its change has left the queue.
  useQueue();
  const [task] = tasks;
  const isCompleted = name === 'completed';
  const done = task && tasks.length === 1 ? session.latest(task) : undefined;
  const nextId = isCompleted && done?.completed ? done.nextTaskId : undefined;
  const next = useDueOf(nextId);
  const isSkipped = name.startsWith('skipped') && task && done && done.version > task.version;
  const due = isCompleted ? next : isSkipped ? done.due : undefined;
  if (nextId === null && done?.recurrence) return ` ${t('tasks.message.seriesEnded')}`;
  if (due === null || due === undefined) return null;
  return ` ${t('tasks.message.nextDate', { due: dueText(due, today, i18n.language).text })}`;
}
