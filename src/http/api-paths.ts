const REST = '/api/v1/';
/** Model Context Protocol: one path, with nothing below it. */
const MCP = '/mcp';

/** Returns whether a request is for the API itself, which takes bearer tokens. */
export const isForApi = ({ url }: { readonly url: string }): boolean =>
  url.startsWith(REST) || url === MCP || url.startsWith(`${MCP}?`);
