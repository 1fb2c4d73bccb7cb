import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useSession } from '../auth/use-session';
import { LeaveGuard } from './leave-guard';
import { Outbox } from './outbox';
import { TaskContext } from './task-context';
import { TaskSession } from './task-session';

/** Follows the changes of other browsers, by what is loaded after the page; returns a function that stops it. */
function followLater(session: TaskSession): () => void {
  let stop: (() => void) | undefined;
  const follow = async () => {
    const { followTasks } = await import('./live-tasks');
    if (!session.isClosed) stop = followTasks(session);
  };
  // Without it, lists are read again as they grow old.
  void follow().catch(() => undefined);
  return () => stop?.();
}

/**
 * Holds the signed-in user's changes, and sends those that waited since the last visit. Another user
 * needs another provider.
 */
export function TaskProvider({ children }: { readonly children: ReactNode }) {
  const { user, client } = useSession();
  const queries = useQueryClient();
  const [session] = useState(
    () => new TaskSession({ user: user.id, client, queries, outbox: new Outbox(user.id) }),
  );
  useEffect(() => {
    session.sender.wake();
    const stopFollowing = followLater(session);
    return () => {
      stopFollowing();
      session.close();
    };
  }, [session]);
  return (
    <TaskContext value={session}>
      {children}
      <LeaveGuard />
    </TaskContext>
  );
}
