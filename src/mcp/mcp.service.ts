import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedUser } from '../auth/index.js';
import { Problem } from '../problems/index.js';
import { TaskResources } from './task-resources.js';
import { ToolCalls } from './tool-calls.js';

/** Versions of the protocol whose transport this is; the first one had another, and sent no header. */
const VERSIONS = ['2025-03-26', '2025-06-18', '2025-11-25'];
const VERSION_HEADER = 'mcp-protocol-version';

/** @throws Problem `invalid_header` */
function assertVersion({ request: { headers } }: FastifyReply): void {
  const version = headers[VERSION_HEADER];
  if (version === undefined || VERSIONS.some((known) => known === version)) return;
  const detail = `MCP-Protocol-Version must be one of ${VERSIONS.join(', ')}.`;
  throw new Problem('invalid_header', detail, {
    errors: [{ header: 'MCP-Protocol-Version', code: 'one_of', detail }],
  });
}

/** Responds to the messages of MCP clients. */
@Injectable()
export class McpService {
  constructor(
    private readonly tools: ToolCalls,
    private readonly resources: TaskResources,
  ) {}

  /**
   * @returns the response as JSON; undefined, with status 202, for a notification.
   * @throws Problem `invalid_header`
   */
  async respond(
    user: AuthenticatedUser,
    message: object,
    reply: FastifyReply,
  ): Promise<string | undefined> {
    assertVersion(reply);
    const { respondTo } = await import('./mcp-server.js');
    const caller = { user, request: reply.request };
    const response = await respondTo(message, caller, this.tools, this.resources);
    if (response.status === 202) {
      void reply.code(202);
      return undefined;
    }
    // Also errors, which the SDK sends with status 400: they are JSON-RPC, and so of the protocol.
    void reply.code(200).type('application/json; charset=utf-8');
    return response.text();
  }
}
