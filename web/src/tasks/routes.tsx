import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../app/routes';
import { parseSearch, searchParameters } from './search';

const page = () => import('./view-pages');

/** Keeps the search parameters that are valid filters. */
const validateSearch = (parameters: Record<string, unknown>): Record<string, string | undefined> =>
  searchParameters(parseSearch(parameters));

const todayRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/today',
  component: lazyRouteComponent(page, 'TodayPage'),
  validateSearch,
});
const upcomingRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/upcoming',
  component: lazyRouteComponent(page, 'UpcomingPage'),
  validateSearch,
});
const allRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/all',
  component: lazyRouteComponent(page, 'AllPage'),
  validateSearch,
});
const trashRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/trash',
  component: lazyRouteComponent(page, 'TrashPage'),
  validateSearch,
});

/** The pages of tasks, below the shell. */
export const taskRoutes = [todayRoute, upcomingRoute, allRoute, trashRoute] as const;
