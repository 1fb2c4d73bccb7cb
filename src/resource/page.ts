import type { Position } from './cursor.js';

/** Rows of a list, and the position of each in it. */
export interface Page<Dto> {
  readonly rows: readonly Dto[];
  readonly positionOf: (index: number) => Position;
}

/** Returns a page whose rows have these values in the order of the list. */
export function pageOf<Dto extends { readonly id: string }>(
  rows: readonly Dto[],
  valueOf: (dto: Dto, index: number) => Position['value'],
): Page<Dto> {
  const positionOf = (index: number) => {
    const dto = rows[index];
    if (dto === undefined) throw new RangeError(`There is no row ${String(index)} on this page.`);
    return { value: valueOf(dto, index), id: dto.id };
  };
  return { rows, positionOf };
}

/** A page as clients see it. */
export interface PageDto<Dto> {
  data: Dto[];
  nextCursor: string | null;
}
