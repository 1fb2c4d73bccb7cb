import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { UuidPipe } from '../http/index.js';
import { Idempotent } from '../idempotency/index.js';
import { DeleteTaskQuery } from './delete-task.query.js';
import {
  type Precondition,
  Preconditions,
  HistoryDto,
  HistoryQuery,
  ResourceResponse,
  Respond,
  RevertDto,
  RespondConditionally,
} from '../resource/index.js';
import { CompleteTaskQuery } from './complete-task.query.js';
import { OccurrencesDto } from './occurrences.dto.js';
import { OccurrencesQuery } from './occurrences.query.js';
import { MoveTaskDto } from './move-task.dto.js';
import { GetTaskQuery, ListTasksQuery } from './list-tasks.query.js';
import { TaskListsService } from './task-lists.service.js';
import {
  TaskDto,
  TaskPageDto,
  CompleteTaskDto,
  CreateTaskDto,
  ReplaceTaskDto,
  UpdateTaskDto,
} from './task.dto.js';
import { ApiCompleteTask, ApiOccurrences, ApiSkipTask, TasksApi } from './tasks.openapi.js';
import { TasksService } from './tasks.service.js';

@TasksApi.controller()
@Controller('api/v1/tasks')
export class TasksController {
  constructor(
    private readonly service: TasksService,
    private readonly lists: TaskListsService,
  ) {}

  @TasksApi.create()
  @Idempotent()
  @Post()
  create(
    @CurrentUser() user: AuthenticatedUser,
    @Body() dto: CreateTaskDto,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.create(user, dto));
  }

  @TasksApi.list()
  @Get()
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ListTasksQuery,
    @Respond() response: ResourceResponse,
  ): Promise<TaskPageDto> {
    return response.page(this.lists.list(user, query));
  }

  @TasksApi.get()
  @Get(':id')
  get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: GetTaskQuery,
    @RespondConditionally() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.get(user, id, query));
  }

  @TasksApi.replace(ReplaceTaskDto)
  @Put(':id')
  replace(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: ReplaceTaskDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.replace(user, id, dto, precondition));
  }

  @TasksApi.update(UpdateTaskDto)
  @Patch(':id')
  update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: UpdateTaskDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.update(user, id, dto, precondition));
  }

  @ApiCompleteTask()
  @Patch(':id/complete')
  complete(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: CompleteTaskQuery,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
    // Not `| undefined`: for a union the compiler emits no class for Nest to validate against.
    @Body() dto?: CompleteTaskDto,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.complete(user, id, dto, query, precondition));
  }

  @TasksApi.move(MoveTaskDto)
  @Idempotent()
  @Post(':id/move')
  @HttpCode(200)
  move(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: MoveTaskDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.move(user, id, dto, precondition));
  }

  @ApiSkipTask()
  @Idempotent('series_ended')
  @Post(':id/skip')
  @HttpCode(200)
  skip(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.skip(user, id, precondition));
  }

  @ApiOccurrences()
  @Get(':id/occurrences')
  occurrences(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: OccurrencesQuery,
  ): Promise<OccurrencesDto> {
    return this.service.occurrences(user, id, query);
  }

  @TasksApi.restore()
  @Idempotent('parent_in_trash')
  @Post(':id/restore')
  @HttpCode(200)
  restore(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.restore(user, id, precondition));
  }

  @TasksApi.history()
  @Get(':id/history')
  history(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: HistoryQuery,
    @Respond() response: ResourceResponse,
  ): Promise<HistoryDto> {
    return response.page(this.service.history(user, id, query));
  }

  @TasksApi.revert()
  @Idempotent()
  @Post(':id/revert')
  @HttpCode(200)
  revert(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: RevertDto,
    @Preconditions() precondition: Precondition,
    @Respond() response: ResourceResponse,
  ): Promise<TaskDto | undefined> {
    return response.one(this.service.revert(user, id, dto, precondition));
  }

  @TasksApi.delete()
  @Delete(':id')
  @HttpCode(204)
  delete(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Query() query: DeleteTaskQuery,
    @Preconditions() precondition: Precondition,
  ): Promise<void> {
    return this.service.delete(user, id, query, precondition);
  }
}
