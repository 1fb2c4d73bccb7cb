import { applyDecorators } from '@nestjs/common';
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
  ApiTags,
} from '@nestjs/swagger';
import { ApiProblems } from '../common/problem.dto.js';
import { CompleteTaskDto, UpdateTaskDto } from './task-input.dto.js';
import { TaskDto, TaskPageDto } from './task.dto.js';

const text = (description: string, example: string) => ({
  description,
  schema: { type: 'string' as const, example },
});

const ETAG = { ETag: text('The version, in quotes.', '"1"') };
const TASK = { type: TaskDto, headers: ETAG };

const ApiTaskId = () =>
  ApiParam({ name: 'id', format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90' });

const ApiIfMatch = () =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      example: '"1"',
      description:
        'The `ETag` that was read. A task that has changed since is left as it is (412).',
    }),
    ApiProblems('precondition_failed', 'precondition_required'),
  );

/** Everything under the controller: a token is needed, and the service may be out of reach. */
export const ApiTasks = () =>
  applyDecorators(
    ApiTags('Tasks'),
    ApiBearerAuth('bearer'),
    ApiProblems(
      'missing_token',
      'invalid_token',
      'expired_token',
      'internal_error',
      'database_unavailable',
      'key_set_unavailable',
    ),
  );

export const ApiCreateTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'createTask', summary: 'Create a task' }),
    ApiCreatedResponse({
      ...TASK,
      description: 'The task.',
      headers: { ...ETAG, Location: text('Where the task is.', '/api/v1/tasks/019aa1c4-…') },
    }),
    ApiProblems('invalid_json', 'invalid_parameter'),
    ApiProblems('payload_too_large', 'unsupported_media_type', 'validation_failed'),
  );

export const ApiListTasks = () =>
  applyDecorators(
    ApiOperation({ operationId: 'listTasks', summary: 'List your tasks, newest first' }),
    ApiOkResponse({
      type: TaskPageDto,
      description: 'One page.',
      headers: {
        Link: text('The next page, when there is one.', '</api/v1/tasks?cursor=…>; rel="next"'),
      },
    }),
    ApiProblems('invalid_parameter', 'invalid_cursor'),
  );

export const ApiGetTask = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getTask', summary: 'Read one task' }),
    ApiTaskId(),
    ApiOkResponse({ ...TASK, description: 'The task.' }),
    ApiProblems('invalid_id', 'invalid_parameter', 'task_not_found'),
  );

/** What the two PATCH operations share. */
const ApiPatch = (type: typeof UpdateTaskDto | typeof CompleteTaskDto, required: boolean) =>
  applyDecorators(
    ApiTaskId(),
    ApiIfMatch(),
    ApiConsumes('application/merge-patch+json', 'application/json'),
    ApiBody({ type, required }),
    ApiOkResponse({ ...TASK, description: 'The task as it is now.' }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'invalid_json'),
    ApiProblems('task_not_found'),
    ApiProblems('payload_too_large', 'unsupported_media_type', 'validation_failed'),
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
    ApiOperation({ operationId: 'deleteTask', summary: 'Move a task to the trash' }),
    ApiTaskId(),
    ApiIfMatch(),
    ApiNoContentResponse({ description: 'It is in the trash.' }),
    ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', 'task_not_found'),
  );
