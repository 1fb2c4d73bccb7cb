import { ListChangesQuery } from '../changes/index.js';
import { defineTool, type Tool } from './tool.js';

/** Tools about changes. */
export const CHANGE_TOOLS: readonly Tool[] = [
  defineTool({
    name: 'get_changes',
    title: 'Get changes',
    description:
      "Lists what has changed in the user's tasks and lists since a token. Without since it returns no changes, but the nextToken of this moment: keep it, and send it as since later. While hasMore is true, call again.",
    operationId: 'listChanges',
    effect: 'reads',
    query: ListChangesQuery,
    run: ({ changes }, user, { query }) => changes.list(user, query),
  }),
];
