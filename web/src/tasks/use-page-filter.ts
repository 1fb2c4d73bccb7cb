import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { LocalFilter } from './filter';
import { parseSearch, searchParameters, type TaskSearch, type View } from './search';
import type { TaskFields } from './task';
import { useToday } from './use-today';

/** Returns the filter that the address bar has, and a function that changes it there. */
export function usePageFilter(view: View) {
  const navigate = useNavigate();
  const today = useToday();
  // The same text is the same filter, so that the list is not read again.
  const text = JSON.stringify(useSearch({ strict: false }));
  const filter = useMemo<LocalFilter>(
    () => ({ view, search: parseSearch(JSON.parse(text) as Record<string, unknown>), today }),
    [view, text, today],
  );
  const setSearch = useCallback(
    (search: TaskSearch) =>
      void navigate({ to: '.', search: searchParameters(search), replace: true }),
    [navigate],
  );
  return { filter, setSearch };
}

/** Returns the fields that a new task needs to be seen in a list. */
export function defaultsOf({ view, search, today }: LocalFilter): Partial<TaskFields> {
  const { tags, priority = [] } = search;
  const [only] = priority;
  return {
    ...(view === 'today' && { due: today.day }),
    ...(tags && { tags }),
    ...(only && priority.length === 1 && { priority: only }),
  };
}
