import { Problem } from '../problems/index.js';

/** Tasks, and lists, of a file. */
export const MAX_TASKS = 10_000;

export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** @throws Problem `payload_too_large` */
export function assertCount(count: number): void {
  if (count <= MAX_TASKS) return;
  throw new Problem(
    'payload_too_large',
    `An import takes at most ${String(MAX_TASKS)} tasks, and as many lists.`,
  );
}

const BYTES_PER_POINT = 64 * 1024;

/** Requests that an import counts as, by the size of its file. */
export const pointsOf = (body: unknown): number =>
  Buffer.isBuffer(body) ? Math.ceil(body.length / BYTES_PER_POINT) : 1;
