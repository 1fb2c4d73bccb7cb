import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { accountRoute } from '../account/routes';
import { authRoutes } from '../auth/routes';
import { taskRoutes } from '../tasks/routes';
import { transferRoute } from '../transfer/routes';
import { rootRoute } from './root-route';
import { appRoute } from './routes';

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/today', replace: true });
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    ...authRoutes,
    appRoute.addChildren([...taskRoutes, accountRoute, transferRoute]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
