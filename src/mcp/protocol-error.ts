/** Error codes of JSON-RPC 2.0, and of MCP for a resource that is not there. */
const CODES = { invalidParams: -32602, resourceNotFound: -32002, internal: -32603 };

/** An error that JSON-RPC responds with; the SDK takes its code, message and data. */
class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}

export const invalidParams = (message: string) => new ProtocolError(CODES.invalidParams, message);

export const resourceNotFound = (uri: string) =>
  new ProtocolError(CODES.resourceNotFound, 'There is no resource with this URI.', { uri });

/** Returns the error of a request that failed with a problem, which is its data. */
export const failedWith = (problem: { readonly status: number; readonly detail: string }) =>
  new ProtocolError(
    problem.status < 500 ? CODES.invalidParams : CODES.internal,
    problem.detail,
    problem,
  );
