import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { List } from '../lists/index.js';
import { Task } from '../tasks/index.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';

/** Export and import of what a user has. */
@Module({
  imports: [MikroOrmModule.forFeature([Task, List])],
  controllers: [ExportController],
  providers: [ExportService],
})
export class PortabilityModule {}
