import { REPLAYED } from '../idempotency/index.js';
import { ResourceApi } from '../resource/index.js';
import { ListDto, ListPageDto } from './list.dto.js';

/** The description of the operations on lists. */
export const ListsApi = new ResourceApi({
  noun: 'List',
  plural: 'Lists',
  path: '/api/v1/lists',
  notFound: 'list_not_found',
  type: ListDto,
  page: ListPageDto,
  replayed: REPLAYED,
});
