import { ConflictError, ProblemError, type TaskwardClient } from '@taskward/client';
import type { Change, Entry } from './change';
import type { Done } from './queue';
import { changedFields, isSameValue, type Task, type TaskFields } from './task';

const TASK = '/api/v1/tasks/{id}';

const precondition = ({ version }: Entry) =>
  version === undefined ? {} : { 'If-Match': `"${String(version)}"` };

/** Fields as the body of a request, which owns its array of tags. */
const bodyOf = ({ tags, ...fields }: Partial<TaskFields>) => ({
  ...fields,
  ...(tags && { tags: [...tags] }),
});

type IfMatch = ReturnType<typeof precondition>;

/**
 * Sends a change that overwrites nothing: if the task was changed elsewhere, for the version that there
 * is, as long as the change still means what the person saw.
 */
async function sendForAnyVersion(
  entry: Entry,
  request: (header: IfMatch) => Promise<Done>,
  isMeant: (current: Task) => boolean = () => true,
): Promise<Done> {
  try {
    return await request(precondition(entry));
  } catch (error) {
    const current = error instanceof ConflictError ? error.current : null;
    if (current === null || !isMeant(current)) throw error;
    return request({ 'If-Match': `"${String(current.version)}"` });
  }
}

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

function sendMove(client: TaskwardClient, entry: Entry, { id, base, to }: ChangeOf<'move'>) {
  const isThere = ({ parentId, listId, position }: Task) =>
    parentId === base.parentId && listId === base.listId && position === base.position;
  const request = async (ifMatch: IfMatch): Promise<Done> => {
    const header = { 'Idempotency-Key': entry.key, ...ifMatch };
    const { data } = await client.POST(`${TASK}/move`, {
      params: { path: { id }, header },
      body: { ...to },
    });
    return { entry, task: data };
  };
  return sendForAnyVersion(entry, request, isThere);
}

function sendSkip(client: TaskwardClient, entry: Entry, { id, base }: ChangeOf<'skip'>) {
  const hasDate = (current: Task) =>
    current.due === base.due && isSameValue(current.recurrence, base.recurrence);
  const request = async (ifMatch: IfMatch): Promise<Done> => {
    const header = { 'Idempotency-Key': entry.key, ...ifMatch };
    const { data } = await client.POST(`${TASK}/skip`, { params: { path: { id }, header } });
    return { entry, task: data };
  };
  return sendForAnyVersion(entry, request, hasDate);
}

function completeSubtasks(client: TaskwardClient, entry: Entry) {
  return sendForAnyVersion(entry, async (header) => {
    const { data } = await client.PATCH(`${TASK}/complete`, {
      params: { path: { id: entry.change.id }, query: { subtasks: 'complete' }, header },
      body: { completed: true },
    });
    return { entry, task: data };
  });
}

async function send(client: TaskwardClient, entry: Entry): Promise<Done> {
  const { change, key } = entry;
  const path = { id: change.id };
  const once = { 'Idempotency-Key': key };
  if (change.kind === 'create') {
    const { parentId } = change;
    const { title, ...fields } = change.fields;
    const { listId: _, ...own } = fields;
    // The list of a subtask is that of its parent, whichever it is by then.
    const placed = parentId === undefined ? fields : { ...own, parentId };
    const body = { ...bodyOf(placed), title };
    const { data } = await client.POST('/api/v1/tasks', { params: { header: once }, body });
    return { entry, task: data };
  }
  if (change.kind === 'update') {
    const params = { path, header: precondition(entry) };
    const { data } = await client.PATCH(TASK, { params, body: bodyOf(change.patch) });
    return { entry, task: data };
  }
  if (change.kind === 'restore') {
    // Overwrites nothing, so that any version will do.
    const { data } = await client.POST(`${TASK}/restore`, { params: { path, header: once } });
    return { entry, task: data };
  }
  if (change.kind === 'move') return sendMove(client, entry, change);
  if (change.kind === 'skip') return sendSkip(client, entry, change);
  if (change.kind === 'revert') {
    const params = { path, header: { ...once, ...precondition(entry) } };
    const { data } = await client.POST(`${TASK}/revert`, {
      params,
      body: { version: change.version },
    });
    return { entry, task: data };
  }
  if (change.kind === 'completeSubtasks') return completeSubtasks(client, entry);
  const query = change.isPermanent ? { permanent: true } : {};
  await client.DELETE(TASK, { params: { path, query, header: precondition(entry) } });
  return { entry };
}

/** Returns the outcome of an error that says that the change has been made: by an attempt whose response was lost. */
function doneBefore(entry: Entry, error: unknown): Done | undefined {
  const { change } = entry;
  const isGone =
    error instanceof ConflictError
      ? error.current === null && !(change.kind === 'delete' && change.isPermanent)
      : error instanceof ProblemError && error.status === 404;
  if (change.kind === 'delete' && isGone) return { entry };
  if (change.kind !== 'update' || !(error instanceof ConflictError)) return undefined;
  const { current } = error;
  const isSame = current !== null && Object.keys(changedFields(current, change.patch)).length === 0;
  return isSame ? { entry, task: current } : undefined;
}

/** Sends one change. */
export async function sendChange(client: TaskwardClient, entry: Entry): Promise<Done> {
  try {
    return await send(client, entry);
  } catch (error) {
    const done = doneBefore(entry, error);
    if (done === undefined) throw error;
    return done;
  }
}

function operationOf(entry: Entry) {
  const { change, version } = entry;
  const target = {
    id: change.id,
    ...(version !== undefined && { ifMatch: `"${String(version)}"` }),
  };
  return change.kind === 'update'
    ? { op: 'update' as const, ...target, patch: bodyOf(change.patch) }
    : { op: 'delete' as const, ...target };
}

/** Sends changes that succeed or fail as a whole. */
export async function sendBatch(
  client: TaskwardClient,
  entries: readonly Entry[],
): Promise<Done[]> {
  const { data } = await client.POST('/api/v1/tasks/batch', {
    params: { header: { 'Idempotency-Key': entries[0]?.key ?? '' } },
    body: { operations: entries.map(operationOf) },
  });
  return entries.map((entry, i) => ({ entry, task: data.results[i]?.task }));
}
