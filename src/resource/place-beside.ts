import { bodyProblem } from '../validation/index.js';
import type { NewValues } from './columns.js';
import type { MoveDto } from './move.dto.js';
import { failureOf, MUST_BE_THERE } from './field-failures.js';
import type { OwnedEntity, OwnedRepository } from './owned.repository.js';
import type { Where } from './row-parameters.js';
import { positionBetween, positionsBetween } from './position.js';
import type { Writer } from './writer.js';

/** A row that has a position among its siblings. */
interface Placed {
  readonly id: string;
  readonly position: string;
}

interface OrderedEntity extends OwnedEntity {
  position: string;
}

const NOT_ITSELF = { code: 'same', rule: 'must not be what is moved' };

/** Siblings on each side that may be given new positions with a moved row. */
const WINDOW = 100;

/**
 * Returns the sibling that a move names, and the side of it; undefined for the end.
 *
 * @param path of the body that names it
 * @throws Problem `validation_failed` if there is none, or it is the moved row itself.
 */
export async function anchorOf<Dto>(
  { before, after }: Pick<MoveDto, 'before' | 'after'>,
  movedId: string,
  find: (id: string) => Promise<Dto | null>,
  path: readonly string[] = [],
): Promise<{ side: 'before' | 'after'; anchor: Dto } | undefined> {
  const side = before === undefined ? 'after' : 'before';
  const id = before ?? after;
  if (id === undefined) return undefined;
  const at = [...path, side];
  if (id === movedId) throw bodyProblem([failureOf(at, NOT_ITSELF)]);
  const anchor = await find(id);
  if (anchor === null) throw bodyProblem([failureOf(at, MUST_BE_THERE)]);
  return { side, anchor };
}

/** A place beside a row. */
export interface Beside<Dto> {
  readonly side: 'before' | 'after';
  readonly anchor: Dto;
  /** Values by which the anchor's siblings are found, itself among them. */
  readonly siblings: Where;
}

/**
 * Returns the position of a row that moves beside another one. Within a transaction that holds the lock of
 * the owner, so no other row takes that position.
 *
 * When positions between the two neighbours have grown too long, the nearest siblings are given shorter
 * ones, and with them a new version.
 */
export async function placeBeside<Entity extends OrderedEntity, Dto extends Placed>(
  rows: OwnedRepository<Entity, Dto>,
  user: Writer,
  movedId: string,
  { side, anchor, siblings }: Beside<Dto>,
): Promise<string> {
  const after = { value: anchor.position, id: anchor.id };
  const nearest = async (descending: boolean, count: number) => {
    const request = { descending, location: 'list', where: siblings, after } as const;
    // The moved row may be among them.
    const page = await rows.pageBy(user.id, 'position', { ...request, limit: count + 1 });
    return page.rows.filter(({ id }) => id !== movedId).slice(0, count);
  };
  const isBefore = side === 'before';
  const [neighbour] = await nearest(isBefore, 1);
  const outer = neighbour?.position ?? null;
  const position = isBefore
    ? positionBetween(outer, anchor.position)
    : positionBetween(anchor.position, outer);
  if (position !== undefined) return position;
  const lower = (await nearest(true, WINDOW + 1)).reverse();
  const higher = await nearest(false, WINDOW + 1);
  const low = lower.length > WINDOW ? lower.shift() : undefined;
  const high = higher.length > WINDOW ? higher.pop() : undefined;
  const ids = [...lower, anchor, ...higher].map(({ id }) => id);
  ids.splice(lower.length + (isBefore ? 0 : 1), 0, movedId);
  const positions = positionsBetween(low?.position ?? null, high?.position ?? null, ids.length);
  const changes = new Map<string, NewValues<Entity>>();
  let own = '';
  ids.forEach((id, index) => {
    const position = positions[index] ?? '';
    if (id === movedId) own = position;
    // A mapped type of a type parameter has no members that the compiler knows.
    else changes.set(id, { position } as NewValues<Entity>);
  });
  await rows.updateMany(user, changes);
  return own;
}
