import { applyDecorators } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { REPLAYED } from '../idempotency/index.js';
import { ResourceApi } from '../resource/index.js';
import { CompleteTaskDto, TaskDto, TaskPageDto } from './task.dto.js';

/** The description of the operations on tasks. */
export const TasksApi = new ResourceApi({
  noun: 'Task',
  plural: 'Tasks',
  path: '/api/v1/tasks',
  notFound: 'task_not_found',
  type: TaskDto,
  page: TaskPageDto,
  replayed: REPLAYED,
});

export const ApiCompleteTask = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'completeTask',
      summary: 'Complete, reopen or toggle a task',
      description: 'Without a body, `completed` is toggled.',
    }),
    TasksApi.patch(CompleteTaskDto, false),
  );
