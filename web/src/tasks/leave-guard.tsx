import { lazy, Suspense, useEffect, useState } from 'react';
import { type LeaveReason, sessions } from '../auth/session-store';
import { forgetToken } from '../changes/change-position';
import { forgetSeenLists } from '../lists/seen-lists';
import { forgetDrafts } from './drafts';
import { forgetSeenTasks } from './offline-db';
import { useTasks } from './task-context';

const SignOutDialog = lazy(async () => {
  const { SignOutDialog: dialog } = await import('./sign-out-dialog');
  return { default: dialog };
});

interface Question {
  readonly reason: LeaveReason;
  readonly answer: (mayLeave: boolean) => void;
}

/** Opens the question what becomes of waiting changes before the user leaves, and forgets their tasks once they have. */
export function LeaveGuard() {
  const tasks = useTasks();
  const { outbox } = tasks.options;
  const [question, ask] = useState<Question>();
  useEffect(
    () =>
      sessions.addLeaveGuard(async (reason) => {
        if (reason === 'account-deleted') await outbox.discardAll().catch(() => undefined);
        // A browser that cannot read the queue must not keep its user.
        const waiting = await outbox.load().catch(outbox.snapshot);
        if (reason === 'account-deleted' || waiting.length === 0) return true;
        const { promise, resolve } = Promise.withResolvers<boolean>();
        ask({ reason, answer: resolve });
        return promise.finally(() => ask(undefined));
      }),
    [outbox],
  );
  useEffect(
    () =>
      sessions.subscribe(() => {
        if (sessions.state().status !== 'signed-out') return;
        // First, so that nothing that is on its way is stored behind it.
        tasks.close();
        forgetDrafts();
        forgetToken(tasks.user);
        void forgetSeenTasks(tasks.user).catch(() => undefined);
        void forgetSeenLists(tasks.user).catch(() => undefined);
      }),
    [tasks],
  );
  return (
    question && (
      <Suspense>
        <SignOutDialog canSend={question.reason === 'sign-out'} onAnswer={question.answer} />
      </Suspense>
    )
  );
}
