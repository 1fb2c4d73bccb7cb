import { Injectable } from '@nestjs/common';
import { assertScope, READ_SCOPE } from '../auth/index.js';
import { parseUrl } from '../config/index.js';
import { ListTasksQuery, TaskListsService, type TaskPageDto } from '../tasks/index.js';
import { InvalidInput, queryProblem, validateInput } from '../validation/index.js';
import { type Caller, problemBodyOf } from './caller.js';
import { failedWith, resourceNotFound } from './protocol-error.js';

const MIME_TYPE = 'application/json';
/** Open tasks, and as many of them as a page can have. */
const COMMON = { completed: false, sort: 'due', limit: 200 };
const TIME_ZONE = 'timeZone';
const DAYS = `Days are those of UTC, or of the IANA time zone in ${TIME_ZONE}.`;

/** The resources: pages of the list of tasks, which a user can attach to a conversation. */
const RESOURCES = [
  {
    uri: 'taskward://tasks/today',
    name: 'today',
    title: 'Tasks due today',
    description: `The open tasks that are due today. ${DAYS}`,
    filter: { dueAfter: 'today', dueBefore: 'tomorrow' },
  },
  {
    uri: 'taskward://tasks/overdue',
    name: 'overdue',
    title: 'Overdue tasks',
    description: `The open tasks that were due before now. ${DAYS}`,
    filter: { dueBefore: 'now' },
  },
];

type Resource = (typeof RESOURCES)[number];

/** Returns the resource of a URI with the parameters that were sent; undefined if there is none. */
function find(uri: string): { filter: Resource['filter']; parameters: object } | undefined {
  const url = parseUrl(uri);
  if (url === undefined) return undefined;
  const parameters = Object.fromEntries(url.searchParams);
  const names = [...url.searchParams.keys()];
  url.search = '';
  const resource = RESOURCES.find((one) => one.uri === url.href);
  const isKnown = names.length === 0 || (names.length === 1 && names[0] === TIME_ZONE);
  return resource && isKnown ? { filter: resource.filter, parameters } : undefined;
}

/** Lists and reads the resources. */
@Injectable()
export class TaskResources {
  constructor(private readonly lists: TaskListsService) {}

  list() {
    return RESOURCES.map(({ filter: _, ...resource }) => ({ ...resource, mimeType: MIME_TYPE }));
  }

  templates() {
    return this.list().map(({ uri, name, ...resource }) => ({
      ...resource,
      name: `${name}-in-time-zone`,
      uriTemplate: `${uri}{?${TIME_ZONE}}`,
    }));
  }

  /** @throws ProtocolError */
  async read(caller: Caller, uri: string) {
    const resource = find(uri);
    if (resource === undefined) throw resourceNotFound(uri);
    try {
      const { filter, parameters } = resource;
      const page = await this.#page(caller, { ...parameters, ...filter, ...COMMON });
      return { contents: [{ uri, mimeType: MIME_TYPE, text: JSON.stringify(page) }] };
    } catch (error) {
      throw failedWith(problemBodyOf(caller, error));
    }
  }

  /** @throws Problem */
  async #page({ user }: Caller, query: object): Promise<TaskPageDto> {
    assertScope(user, READ_SCOPE);
    try {
      return await this.lists.list(user, validateInput(query, ListTasksQuery) as ListTasksQuery);
    } catch (error) {
      throw error instanceof InvalidInput ? queryProblem(error.failures) : error;
    }
  }
}
