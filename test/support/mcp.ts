import { afterAll } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { type RequestOptions, send } from './client.js';

/** The result of a tool: its object, or the problem. */
interface ToolResult<Result> {
  readonly isError: boolean;
  readonly result: Result;
  readonly problem: ProblemDto;
}

type Call = <Result = { readonly id: string }>(
  name: string,
  args?: object,
) => Promise<ToolResult<Result>>;

/** A client of the SDK that is connected, and has read the tools, so that it checks every result. */
export interface McpUser {
  readonly client: Client;
  readonly call: Call;
}

interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

/** Connects a client of the SDK with a token. */
export async function connect(
  url: string,
  { token }: { readonly token: string },
  headers: Record<string, string> = {},
): Promise<McpUser> {
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } },
  });
  await client.connect(transport);
  await client.listTools();
  const call = async (name: string, args: object = {}) => {
    const called = await client.callTool({ name, arguments: { ...args } });
    const [{ text } = { text: '' }] = called.content as TextContent[];
    return {
      isError: called.isError === true,
      result: called.structuredContent,
      problem: JSON.parse(text) as ProblemDto,
    };
  };
  return { client, call: call as Call };
}

/** A message of JSON-RPC that calls a tool. */
export const callMessage = (name: string, args: unknown = {}, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

interface JsonRpc {
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  readonly result?: Record<string, unknown>;
}

/** Posts a message without the SDK; the body is that of JSON-RPC, or of a problem. */
export const post = (
  url: string,
  json: unknown,
  { token, headers = {}, ...options }: RequestOptions & { readonly token?: string } = {},
) =>
  send<JsonRpc & ProblemDto>(`${url}/mcp`, {
    method: 'POST',
    json,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    ...options,
  });
