import { useCallback, useRef, useState } from 'react';
import type { ShownTask } from './overlay';

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
  /** Returns the row at which a range begins: the one selected or reached by a key last, not by a click. */
  readonly anchor: () => number;
  /** Makes a row the active one, at which a range begins. */
  readonly anchorAt: (index: number) => void;
  readonly next: () => void;
  readonly previous: () => void;
  readonly first: () => void;
  readonly last: () => void;
  readonly edit: (key: string | undefined) => void;
  readonly closeEditor: () => void;
  readonly leaveEditor: () => void;
}

export function useListFocus(tasks: readonly ShownTask[] = NO_TASKS): ListFocus {
  const [position, activate] = useState(0);
  const anchor = useRef(0);
  const [requests, setRequests] = useState(0);
  const [editing, edit] = useState<string>();
  const lastIndex = Math.max(tasks.length - 1, 0);
  const active = Math.min(position, lastIndex);
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
    anchor: () => anchor.current,
    anchorAt,
    edit,
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
