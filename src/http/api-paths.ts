const REST = '/api/v1/';
/** Paths alone: nothing is at the first, and nothing below the second, which is the Model Context Protocol's. */
const PATHS = ['/api/v1', '/mcp'];

/** Returns whether a request is for the API itself, which takes bearer tokens. */
export const isForApi = ({ url }: { readonly url: string }): boolean =>
  url.startsWith(REST) || PATHS.some((path) => url === path || url.startsWith(`${path}?`));
