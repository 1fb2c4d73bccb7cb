export { DeleteListQuery } from './delete-list.query.js';
export { CreateListDto, ListDto, UpdateListDto } from './list.dto.js';
export { List } from './list.entity.js';
export { MAX_NAME_LENGTH } from './list.fields.js';
export { ListListsQuery } from './list-lists.query.js';
export { ListsModule } from './lists.module.js';
export type { ExportedList } from './lists.repository.js';
export { ListsRepository } from './lists.repository.js';
export { ListsService } from './lists.service.js';
