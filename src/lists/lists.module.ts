import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/index.js';
import { ResourceModule } from '../resource/index.js';
import { List } from './list.entity.js';
import { ListsController } from './lists.controller.js';
import { ListsService } from './lists.service.js';

/** Lists of tasks. */
@Module({
  imports: [MikroOrmModule.forFeature([List]), IdempotencyModule, ResourceModule],
  controllers: [ListsController],
  providers: [ListsService],
  exports: [ListsService],
})
export class ListsModule {}
