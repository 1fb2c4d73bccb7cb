import { useCallback, useState } from 'react';

const PREFIX = 'taskward-draft:';

/** Key of a draft in `sessionStorage`. */
export const draftKey = (user: string, name: string) => `${PREFIX}${user}:${name}`;

/** Name of the draft of a task's edit. */
export const editName = (id: string) => `task:${id}`;

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
  const key = draftKey(user, name);
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

/** Gives the draft of an edit the name of the id that the server gave to its task. */
export function renameEdit(user: string, localId: string, id: string): void {
  const before = draftKey(user, editName(localId));
  const text = sessionStorage.getItem(before);
  if (text === null) return;
  sessionStorage.setItem(draftKey(user, editName(id)), text);
  sessionStorage.removeItem(before);
}

/** Forgets the draft of an edit. */
export const forgetEdit = (user: string, id: string): void =>
  sessionStorage.removeItem(draftKey(user, editName(id)));

/** Forgets the drafts of all users: at a sign-out. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}
