import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { OccurrencesDto } from './occurrences.dto.js';
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
    // The next task of a series needs room.
    ApiProblems('quota_exceeded'),
  );

export const ApiSkipTask = () =>
  TasksApi.act('skip', {
    summary: 'Skip a date of a recurring task',
    description: 'Moves `due` to the next date of the series, without completing the task.',
  });

export const ApiOccurrences = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'listOccurrences',
      summary: 'List the dates of a recurring task',
      description:
        'From the present `due` on, which is included. A task that does not repeat has no dates. With the basis `completion` these are the dates if each task is completed on its day.',
    }),
    TasksApi.id(),
    ApiOkResponse({ type: OccurrencesDto, description: 'The dates.' }),
    TasksApi.idProblems(),
  );
