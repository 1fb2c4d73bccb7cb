import { parameter } from '../resource/index.js';
import { rule } from '../validation/index.js';

/** Query parameters of a completion. */
export class CompleteTaskQuery {
  @parameter(
    {
      type: String,
      enum: ['complete'],
      description:
        'Completes all subtasks, too, of every level. Reopening leaves them as they are.',
    },
    rule('one_of', (value) => value === 'complete', 'must be complete, given once'),
  )
  subtasks?: 'complete';
}
