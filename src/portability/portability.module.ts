import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/index.js';
import { List } from '../lists/index.js';
import { Task } from '../tasks/index.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { ImportController } from './import.controller.js';
import { ImportService } from './import.service.js';

/** Export and import of what a user has. */
@Module({
  imports: [MikroOrmModule.forFeature([Task, List]), IdempotencyModule],
  controllers: [ExportController, ImportController],
  providers: [ExportService, ImportService],
})
export class PortabilityModule {}
