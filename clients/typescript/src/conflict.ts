import { ConflictError, ListConflictError, ProblemError, readProblem } from './errors.js';
import type { components } from './schema.js';

type Task = components['schemas']['Task'];
type TaskList = components['schemas']['TaskList'];
type Read = (request: Request) => Promise<Response>;

/** The address of a task or list, in that of any request to it. */
const RESOURCE = /^(.*\/api\/v1\/(tasks|lists)\/)([^/?]+)/;
const BATCH = 'batch';

interface Operation {
  readonly id?: string;
}

/** Returns the body of a request as JSON; `undefined` without one. */
async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.clone().text();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Returns the operation of a batch that the first error points at. */
function failedOperation(body: unknown, pointer = ''): Operation {
  const { operations = [] } = body as { operations?: readonly Operation[] };
  return operations[Number(pointer.split('/')[2])] ?? {};
}

/** Reads a task or list as it is now; `null` if it is not there. */
async function readCurrent<T>(url: string, { headers, signal }: Request, read: Read) {
  const authorization = headers.get('authorization') ?? '';
  const response = await read(new Request(url, { headers: { authorization }, signal }));
  if (response.ok) return (await response.json()) as T;
  if (response.status === 404) return null;
  throw new ProblemError(response, await readProblem(response));
}

/** Returns the error of a 412, with both versions. */
export async function conflictOf(
  request: Request,
  response: Response,
  read: Read,
): Promise<ConflictError | ListConflictError> {
  const problem = await readProblem(response);
  const body = await bodyOf(request);
  const [, path = '', kind, id = ''] = RESOURCE.exec(request.url) ?? [];
  if (kind === 'lists') {
    const list = await readCurrent<TaskList>(path + id, request, read);
    return new ListConflictError(response, problem, body, list);
  }
  const wanted = id === BATCH ? failedOperation(body, problem.errors?.[0]?.pointer) : body;
  const taskId = id === BATCH ? ((wanted as Operation).id ?? '') : id;
  const task = await readCurrent<Task>(path + taskId, request, read);
  return new ConflictError(response, problem, wanted, task);
}

/**
 * Returns the response that was lost, if the task or list is as the request wanted it: the conflict of a
 * retry is then one with its own first attempt, or with an equal change.
 */
export function ownResponse({
  wanted,
  current,
}: ConflictError | ListConflictError): Response | undefined {
  if (current === null || typeof wanted !== 'object' || wanted === null) return undefined;
  const fields = { ...current } as Readonly<Record<string, unknown>>;
  const isDone = Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(fields[name]) === JSON.stringify(value),
  );
  if (!isDone) return undefined;
  return Response.json(current, { headers: { etag: `"${String(current.version)}"` } });
}
