import { ApiSchema } from '@nestjs/swagger';
import { MoveDto } from '../resource/index.js';
import { ListId, ParentId } from './task.fields.js';

/** A place of a task: beside a sibling, whose list and parent it gets, or at the end. */
@ApiSchema({
  name: 'MoveTask',
  description:
    'A place of a task: beside a sibling, whose list and parent it gets, or at the end. A list or parent beside a sibling must be its own.',
})
export class MoveTaskDto extends MoveDto {
  @ListId('clearable')
  listId?: string | null;

  @ParentId('clearable')
  parentId?: string | null;
}
