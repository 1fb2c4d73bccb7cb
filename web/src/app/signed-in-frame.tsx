import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { LoadingPage } from '../auth/loading-page';
import { Unreachable } from '../auth/unreachable';
import { SignedIn, useSessionState } from '../auth/use-session';
import { TaskProvider } from '../tasks/task-provider';
import { Shell } from './shell';
import { UpdateNotice } from './update-notice';

const SessionEndedDialog = lazy(async () => {
  const { SessionEndedDialog: dialog } = await import('../auth/session-ended-dialog');
  return { default: dialog };
});

/** Leads to the sign-in; `isBack`: and from there back to the page. */
function ToSignIn({ isBack }: { readonly isBack: boolean }) {
  const router = useRouter();
  useEffect(() => {
    const { href, pathname } = router.latestLocation;
    const search = isBack && pathname !== '/today' ? { next: href } : {};
    void router.navigate({ to: '/sign-in', search, replace: true });
  }, [router, isBack]);
  return <LoadingPage />;
}

/** Shows the shell to a signed-in user; leads others to the sign-in, and back. */
export function SignedInFrame() {
  const state = useSessionState();
  if (state.status === 'loading') return <LoadingPage />;
  if (state.status === 'unreachable') return <Unreachable />;
  if (state.status === 'signed-out') return <ToSignIn isBack={!state.hasLeft} />;
  return (
    <SignedIn key={state.user.id} state={state}>
      <TaskProvider>
        <Shell />
      </TaskProvider>
      <UpdateNotice />
      {state.hasEnded && (
        <Suspense>
          <SessionEndedDialog state={state} />
        </Suspense>
      )}
    </SignedIn>
  );
}
