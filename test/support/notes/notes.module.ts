import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../../../src/idempotency/index.js';
import { ResourceModule } from '../../../src/resource/index.js';
import { Note } from './note.entity.js';
import { NotesController } from './notes.controller.js';
import { NotesService } from './notes.service.js';

/** Notes: a resource of the tests alone. */
@Module({
  imports: [MikroOrmModule.forFeature([Note]), IdempotencyModule, ResourceModule],
  controllers: [NotesController],
  providers: [NotesService],
})
export class NotesModule {}
