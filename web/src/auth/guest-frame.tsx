import { Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { LoadingPage } from './loading-page';
import { Unreachable } from './unreachable';
import { useSessionState } from './use-session';

const TokenPage = lazy(async () => ({ default: (await import('./token-page')).TokenPage }));

/** Leads to the page that the user came for. */
function ToNext() {
  const navigate = useNavigate();
  const { next = '/today' } = useSearch({ from: '/guest' });
  useEffect(() => {
    void navigate({ href: next, replace: true });
  }, [navigate, next]);
  return <LoadingPage />;
}

/** Shows its page to people who are not signed in; leads others to the page they came for. */
export function GuestFrame() {
  const state = useSessionState();
  if (state.status === 'loading') return <LoadingPage />;
  if (state.status === 'unreachable') return <Unreachable />;
  if (state.status === 'signed-in') return <ToNext />;
  if (state.issuer.kind === 'embedded') return <Outlet />;
  return (
    <Suspense fallback={<LoadingPage />}>
      <TokenPage issuer={state.issuer.url} />
    </Suspense>
  );
}
