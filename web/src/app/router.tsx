import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { taskRoutes } from '../tasks/routes';
import { appRoute, rootRoute } from './routes';

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/today', replace: true });
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([indexRoute, appRoute.addChildren(taskRoutes)]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
