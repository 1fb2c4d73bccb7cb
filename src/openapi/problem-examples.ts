import type {
  OpenAPIObject,
  ParameterObject,
  RequestBodyObject,
  SchemaObject,
} from '@nestjs/swagger';
import type { Operation } from './operations.js';
import { Problem, type ProblemCode, type ProblemError, PROBLEMS } from '../problems/index.js';

const ID = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';
const REQUEST_ID = '8f14e45f-ceea-467f-9575-3c1b9c9d7f6a';

/** Codes of requests that cannot be read: their path is unknown. */
const UNREAD_CODES: readonly ProblemCode[] = [
  'malformed_request',
  'request_timeout',
  'headers_too_large',
];
/** Codes that a batch reports in `errors`, pointing at the failed operation. */
const BATCH_OPERATION_CODES: readonly ProblemCode[] = [
  'task_not_found',
  'precondition_failed',
  'precondition_required',
  'quota_exceeded',
];

/** A line of a file that cannot be taken. */
const UNTAKEN_LINE: ProblemError = {
  line: 2,
  code: 'too_short',
  detail: 'title must not be blank',
};

/** Returns an example problem, as a response at this path. */
export function problemExample(
  code: ProblemCode,
  path: string,
  errors: readonly ProblemError[] = [],
): ReturnType<Problem['body']> {
  const instance = UNREAD_CODES.includes(code) ? '/' : path.replace('{id}', ID);
  return new Problem(code, `${PROBLEMS[code][1]}.`, { errors }).body(instance, REQUEST_ID);
}

/** Returns the schema of an operation's body. */
function bodyOf({ requestBody }: Operation, { components }: OpenAPIObject): SchemaObject {
  const [media] = Object.values((requestBody as RequestBodyObject | undefined)?.content ?? {});
  const { $ref = '' } = (media?.schema ?? {}) as { $ref?: string };
  return (components?.schemas?.[$ref.split('/').at(-1) ?? ''] ?? {}) as SchemaObject;
}

function brokenBodyRule(operation: Operation, document: OpenAPIObject): ProblemError {
  const { properties = {}, required = [] } = bodyOf(operation, document);
  const [name = ''] = required.length > 0 ? required : Object.keys(properties);
  const pointer = `/${name}`;
  return required.length > 0
    ? { pointer, code: 'required', detail: `${name} is required` }
    : { pointer, code: 'type', detail: `${name} must be a string` };
}

function invalidHeader({ parameters = [] }: Operation): ProblemError {
  const names = (parameters as ParameterObject[]).map(({ name }) => name);
  if (names.includes('If-Match')) {
    return { header: 'If-Match', code: 'entity_tag', detail: 'must be * or entity tags in quotes' };
  }
  if (!names.includes('Idempotency-Key')) {
    return {
      header: 'authorization',
      code: 'duplicate',
      detail: 'Authorization must be sent once.',
    };
  }
  const detail = 'must be 1 to 255 visible ASCII characters';
  return { header: 'Idempotency-Key', code: 'idempotency_key', detail };
}

/** Returns the example `errors` of a problem at an operation. */
export function exampleErrors(
  code: ProblemCode,
  operation: Operation,
  document: OpenAPIObject,
): ProblemError[] {
  if (operation.operationId === 'batchTasks' && BATCH_OPERATION_CODES.includes(code)) {
    return [{ pointer: '/operations/0', code, detail: `${PROBLEMS[code][1]}.` }];
  }
  switch (code) {
    case 'validation_failed':
      if (operation.operationId === 'importTasks') return [UNTAKEN_LINE];
      return [brokenBodyRule(operation, document)];
    case 'invalid_parameter':
      return [{ parameter: 'page', code: 'unknown', detail: 'page is not recognized' }];
    case 'invalid_header':
      return [invalidHeader(operation)];
    case 'invalid_id':
      return [{ parameter: 'id', code: 'uuid', detail: 'id must be a UUID' }];
    case 'invalid_cursor':
      return [{ parameter: 'cursor', code: 'cursor', detail: 'Start at the first page.' }];
    case 'not_ready':
      return [{ code: 'database', detail: 'The database is unavailable.' }];
    default:
      return [];
  }
}
