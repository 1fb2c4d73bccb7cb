import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ShownTask } from './overlay';
import { useTasks } from './task-context';

/** The selected rows of a list. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly tasks: readonly ShownTask[];
  readonly toggle: (key: string) => void;
  readonly add: (keys: Iterable<string>) => void;
  readonly clear: () => void;
}

const NO_KEYS: ReadonlySet<string> = new Set();
const NO_TASKS: readonly ShownTask[] = [];

export function useSelection(shown: readonly ShownTask[] = NO_TASKS): Selection {
  const { keyOf } = useTasks();
  const [keys, setKeys] = useState(NO_KEYS);
  const toggle = useCallback(
    (key: string) =>
      setKeys((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        return after;
      }),
    [],
  );
  const add = useCallback(
    (more: Iterable<string>) => setKeys((before) => new Set([...before, ...more])),
    [],
  );
  const clear = useCallback(() => setKeys(NO_KEYS), []);
  const tasks = useMemo(
    () => (keys.size === 0 ? NO_TASKS : shown.filter(({ id }) => keys.has(keyOf(id)))),
    [keys, shown, keyOf],
  );
  return { keys, tasks, toggle, add, clear };
}

/** Holds the newest value for functions that are made once. */
export function useLatest<T>(value: T) {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
