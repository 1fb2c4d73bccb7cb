import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router';
import { NotFoundPage } from './not-found-page';
import { Shell } from './shell';

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

/** Parent of the pages that need a signed-in user: shown inside the shell. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  component: Shell,
});
