import type { Change, Queue } from './change';

/** Returns the ids of the other tasks that a change names: of a parent, and of a sibling. */
export function referencesOf(change: Change): string[] {
  if (change.kind === 'create') return change.parentId === undefined ? [] : [change.parentId];
  if (change.kind !== 'move') return [];
  const { parentId, before, after } = change.to;
  return [parentId, before, after].filter((id) => id !== null && id !== undefined);
}

/** Names a task that was made here by the id that the server gave it. */
export function withReference(change: Change, local: string, id: string): Change {
  if (!referencesOf(change).includes(local)) return change;
  if (change.kind === 'create') return { ...change, parentId: id };
  if (change.kind !== 'move') return change;
  const { parentId, before, after } = change.to;
  const named = (other: string) => (other === local ? id : other);
  const to = {
    parentId: parentId === null ? null : named(parentId),
    ...(before !== undefined && { before: named(before) }),
    ...(after !== undefined && { after: named(after) }),
  };
  return { ...change, to };
}

type Create = Extract<Change, { kind: 'create' }>;

/** Returns the changes that make tasks below others, which the server does not know either. */
export function createsBelow(queue: Queue, ids: Iterable<string>): Create[] {
  const parents = new Set(ids);
  const found: Create[] = [];
  // A parent is made before its subtasks.
  for (const { change } of queue) {
    if (change.kind !== 'create' || change.parentId === undefined) continue;
    if (!parents.has(change.parentId)) continue;
    parents.add(change.id);
    found.push(change);
  }
  return found;
}

/** Gives up a task that was never sent, with all that is below it. */
export function withoutSubtree(queue: Queue, id: string): Queue {
  const ids = [id, ...createsBelow(queue, [id]).map((change) => change.id)];
  const kept = queue.filter(({ change }) => !ids.includes(change.id));
  return ids.reduce(withoutReferences, kept);
}

/** Gives up what names a task that will not be made: its subtasks become tasks of their own. */
export function withoutReferences(queue: Queue, id: string): Queue {
  return queue.flatMap((entry) => {
    const { change } = entry;
    if (!referencesOf(change).includes(id)) return entry;
    if (change.kind !== 'create') return [];
    const { parentId: _, ...alone } = change;
    return { ...entry, change: alone };
  });
}
