import { Flag, parameter } from '../resource/index.js';
import { rule } from '../validation/index.js';

/** Query parameters of a delete. */
export class DeleteListQuery {
  @Flag({
    default: false,
    description: '`true` deletes the list permanently, also from the trash, and its tasks with it.',
  })
  permanent?: boolean;

  @parameter(
    {
      type: String,
      enum: ['keep'],
      description: 'Keeps the tasks of the list, without a list.',
    },
    rule('one_of', (value) => value === 'keep', 'must be keep, given once'),
  )
  tasks?: 'keep';
}
