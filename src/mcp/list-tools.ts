import { CreateListDto, DeleteListQuery, ListListsQuery, UpdateListDto } from '../lists/index.js';
import { defineTool, type Tool } from './tool.js';

/** Tools about lists. */
export const LIST_TOOLS: readonly Tool[] = [
  defineTool({
    name: 'list_lists',
    title: 'List lists',
    description:
      "Lists the user's lists of tasks, in the user's order. If nextCursor is not null there are more: call again with it as cursor.",
    operationId: 'listLists',
    effect: 'reads',
    query: ListListsQuery,
    run: ({ lists }, user, { query }) => lists.list(user, query),
  }),
  defineTool({
    name: 'create_list',
    title: 'Create a list',
    description:
      'Creates a list of tasks. Only name is required. To be able to retry without making a second list, send an idempotencyKey.',
    operationId: 'createList',
    effect: 'adds',
    isIdempotent: false,
    body: CreateListDto,
    run: ({ lists }, user, { body }) => lists.create(user, body),
  }),
  defineTool({
    name: 'update_list',
    title: 'Update a list',
    description:
      'Overwrites the name, color or archived flag of a list: fields that are left out are kept. The previous values stay in the history of the list for a limited time.',
    operationId: 'updateList',
    effect: 'changes',
    body: UpdateListDto,
    run: ({ lists }, user, { id, body, precondition }) =>
      lists.change(user, id, body, precondition),
  }),
  defineTool({
    name: 'delete_list',
    title: 'Delete a list',
    description:
      'Destructive: moves a list to the trash, and all of its tasks with it; with tasks: "keep" they stay, without a list. With permanent: true the list and its tasks are deleted at once, from the trash too, and cannot be brought back by anybody. Ask the user before you delete.',
    operationId: 'deleteList',
    effect: 'destroys',
    query: DeleteListQuery,
    run: async ({ lists }, user, { id, query, precondition }) => {
      await lists.delete(user, id, query, precondition);
      return { id, permanent: query.permanent ?? false };
    },
  }),
];
