export { CompleteTaskQuery } from './complete-task.query.js';
export { DeleteTaskQuery } from './delete-task.query.js';
export type { ExportedTask } from './exported-task.js';
export { GetTaskQuery, ListTasksQuery } from './list-tasks.query.js';
export { MoveTaskDto } from './move-task.dto.js';
export { TaskListsService } from './task-lists.service.js';
export { MAX_ANCESTORS, REMOVED_TASKS } from './task-tree.sql.js';
export { CompleteTaskDto, CreateTaskDto, TaskDto, TaskPageDto, UpdateTaskDto } from './task.dto.js';
export { parseDue } from './due.js';
export type { PriorityName } from './priority.js';
export { foldTag } from './tag-fold.js';
export {
  MAX_DESCRIPTION_LENGTH,
  MAX_TAG_LENGTH,
  MAX_TAGS,
  MAX_TITLE_LENGTH,
} from './task.fields.js';
export { Task } from './task.entity.js';
export { newTask } from './task-values.js';
export { TasksModule } from './tasks.module.js';
export { TasksRepository } from './tasks.repository.js';
export { TasksService } from './tasks.service.js';
