import { useCallback, useState } from 'react';

const PREFIX = 'taskward-draft:';

const keyOf = (user: string, name: string) => `${PREFIX}${user}:${name}`;

function read(key: string): unknown {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : JSON.parse(text);
}

/**
 * State that outlives a reload, in this tab: what was typed and not saved. `undefined` forgets it.
 */
export function useDraft<T>(
  user: string,
  name: string,
): readonly [T | undefined, (draft: T | undefined) => void] {
  const key = keyOf(user, name);
  const [draft, setDraft] = useState(() => read(key) as T | undefined);
  const keep = useCallback(
    (value: T | undefined) => {
      setDraft(value);
      if (value === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    },
    [key],
  );
  return [draft, keep];
}

/** Forgets the drafts of all users: at a sign-out. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}
