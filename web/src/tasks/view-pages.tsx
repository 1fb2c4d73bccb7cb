import { TaskPage } from './task-page';

export const TodayPage = () => <TaskPage key="today" view="today" />;
export const UpcomingPage = () => <TaskPage key="upcoming" view="upcoming" />;
export const AllPage = () => <TaskPage key="all" view="all" />;
export const TrashPage = () => <TaskPage key="trash" view="trash" />;
