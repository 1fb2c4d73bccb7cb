import type { Task } from '@taskward/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { dueText } from '../tasks/due-text';
import classes from '../tasks/task-editor.module.css';
import { useToday } from '../tasks/use-today';

/** Dates that are read: the present one, and those that are shown. */
const READ = 4;

/** The next dates of a task that repeats, by what is stored. */
export function NextDates({ task }: { readonly task: Task }) {
  const { t, i18n } = useTranslation();
  const { user, client } = useSession();
  const today = useToday();
  const { id, version } = task;
  const { data } = useQuery({
    queryKey: ['occurrences', user.id, id, version],
    queryFn: async () => {
      const params = { path: { id }, query: { limit: READ } };
      return (await client.GET('/api/v1/tasks/{id}/occurrences', { params })).data;
    },
  });
  if (data === undefined) return null;
  const [, ...next] = data.data;
  const dates = next.map((date) => dueText(date, today, i18n.language).text);
  return (
    <p className={classes['hint']}>
      {next.length === 0
        ? t('recurrence.ended')
        : t('recurrence.next', { dates: dates.join(' · ') })}
    </p>
  );
}
