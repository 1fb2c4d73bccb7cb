export { arrayLiteral } from './array-literal.js';
export { instantOf, type NewValues, NOW, type RowReaders } from './columns.js';
export { writeConditionally } from './conditional-write.js';
export type { CursorScope, Position } from './cursor.js';
export { Cursors } from './cursors.js';
export {
  assertIfMatch,
  ENTITY_TAGS_PATTERN,
  fails,
  isStale,
  parseIfMatch,
  type Precondition,
  Preconditions,
  reasonOfFailure,
} from './etag.js';
export { type Change, OwnedRepository } from './owned.repository.js';
export type { DerivedSetting, Location, ResourceRules } from './resource-rules.js';
export { type Page, pageOf } from './page.js';
export { pagesById } from './pages-by-id.js';
export { failureOf, MUST_BE_THERE, type StoredRule } from './field-failures.js';
export { appendToLog, changeOfAll } from './change-log.sql.js';
export { anchorOf, placeBeside } from './place-beside.js';
export { endPosition } from './position.js';
export { ExpiryPurge, BATCH_SIZE, FunctionPurge, Purge } from './purge.js';
export { PurgeRepository } from './purge.repository.js';
export { QuotaExceeded } from './quota-exceeded.js';
export { removedFrom } from './removed.sql.js';
export { historyOf, versionOf } from './history.js';
export { HistoryDto, HistoryQuery, RevertDto } from './history.dto.js';
export { ResourceModule } from './resource.module.js';
export { ResourceResponse, Respond, RespondConditionally } from './resource-response.js';
export { ScopedRepository } from './scoped.repository.js';
export type { Placeholders, Statement } from './statement.js';
export { addToUsage, TRANSACTION_SLOT } from './usage.sql.js';
export { field, IdField, IsText, LineField, type Presence, UNICODE } from './fields.js';
export { MoveDto } from './move.dto.js';
export {
  Cursor,
  DEFAULT_LIMIT,
  Flag,
  Include,
  IsSentOnce,
  Limit,
  NextCursor,
  parameter,
} from './query-parameters.js';
export type { ActorParameter, Writer } from './writer.js';
export { ResourceApi } from './resource.openapi.js';
