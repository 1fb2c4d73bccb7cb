export type { ExportedList } from './lists.repository.js';
export { ListDto } from './list.dto.js';
export { List } from './list.entity.js';
export { ListsModule } from './lists.module.js';
export { ListsRepository } from './lists.repository.js';
