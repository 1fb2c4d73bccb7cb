import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/index.js';
import { ResourceModule } from '../resource/index.js';
import { Task } from './task.entity.js';
import { TaskBatchController } from './task-batch.controller.js';
import { TaskBatchService } from './task-batch.service.js';
import { TaskListsService } from './task-lists.service.js';
import { TaskPlaces } from './task-places.service.js';
import { TaskSeries } from './task-series.service.js';
import { TaskTreeService } from './task-tree.service.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';
import { TrashPurge } from './trash-purge.js';

/** Tasks, the main resource of the API. */
@Module({
  imports: [MikroOrmModule.forFeature([Task]), IdempotencyModule, ResourceModule],
  controllers: [TasksController, TaskBatchController],
  providers: [
    TasksService,
    TaskBatchService,
    TaskListsService,
    TaskPlaces,
    TaskSeries,
    TaskTreeService,
    TrashPurge,
  ],
  exports: [TaskListsService, TasksService],
})
export class TasksModule {}
