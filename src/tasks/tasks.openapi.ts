import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { stringHeader } from '../openapi/index.js';
import { ApiProblems } from '../problems/index.js';
import { REPLAYED } from '../idempotency/index.js';
import { ENTITY_TAGS_PATTERN } from '../resource/index.js';
import { CompleteTaskDto, ReplaceTaskDto, UpdateTaskDto } from './task-input.dto.js';
import { TaskDto, TaskPageDto } from './task.dto.js';

const ETAG = { ETag: stringHeader('The version, in quotes.', '"1"') };
const CACHED = {
  ...ETAG,
  'Cache-Control': stringHeader(
    'Only the caller may cache the response, and must revalidate it with `If-None-Match` before each use.',
    'private, no-cache',
  ),
};
const TASK = { type: TaskDto, headers: ETAG };

const ApiTaskId = () =>
  ApiParam({ name: 'id', format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90' });

const ENTITY_TAGS = {
  required: false,
  example: '"1"',
  schema: { type: 'string' as const, pattern: ENTITY_TAGS_PATTERN },
};

const ApiIfNoneMatch = (description: string) =>
  ApiHeader({ ...ENTITY_TAGS, name: 'If-None-Match', description });

const ApiIfMatch = (description: string) =>
  ApiHeader({ ...ENTITY_TAGS, name: 'If-Match', description });

const ApiPreconditions = () =>
  applyDecorators(
    ApiIfMatch('The `ETag` that was read. A task that has changed since is left as it is (412).'),
    ApiIfNoneMatch('A task of this `ETag`, or of any for `*`, is left as it is (412).'),
    ApiProblems('precondition_failed', 'precondition_required'),
  );

/** Everything under the controller: a token is needed. */
export const ApiTasks = () => applyDecorators(ApiTags('Tasks'), ApiBearerAuth('bearer'));

export const ApiCreateTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'createTask', summary: 'Create a task' }),
    ApiCreatedResponse({
      ...TASK,
      description: 'The task.',
      headers: {
        ...ETAG,
        ...REPLAYED,
        Location: stringHeader('URL of the task.', '/api/v1/tasks/019aa1c4-…'),
      },
    }),
    ApiProblems('invalid_json', 'invalid_parameter', 'invalid_header'),
    ApiProblems('payload_too_large', 'unsupported_media_type'),
    ApiProblems('validation_failed', 'idempotency_key_reused', 'quota_exceeded'),
  );

export const ApiListTasks = () =>
  applyDecorators(
    ApiOperation({ operationId: 'listTasks', summary: 'List your tasks' }),
    ApiOkResponse({
      type: TaskPageDto,
      description: 'A page of tasks.',
      headers: {
        Link: stringHeader(
          'The next page, if there is one.',
          '<https://tasks.example.com/api/v1/tasks?cursor=…>; rel="next"',
          false,
        ),
      },
    }),
    ApiProblems('invalid_parameter', 'invalid_cursor'),
  );

export const ApiGetTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getTask', summary: 'Get a task' }),
    ApiTaskId(),
    ApiIfMatch('The `ETag` of the version that you want; 412 if the task has changed since.'),
    ApiIfNoneMatch(
      'The `ETag` of the version that you have; 304 if it is current. `*` matches any version.',
    ),
    ApiOkResponse({ ...TASK, description: 'The task.', headers: CACHED }),
    ApiResponse({
      status: 304,
      description: 'The version that you have is current.',
      headers: CACHED,
    }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
    ApiProblems('precondition_failed'),
  );

/** What all that change a task share. */
const ApiChange = (type: Type, required = true) =>
  applyDecorators(
    ApiTaskId(),
    ApiPreconditions(),
    ApiBody({ type, required }),
    ApiOkResponse({ ...TASK, description: 'The updated task.' }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'invalid_json'),
    ApiProblems('task_not_found'),
    ApiProblems('payload_too_large', 'unsupported_media_type', 'validation_failed'),
  );

export const ApiReplaceTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'replaceTask',
      summary: 'Replace a task',
      description:
        'Every writable field is required, so that none is cleared by omission. The version stays the same if nothing changes.',
    }),
    ApiChange(ReplaceTaskDto),
    ApiProblems('quota_exceeded'),
  );

/** What the two PATCH operations share. */
const ApiPatch = (type: Type, required: boolean) =>
  applyDecorators(
    ApiConsumes('application/merge-patch+json', 'application/json'),
    ApiChange(type, required),
  );

export const ApiUpdateTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'updateTask',
      summary: 'Update a task',
      description:
        'A JSON merge patch (RFC 7396): absent fields are kept, null clears a field. The version stays the same if nothing changes.',
    }),
    ApiPatch(UpdateTaskDto, true),
    ApiProblems('quota_exceeded'),
  );

export const ApiCompleteTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'completeTask',
      summary: 'Complete, reopen or toggle a task',
      description: 'Without a body, `completed` is toggled.',
    }),
    ApiPatch(CompleteTaskDto, false),
  );

export const ApiDeleteTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'deleteTask',
      summary: 'Move a task to the trash, or delete it permanently',
      description:
        'With `permanent=true` the task is deleted permanently, also from the trash. Otherwise a task in the trash is not found.',
    }),
    ApiTaskId(),
    ApiPreconditions(),
    ApiNoContentResponse({ description: 'The task is in the trash, or permanently deleted.' }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
  );

export const ApiRestoreTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'restoreTask', summary: 'Restore a task from the trash' }),
    ApiTaskId(),
    ApiPreconditions(),
    ApiOkResponse({
      ...TASK,
      description: 'The updated task.',
      headers: { ...ETAG, ...REPLAYED },
    }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
    ApiProblems('payload_too_large', 'idempotency_key_reused', 'quota_exceeded'),
  );
