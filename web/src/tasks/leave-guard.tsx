import { lazy, Suspense, useEffect, useState } from 'react';
import { sessions } from '../auth/session-store';
import { forgetDrafts } from './drafts';
import { forgetSeenTasks } from './offline-db';
import { useTasks } from './task-context';

const SignOutDialog = lazy(async () => {
  const { SignOutDialog: dialog } = await import('./sign-out-dialog');
  return { default: dialog };
});

/** Asks what becomes of waiting changes before the user leaves, and forgets their tasks once they have. */
export function LeaveGuard() {
  const { outbox, user } = useTasks().options;
  const [answer, setAnswer] = useState<(mayLeave: boolean) => void>();
  useEffect(
    () =>
      sessions.addLeaveGuard(async (reason) => {
        if (reason === 'account-deleted') await outbox.discardAll();
        const waiting = await outbox.load();
        if (waiting.length === 0) return true;
        const { promise, resolve } = Promise.withResolvers<boolean>();
        setAnswer(() => resolve);
        return promise.finally(() => setAnswer(undefined));
      }),
    [outbox],
  );
  useEffect(
    () =>
      sessions.subscribe(() => {
        if (sessions.state().status !== 'signed-out') return;
        forgetDrafts();
        void forgetSeenTasks(user);
      }),
    [user],
  );
  return (
    answer && (
      <Suspense>
        <SignOutDialog onAnswer={answer} />
      </Suspense>
    )
  );
}
