export { ListDto } from './list.dto.js';
export { List } from './list.entity.js';
export { ListsModule } from './lists.module.js';
export type { ListsRepository } from './lists.repository.js';
