import { createContext, use, useSyncExternalStore } from 'react';
import type { Queue } from './change';
import type { SenderState } from './sender';
import type { TaskSession } from './task-session';

export const TaskContext = createContext<TaskSession | undefined>(undefined);

/** Returns the tasks of the signed-in user. */
export function useTasks(): TaskSession {
  const session = use(TaskContext);
  if (session === undefined) throw new Error('useTasks() needs a TaskProvider.');
  return session;
}

/** Returns the changes that wait. */
export function useQueue(): Queue {
  const { outbox } = useTasks().options;
  return useSyncExternalStore(outbox.subscribe, outbox.snapshot);
}

export function useSenderState(): SenderState {
  const { sender } = useTasks();
  return useSyncExternalStore(sender.subscribe, sender.snapshot);
}
