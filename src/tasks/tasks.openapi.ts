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
    'To be kept by the caller alone, and asked about with `If-None-Match` before each use.',
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
        Location: stringHeader('Where the task is.', '/api/v1/tasks/019aa1c4-…'),
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
      description: 'One page.',
      headers: {
        Link: stringHeader(
          'The next page, when there is one.',
          '<https://tasks.example.com/api/v1/tasks?cursor=…>; rel="next"',
          false,
        ),
      },
    }),
    ApiProblems('invalid_parameter', 'invalid_cursor'),
  );

export const ApiGetTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getTask', summary: 'Read one task' }),
    ApiTaskId(),
    ApiIfMatch('The `ETag` of what you want: 412 says that the task has changed since.'),
    ApiIfNoneMatch('The `ETag` of what you have: 304 says that it is still so. `*`: of anything.'),
    ApiOkResponse({ ...TASK, description: 'The task.', headers: CACHED }),
    ApiResponse({ status: 304, description: 'What you have is the task.', headers: CACHED }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
    ApiProblems('precondition_failed'),
  );

/** What all that change a task share. */
const ApiChange = (type: Type, required = true) =>
  applyDecorators(
    ApiTaskId(),
    ApiPreconditions(),
    ApiBody({ type, required }),
    ApiOkResponse({ ...TASK, description: 'The task as it is now.' }),
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
        'Every field that can be written must be there, so that none is wiped by being forgotten. When nothing would change, the version stays.',
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
      summary: 'Change some fields',
      description:
        'A JSON merge patch (RFC 7396): what is absent is kept, what is null is cleared. When nothing would change, the version stays.',
    }),
    ApiPatch(UpdateTaskDto, true),
    ApiProblems('quota_exceeded'),
  );

export const ApiCompleteTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'completeTask',
      summary: 'Complete, reopen or toggle a task',
      description: 'Without a body it toggles.',
    }),
    ApiPatch(CompleteTaskDto, false),
  );

export const ApiDeleteTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'deleteTask',
      summary: 'Move a task to the trash, or remove it',
      description:
        'With `permanent=true` it is gone, wherever it was; without, a task that is in the trash is not found.',
    }),
    ApiTaskId(),
    ApiPreconditions(),
    ApiNoContentResponse({ description: 'It is in the trash, or gone.' }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
  );

export const ApiRestoreTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'restoreTask', summary: 'Take a task out of the trash' }),
    ApiTaskId(),
    ApiPreconditions(),
    ApiOkResponse({
      ...TASK,
      description: 'The task as it is now.',
      headers: { ...ETAG, ...REPLAYED },
    }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
    ApiProblems('payload_too_large', 'idempotency_key_reused', 'quota_exceeded'),
  );
