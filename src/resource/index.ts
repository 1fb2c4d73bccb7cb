export { type CursorScope, decodeCursor, encodeCursor, type Position } from './cursor.js';
export {
  ENTITY_TAGS_PATTERN,
  etagOf,
  type Expected,
  fails,
  isNamed,
  isStale,
  parseIfMatch,
  type Precondition,
  preconditionFailed,
  preconditionOf,
  Preconditions,
  reasonOfFailure,
} from './etag.js';
export { BATCH_SIZE, ExpiryPurge, Purge } from './purge.js';
