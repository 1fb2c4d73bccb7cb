import { ApiProperty } from '@nestjs/swagger';
import { Cursor, DEFAULT_LIMIT, Flag, Include, Limit } from '../resource/index.js';
import { rule } from '../validation/index.js';

/** The property that lists are sorted by, for each field. */
export const SORT_PROPERTIES = {
  position: 'position',
  name: 'nameKey',
  createdAt: 'createdAt',
} as const;

type SortField = keyof typeof SORT_PROPERTIES;
export type ListSort = SortField | `-${SortField}`;
const LIST_SORTS = (Object.keys(SORT_PROPERTIES) as SortField[]).flatMap((field): ListSort[] => [
  field,
  `-${field}`,
]);

/** Query parameters of one list. */
export class GetListQuery {
  @Include('counts', 'Adds `tasks`, the numbers of open and completed tasks.')
  include?: 'counts';
}

/** Query parameters of a page of lists. */
export class ListListsQuery extends GetListQuery {
  @Flag({ description: 'Filters by `archived`.' })
  archived?: boolean;

  @ApiProperty({
    required: false,
    enum: LIST_SORTS,
    default: 'position',
    description: 'Sort order; `-` means descending. Ties are sorted by id in the same direction.',
  })
  @rule(
    'one_of',
    (value) => LIST_SORTS.some((sort) => sort === value),
    `must be one of ${LIST_SORTS.join(', ')}`,
  )
  sort: ListSort = 'position';

  @Limit('Maximum number of lists on a page.')
  limit: number = DEFAULT_LIMIT;

  @Cursor()
  cursor?: string;

  @Flag({ default: false, description: 'Adds `total`, the number of lists on all pages.' })
  count?: boolean;

  @Flag({ default: false, description: 'Lists the trash instead.' })
  trashed?: boolean;
}
