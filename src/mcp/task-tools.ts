import {
  CompleteTaskDto,
  CompleteTaskQuery,
  CreateTaskDto,
  DeleteTaskQuery,
  GetTaskQuery,
  ListTasksQuery,
  MoveTaskDto,
  UpdateTaskDto,
} from '../tasks/index.js';
import { defineTool, type Tool } from './tool.js';

const PAGED = 'If nextCursor is not null there are more: call again with it as cursor.';

/** Tools about tasks. */
export const TASK_TOOLS: readonly Tool[] = [
  defineTool({
    name: 'list_tasks',
    title: 'List tasks',
    description: `Lists the user's tasks, newest first unless sort says otherwise, with filters by completion, priority, tag, list, parent and due date. ${PAGED}`,
    operationId: 'listTasks',
    effect: 'reads',
    query: ListTasksQuery,
    without: ['q'],
    run: ({ taskLists }, user, { query }) => taskLists.list(user, query),
  }),
  defineTool({
    name: 'search_tasks',
    title: 'Search tasks',
    description: `Finds the user's tasks by words in title and description. Takes the filters of list_tasks, too. ${PAGED}`,
    operationId: 'listTasks',
    effect: 'reads',
    query: ListTasksQuery,
    required: ['q'],
    run: ({ taskLists }, user, { query }) => taskLists.list(user, query),
  }),
  defineTool({
    name: 'get_task',
    title: 'Get a task',
    description: 'Reads one task by its id. Tasks in the trash are not found.',
    operationId: 'getTask',
    effect: 'reads',
    query: GetTaskQuery,
    run: ({ tasks }, user, { id, query }) => tasks.get(user, id, query),
  }),
  defineTool({
    name: 'create_task',
    title: 'Create a task',
    description:
      'Creates a task. Only title is required. To be able to retry without making a second task, send an idempotencyKey.',
    operationId: 'createTask',
    effect: 'adds',
    isIdempotent: false,
    body: CreateTaskDto,
    run: ({ tasks }, user, { body }) => tasks.create(user, body),
  }),
  defineTool({
    name: 'update_task',
    title: 'Update a task',
    description:
      'Overwrites fields of a task: fields that are left out are kept, and null clears a field. The previous values stay in the history of the task for a limited time.',
    operationId: 'updateTask',
    effect: 'changes',
    body: UpdateTaskDto,
    run: ({ tasks }, user, { id, body, precondition }) =>
      tasks.update(user, id, body, precondition),
  }),
  defineTool({
    name: 'complete_task',
    title: 'Complete or reopen a task',
    description:
      'Completes a task, or reopens it with completed: false. Completing a task with a recurrence creates the next one and returns its id as nextTaskId; reopening deletes that next one permanently if it was not changed.',
    operationId: 'completeTask',
    effect: 'adds',
    query: CompleteTaskQuery,
    body: CompleteTaskDto,
    defaults: { completed: true },
    run: ({ tasks }, user, { id, query, body, precondition }) =>
      tasks.complete(user, id, body, query, precondition),
  }),
  defineTool({
    name: 'move_task',
    title: 'Move a task',
    description:
      'Moves a task before or after another one, whose list and parent it gets, or to the end of its siblings, of a list or of a parent.',
    operationId: 'moveTask',
    effect: 'adds',
    body: MoveTaskDto,
    run: ({ tasks }, user, { id, body, precondition }) => tasks.move(user, id, body, precondition),
  }),
  defineTool({
    name: 'delete_task',
    title: 'Delete a task',
    description:
      'Destructive: moves a task and all of its subtasks to the trash, from where restore_task brings them back until the trash is emptied. With permanent: true they are deleted at once, from the trash too, and cannot be brought back by anybody. Ask the user before you delete.',
    operationId: 'deleteTask',
    effect: 'destroys',
    query: DeleteTaskQuery,
    run: async ({ tasks }, user, { id, query, precondition }) => {
      await tasks.delete(user, id, query, precondition);
      return { id, permanent: query.permanent ?? false };
    },
  }),
  defineTool({
    name: 'restore_task',
    title: 'Restore a task',
    description: 'Brings a task back from the trash, with the subtasks that were deleted with it.',
    operationId: 'restoreTask',
    effect: 'adds',
    run: ({ tasks }, user, { id, precondition }) => tasks.restore(user, id, precondition),
  }),
];
