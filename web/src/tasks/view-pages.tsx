import { useSearch } from '@tanstack/react-router';
import { TaskPage } from './task-page';

export const TodayPage = () => <TaskPage key="today" view="today" />;
export const UpcomingPage = () => <TaskPage key="upcoming" view="upcoming" />;
/** The page of another list begins anew: nothing is selected there. */
export function AllPage() {
  const { list = 'all' } = useSearch({ strict: false });
  return <TaskPage key={list} view="all" />;
}
export const TrashPage = () => <TaskPage key="trash" view="trash" />;
