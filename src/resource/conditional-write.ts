import { fails, type Precondition, preconditionFailed } from './etag.js';

/**
 * Writes, and reads the resource when nothing was written. It may have changed in between, so the read
 * alone explains nothing: both are repeated until the write succeeds, the resource is not there, or the
 * precondition fails. A version that is read twice was there all the time, so there was nothing to change.
 *
 * @param write returns null when it has written nothing.
 * @throws Problem `precondition_failed`, never without a precondition, or what `find` throws.
 */
export async function writeConditionally<Dto extends { readonly version: number }, Result>(
  precondition: Precondition,
  write: () => Promise<Result | null>,
  find: () => Promise<Dto>,
): Promise<Result | Dto> {
  for (let found: number | undefined; ;) {
    const written = await write();
    if (written !== null) return written;
    const current = await find();
    if (fails(current.version, precondition)) {
      throw preconditionFailed(current.version, precondition);
    }
    if (current.version === found) return current;
    found = current.version;
  }
}
