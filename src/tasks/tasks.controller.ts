import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { NoQueryGuard } from '../common/no-query.guard.js';
import { UuidPipe } from '../common/uuid.pipe.js';
import { type Expected, IfMatch } from './etag.js';
import { ListTasksQuery } from './list-tasks.query.js';
import { TaskHeadersInterceptor } from './task-headers.interceptor.js';
import { TaskDto, TaskPageDto } from './task.dto.js';
import { CompleteTaskDto, CreateTaskDto, UpdateTaskDto } from './task-input.dto.js';
import {
  ApiCompleteTask,
  ApiCreateTask,
  ApiDeleteTask,
  ApiGetTask,
  ApiListTasks,
  ApiTasks,
  ApiUpdateTask,
} from './tasks.openapi.js';
import { TasksService } from './tasks.service.js';

@ApiTasks()
@UseInterceptors(TaskHeadersInterceptor)
@Controller('api/v1/tasks')
export class TasksController {
  constructor(private readonly service: TasksService) {}

  @ApiCreateTask()
  @Post()
  @UseGuards(NoQueryGuard)
  create(@CurrentUser() user: AuthenticatedUser, @Body() dto: CreateTaskDto): Promise<TaskDto> {
    return this.service.create(user, dto);
  }

  @ApiListTasks()
  @Get()
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ListTasksQuery,
  ): Promise<TaskPageDto> {
    return this.service.list(user, query);
  }

  @ApiGetTask()
  @Get(':id')
  @UseGuards(NoQueryGuard)
  get(@CurrentUser() user: AuthenticatedUser, @Param('id', UuidPipe) id: string): Promise<TaskDto> {
    return this.service.get(user, id);
  }

  @ApiUpdateTask()
  @Patch(':id')
  @UseGuards(NoQueryGuard)
  update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @Body() dto: UpdateTaskDto,
    @IfMatch() expected: Expected,
  ): Promise<TaskDto> {
    return this.service.update(user, id, dto, expected);
  }

  @ApiCompleteTask()
  @Patch(':id/complete')
  @UseGuards(NoQueryGuard)
  complete(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @IfMatch() expected: Expected,
    // Not `| undefined`: of a union the compiler tells Nest no class to validate against.
    @Body() dto?: CompleteTaskDto,
  ): Promise<TaskDto> {
    return this.service.complete(user, id, dto, expected);
  }

  @ApiDeleteTask()
  @Delete(':id')
  @UseGuards(NoQueryGuard)
  @HttpCode(204)
  delete(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', UuidPipe) id: string,
    @IfMatch() expected: Expected,
  ): Promise<void> {
    return this.service.delete(user, id, expected);
  }
}
