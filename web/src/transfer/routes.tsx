import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../app/routes';

export const transferRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/transfer',
  component: lazyRouteComponent(() => import('./transfer-page'), 'TransferPage'),
});
