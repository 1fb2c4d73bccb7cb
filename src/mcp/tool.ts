import type { Type } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import type { ChangesService } from '../changes/index.js';
import type { ListsService } from '../lists/index.js';
import type { Precondition } from '../resource/index.js';
import type { TaskListsService, TasksService } from '../tasks/index.js';

/** The services that tools call. */
export interface Services {
  readonly tasks: TasksService;
  readonly taskLists: TaskListsService;
  readonly lists: ListsService;
  readonly changes: ChangesService;
}

/** Arguments of a call that have passed the rules of their DTOs. */
export interface ToolInput<Query extends object, Body extends object> {
  /** Empty for tools that take none. */
  readonly id: string;
  readonly query: Query;
  readonly body: Body;
  readonly precondition: Precondition;
}

/** Effect of a tool on the user's data, from which the hints of its annotations follow. */
type Effect = 'reads' | /** Adds, or moves: nothing is lost. */ 'adds' | 'changes' | 'destroys';

/** A tool: an operation of the API for models. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** Written for a model. Arguments are described by the operation. */
  readonly description: string;
  /** The operation of the OpenAPI document that has the schemas of arguments and result. */
  readonly operationId: string;
  readonly effect: Effect;
  /** Whether a repeated call has no further effect. */
  readonly isIdempotent: boolean;
  /** The DTOs of the operation, with the rules of the arguments. */
  readonly query?: Type<object>;
  readonly body?: Type<object>;
  /** Parameters of the operation that the tool does not have. */
  readonly without: readonly string[];
  /** Arguments that are required here, and optional in the operation. */
  readonly required: readonly string[];
  /** Values of arguments that are optional here, and required in the operation. */
  readonly defaults: Readonly<Record<string, unknown>>;
  run(
    services: Services,
    user: AuthenticatedUser,
    input: ToolInput<object, object>,
  ): Promise<object>;
}

type Run<Query extends object, Body extends object> = (
  services: Services,
  user: AuthenticatedUser,
  input: ToolInput<Query, Body>,
) => Promise<object>;

type ToolDefinition<Query extends object, Body extends object> = Pick<
  Tool,
  'name' | 'title' | 'description' | 'operationId' | 'effect'
> &
  Partial<Pick<Tool, 'isIdempotent' | 'without' | 'required' | 'defaults'>> & {
    readonly query?: Type<Query>;
    readonly body?: Type<Body>;
    readonly run: Run<Query, Body>;
  };

/** Defines a tool, whose `run` gets instances of its own query and body. */
export function defineTool<Query extends object, Body extends object>(
  definition: ToolDefinition<Query, Body>,
): Tool {
  return {
    isIdempotent: true,
    without: [],
    required: [],
    defaults: {},
    ...definition,
  };
}
