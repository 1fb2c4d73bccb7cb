import type { TaskDto } from './task.dto.js';

/** Maximum size of a page's tasks as JSON. */
export const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/** JSON needs at most six bytes for a UTF-16 code unit, as in `\\u0001`. */
const MAX_BYTES_PER_UNIT = 6;
/** Upper bound for a task's other fields and the names of all fields. */
const MAX_OTHER_BYTES = 512;

/** Number of tasks that fit on a page whatever their size. */
export const ALWAYS_FITTING = 30;

const lengthOf = ({ title, description, tags }: TaskDto) =>
  title.length + (description?.length ?? 0) + tags.reduce((sum, tag) => sum + tag.length + 3, 0);

const fitsSurely = (tasks: readonly TaskDto[]) =>
  tasks.reduce((sum, task) => sum + lengthOf(task) * MAX_BYTES_PER_UNIT + MAX_OTHER_BYTES, 0) <=
  MAX_PAGE_BYTES;

/** Returns how many of the tasks fit on a page: at least one, and at most `limit`. */
export function countFitting(tasks: readonly TaskDto[], limit: number): number {
  const count = Math.min(tasks.length, limit);
  if (count <= ALWAYS_FITTING || fitsSurely(tasks)) return count;
  let bytes = 0;
  for (const [index, task] of tasks.slice(0, count).entries()) {
    bytes += Buffer.byteLength(JSON.stringify(task)) + 1;
    if (bytes > MAX_PAGE_BYTES) return Math.max(index, 1);
  }
  return count;
}
