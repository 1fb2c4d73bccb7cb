import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../app/root-route';
import { GuestFrame } from './guest-frame';
import { validateAuthSearch } from './auth-search';
import { SignInPage } from './sign-in-page';

/** Parent of the pages for people who are not signed in. */
const guestRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'guest',
  component: GuestFrame,
  validateSearch: validateAuthSearch,
});

const guestRoutes = [
  createRoute({
    getParentRoute: () => guestRoute,
    path: '/sign-in',
    // Part of what every page loads: most people who are not signed in come here first.
    component: SignInPage,
  }),
  createRoute({
    getParentRoute: () => guestRoute,
    path: '/sign-up',
    component: lazyRouteComponent(() => import('./sign-up-page'), 'SignUpPage'),
  }),
  createRoute({
    getParentRoute: () => guestRoute,
    path: '/forgot-password',
    component: lazyRouteComponent(() => import('./forgot-password-page'), 'ForgotPasswordPage'),
  }),
] as const;

/** The pages that the links in mails lead to, whoever is signed in. */
const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./reset-password-page'), 'ResetPasswordPage'),
});
const verifiedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verified',
  component: lazyRouteComponent(() => import('./verified-page'), 'VerifiedPage'),
  validateSearch: validateAuthSearch,
});

export const authRoutes = [
  guestRoute.addChildren(guestRoutes),
  resetPasswordRoute,
  verifiedRoute,
] as const;
