import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { ResourceModule } from '../resource/index.js';
import { Change, ChangeCounter } from './change.entity.js';
import { ChangesController } from './changes.controller.js';
import { ChangesPurge } from './changes-purge.js';
import { ChangesService } from './changes.service.js';

/** The log of what has changed, which clients follow. */
@Module({
  imports: [MikroOrmModule.forFeature([Change, ChangeCounter]), ResourceModule],
  controllers: [ChangesController],
  providers: [ChangesPurge, ChangesService],
  exports: [ChangesService],
})
export class ChangesModule {}
