export { REMOVED_TASKS } from './task-tree.sql.js';
export type { ExportedTask } from './exported-task.js';
export { TaskDto } from './task.dto.js';
export { Task } from './task.entity.js';
export { TasksModule } from './tasks.module.js';
export { TasksRepository } from './tasks.repository.js';
