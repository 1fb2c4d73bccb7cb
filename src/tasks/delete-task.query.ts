import { Flag } from '../resource/index.js';

/** Query parameters of a delete. */
export class DeleteTaskQuery {
  @Flag({
    default: false,
    description: '`true` deletes the task permanently, also from the trash.',
  })
  permanent?: boolean;
}
