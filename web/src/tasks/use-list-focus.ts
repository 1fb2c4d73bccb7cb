import { useCallback, useRef, useState } from 'react';
import type { ShownTask } from './overlay';
import { useTasks } from './task-context';
import { useLatest } from './use-selection';

const NO_TASKS: readonly ShownTask[] = [];

/** The active row of a list, and the one that is edited. */
export interface ListFocus {
  readonly active: number;
  readonly task: ShownTask | undefined;
  /** Number of times that the active row was to get the focus. */
  readonly requests: number;
  /** Key of the row that is edited. */
  readonly editing: string | undefined;
  /** Puts the focus on the active row. */
  readonly request: () => void;
  readonly activate: (index: number) => void;
  /** Makes the row of a task the active one, wherever it moves. */
  readonly follow: (key: string) => void;
  /** Returns the row at which a range begins: the one selected or reached by a key last, not by a click. */
  readonly anchor: () => number;
  /** Makes a row the active one, at which a range begins. */
  readonly anchorAt: (index: number) => void;
  /** Makes a row the active one, and puts the focus on it. */
  readonly goTo: (index: number) => void;
  readonly next: () => void;
  readonly previous: () => void;
  readonly first: () => void;
  readonly last: () => void;
  readonly edit: (key: string | undefined) => void;
  readonly closeEditor: () => void;
  readonly leaveEditor: () => void;
}

/**
 * The active row: that of a task wherever it moves, since tasks come and go above it; once it is gone, the row that
 * takes its place.
 */
function useActive(tasks: readonly ShownTask[]) {
  const { keyOf } = useTasks();
  const [position, setPosition] = useState(0);
  const [followed, follow] = useState<string>();
  const shown = useLatest(tasks);
  const lastIndex = Math.max(tasks.length - 1, 0);
  const found = followed === undefined ? -1 : tasks.findIndex(({ id }) => keyOf(id) === followed);
  if (found !== -1 && found !== position) setPosition(found);
  const activate = useCallback(
    (index: number) => {
      const task = shown.current[index];
      follow(task && keyOf(task.id));
      setPosition(index);
    },
    [keyOf, shown],
  );
  return { active: found === -1 ? Math.min(position, lastIndex) : found, activate, follow };
}

export function useListFocus(tasks: readonly ShownTask[] = NO_TASKS): ListFocus {
  const lastIndex = Math.max(tasks.length - 1, 0);
  const { active, activate, follow } = useActive(tasks);
  const anchor = useRef(0);
  const [requests, setRequests] = useState(0);
  const [editing, edit] = useState<string>();
  const request = useCallback(() => setRequests((count) => count + 1), []);
  const anchorAt = (index: number) => {
    anchor.current = index;
    activate(index);
  };
  const move = (index: number) => {
    anchorAt(Math.max(0, Math.min(index, lastIndex)));
    request();
  };
  // The first key leads into the list, not past its first row.
  const hasFocus = () => (document.activeElement?.closest('[role=row]') ?? null) !== null;
  return {
    active,
    task: tasks[active],
    requests,
    editing,
    request,
    activate,
    follow,
    anchor: () => anchor.current,
    anchorAt,
    edit,
    goTo: move,
    next: () => move(hasFocus() ? active + 1 : active),
    previous: () => move(hasFocus() ? active - 1 : active),
    first: () => move(0),
    last: () => move(lastIndex),
    leaveEditor: useCallback(() => edit(undefined), []),
    closeEditor: useCallback(() => {
      edit(undefined);
      request();
    }, [request]),
  };
}
