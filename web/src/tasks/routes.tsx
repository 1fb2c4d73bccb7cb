import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../app/routes';

const component = lazyRouteComponent(() => import('./task-page'), 'TaskPage');

const todayRoute = createRoute({ getParentRoute: () => appRoute, path: '/today', component });
const upcomingRoute = createRoute({ getParentRoute: () => appRoute, path: '/upcoming', component });
const allRoute = createRoute({ getParentRoute: () => appRoute, path: '/all', component });
const trashRoute = createRoute({ getParentRoute: () => appRoute, path: '/trash', component });

/** The pages of tasks, below the shell. */
export const taskRoutes = [todayRoute, upcomingRoute, allRoute, trashRoute] as const;
