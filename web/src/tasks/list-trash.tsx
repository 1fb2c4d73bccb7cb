import { lazy, Suspense } from 'react';
import { useTasks } from './task-context';

const TrashedLists = lazy(async () => {
  const { TrashedLists: lists } = await import('../lists/trashed-lists');
  return { default: lists };
});

/** The lists on the page of the trash; one that is restored is reported. */
export function ListTrash() {
  const tasks = useTasks();
  return (
    <Suspense>
      <TrashedLists
        onRestored={({ name }) =>
          tasks.actions.report({ name: 'listRestored', tasks: [], title: name })
        }
      />
    </Suspense>
  );
}
