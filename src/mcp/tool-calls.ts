import { Injectable } from '@nestjs/common';
import { assertScope, type AuthenticatedUser, READ_SCOPE, WRITE_SCOPE } from '../auth/index.js';
import { ChangesService } from '../changes/index.js';
import { digestOf, IdempotencyRepository, runOnce } from '../idempotency/index.js';
import { ListsService } from '../lists/index.js';
import { ApiDocument } from '../openapi/index.js';
import { TaskListsService, TasksService } from '../tasks/index.js';
import { type Caller, problemBodyOf } from './caller.js';
import { CHANGE_TOOLS } from './change-tools.js';
import { LIST_TOOLS } from './list-tools.js';
import { invalidParams } from './protocol-error.js';
import { TASK_TOOLS } from './task-tools.js';
import type { Services, Tool } from './tool.js';
import { type Arguments, parseArguments } from './tool-arguments.js';
import { ToolSchemaFactory, type ToolSchemas } from './tool-schemas.js';

interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

/** Result of a call: the object and the same as text, for clients that know only text; or a problem. */
export interface CallResult {
  readonly content: TextContent[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
}

const TOOLS = [...TASK_TOOLS, ...LIST_TOOLS, ...CHANGE_TOOLS];

interface DescribedTool {
  readonly tool: Tool;
  readonly schemas: ToolSchemas;
}

/** Lists the tools, and calls them. */
@Injectable()
export class ToolCalls {
  readonly #services: Services;
  #described: ReadonlyMap<string, DescribedTool> | undefined;

  constructor(
    tasks: TasksService,
    taskLists: TaskListsService,
    lists: ListsService,
    changes: ChangesService,
    private readonly keys: IdempotencyRepository,
    private readonly document: ApiDocument,
  ) {
    this.#services = { tasks, taskLists, lists, changes };
  }

  list() {
    return [...this.#describe().values()].map(({ tool, schemas }) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: schemas.input,
      outputSchema: schemas.output,
      annotations: {
        title: tool.title,
        readOnlyHint: tool.effect === 'reads',
        destructiveHint: tool.effect === 'destroys' || tool.effect === 'changes',
        idempotentHint: tool.isIdempotent,
        openWorldHint: false,
      },
    }));
  }

  /**
   * Calls a tool. A problem becomes a result, so that the model sees it and can act on it.
   *
   * @throws ProtocolError if there is no such tool.
   */
  async call(caller: Caller, name: string, args: Arguments): Promise<CallResult> {
    const described = this.#describe().get(name);
    if (described === undefined) throw invalidParams(`There is no tool ${JSON.stringify(name)}.`);
    try {
      const text = await this.#run(caller.user, described, args);
      const structuredContent = JSON.parse(text) as Record<string, unknown>;
      return { content: [{ type: 'text', text }], structuredContent };
    } catch (error) {
      // Not as structured content, which has the schema of results.
      const text = JSON.stringify(problemBodyOf(caller, error));
      return { content: [{ type: 'text', text }], isError: true };
    }
  }

  /** @returns the result as JSON. */
  async #run(user: AuthenticatedUser, { tool, schemas }: DescribedTool, args: Arguments) {
    assertScope(user, tool.effect === 'reads' ? READ_SCOPE : WRITE_SCOPE);
    const { input, idempotencyKey: key } = parseArguments(tool, schemas, args);
    const run = async () => JSON.stringify(await tool.run(this.#services, user, input));
    if (key === undefined) return run();
    const fingerprint = digestOf(['mcp', tool.name, args]);
    const { response } = await runOnce(this.keys, user.id, { key, fingerprint }, async () => ({
      status: 200,
      headers: {},
      body: await run(),
    }));
    return response.body;
  }

  #describe(): ReadonlyMap<string, DescribedTool> {
    if (this.#described === undefined) {
      const factory = new ToolSchemaFactory(this.document.create());
      this.#described = new Map(
        TOOLS.map((tool) => [tool.name, { tool, schemas: factory.create(tool) }]),
      );
    }
    return this.#described;
  }
}
