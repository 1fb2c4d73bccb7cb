import type { OwnerId } from '../database/index.js';
import { bodyProblem } from '../validation/index.js';
import type { Cursors } from './cursors.js';
import { failureOf, type StoredRule } from './field-failures.js';
import type { HistoryDto, HistoryQuery, RevertDto } from './history.dto.js';
import type { LoggedRepository } from './logged.repository.js';

const UNKNOWN_VERSION: StoredRule = {
  code: 'unknown_version',
  rule: 'must be a version in the history',
};

type Rows<Dto extends object> = Pick<LoggedRepository<object, Dto>, 'history' | 'at'>;

/** Returns a page of the versions of a row that is there. */
export async function historyOf<Dto extends object>(
  rows: Rows<Dto>,
  cursors: Cursors,
  { ownerId, id }: { readonly ownerId: OwnerId; readonly id: string },
  { limit, cursor }: HistoryQuery,
): Promise<HistoryDto> {
  const scope = { userId: ownerId, list: { history: id } };
  const after = cursors.positionOf(scope, cursor);
  const request = { after: after && String(after.value), limit: limit + 1 };
  return cursors.page(scope, await rows.history(ownerId, id, request), limit);
}

/**
 * Returns a row that is there as it was in a version.
 *
 * @throws Problem `validation_failed` if the log does not have that version
 */
export async function versionOf<Dto extends object>(
  rows: Rows<Dto>,
  { ownerId, id }: { readonly ownerId: OwnerId; readonly id: string },
  { version }: RevertDto,
): Promise<Dto> {
  const then = await rows.at(ownerId, id, version);
  if (then === null) throw bodyProblem([failureOf(['version'], UNKNOWN_VERSION)]);
  return then;
}
