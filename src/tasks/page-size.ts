import type { TaskDto } from './task.dto.js';

/** Bytes of a page's tasks, as JSON. */
export const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/** JSON writes at most six bytes for one unit of UTF-16, as in `\\u0001`. */
const MAX_BYTES_PER_UNIT = 6;
/** More than a task's other fields, and the names of all. */
const MAX_OTHER_BYTES = 512;

/** Tasks that fit on a page however large each of them is. */
export const ALWAYS_FITTING = 30;

const lengthOf = ({ title, description, tags }: TaskDto) =>
  title.length + (description?.length ?? 0) + tags.reduce((sum, tag) => sum + tag.length + 3, 0);

const fitsSurely = (tasks: readonly TaskDto[]) =>
  tasks.reduce((sum, task) => sum + lengthOf(task) * MAX_BYTES_PER_UNIT + MAX_OTHER_BYTES, 0) <=
  MAX_PAGE_BYTES;

/** Returns how many of the tasks, but one at least and `limit` at most, fit on a page. */
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
