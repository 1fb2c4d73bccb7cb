import { Problem } from '../problems/index.js';

/** The tasks and bytes that a user may keep, or may still add. */
export interface Quota {
  readonly tasks: number;
  readonly bytes: number;
}

const HELP = 'including the trash. Delete tasks permanently to make room.';

/** A write was refused, as it would have gone past a quota. */
export class QuotaExceeded extends Problem {
  /** How many of the tasks there was room for; undefined when it is their bytes that were too many. */
  readonly roomForTasks: number | undefined;

  /** @param tasks the number of tasks that were to be added. */
  constructor(quota: Quota, free: Quota, tasks: number) {
    const isByTasks = tasks > free.tasks;
    super(
      'quota_exceeded',
      isByTasks
        ? `You can keep ${String(quota.tasks)} tasks, ${HELP}`
        : `Your tasks can have ${String(quota.bytes)} bytes of text, ${HELP}`,
    );
    this.roomForTasks = isByTasks ? Math.max(free.tasks, 0) : undefined;
  }
}
