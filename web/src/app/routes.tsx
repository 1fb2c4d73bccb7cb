import { createRoute } from '@tanstack/react-router';
import { rootRoute } from './root-route';
import { SignedInFrame } from './signed-in-frame';

/** Parent of the pages that need a signed-in user: shown inside the shell. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  component: SignedInFrame,
});
