import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { LocalFilter } from './filter';
import { NO_LIST, parseSearch, searchParameters, type TaskSearch, type View } from './search';
import type { TaskFields } from './task';
import { useToday } from './use-today';

/** The search that the person has chosen, and the one that the address bar had then. */
interface Chosen {
  readonly over: string;
  readonly text: string;
}

/** Returns the filter that the address bar has, and a function that changes it there. */
export function usePageFilter(view: View) {
  const navigate = useNavigate();
  const today = useToday();
  // The same text is the same filter, so that the list is not read again.
  const address = JSON.stringify(useSearch({ strict: false }));
  // The router follows later: the next key or choice must not build on what was there before.
  const [chosen, choose] = useState<Chosen>();
  if (chosen !== undefined && chosen.over !== address) choose(undefined);
  const text = chosen?.over === address ? chosen.text : address;
  const filter = useMemo<LocalFilter>(
    () => ({ view, search: parseSearch(JSON.parse(text) as Record<string, unknown>), today }),
    [view, text, today],
  );
  const setSearch = useCallback(
    (search: TaskSearch) => {
      const parameters = searchParameters(search);
      choose({ over: address, text: JSON.stringify(parameters) });
      void navigate({ to: '.', search: parameters, replace: true });
    },
    [address, navigate],
  );
  return { filter, setSearch };
}

/** Returns the fields that a new task needs to be seen in a list. */
export function defaultsOf({ view, search, today }: LocalFilter): Partial<TaskFields> {
  const { tags, priority = [], list } = search;
  const [only] = priority;
  return {
    ...(view === 'today' && { due: today.day }),
    ...(tags && { tags }),
    ...(list && list !== NO_LIST && { listId: list }),
    ...(only && priority.length === 1 && { priority: only }),
  };
}
