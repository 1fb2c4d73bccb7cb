import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/index.js';
import { UsageModule } from '../usage/index.js';
import { Task } from './task.entity.js';
import { TaskBatchController } from './task-batch.controller.js';
import { TaskBatchRepository } from './task-batch.repository.js';
import { TaskBatchService } from './task-batch.service.js';
import { TaskListsRepository } from './task-lists.repository.js';
import { TaskListsService } from './task-lists.service.js';
import { TasksController } from './tasks.controller.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';
import { TrashPurge } from './trash-purge.js';
import { TrashRepository } from './trash.repository.js';

/** Tasks: what the API is for. */
@Module({
  imports: [MikroOrmModule.forFeature([Task]), IdempotencyModule, UsageModule],
  controllers: [TasksController, TaskBatchController],
  providers: [
    TasksService,
    TasksRepository,
    TaskBatchService,
    TaskBatchRepository,
    TaskListsService,
    TaskListsRepository,
    TrashPurge,
    TrashRepository,
  ],
})
export class TasksModule {}
