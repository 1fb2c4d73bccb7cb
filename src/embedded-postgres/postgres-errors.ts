/** The embedded server could not be prepared or started; the message is meant for the person who started Taskward. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The server ended before it accepted connections; `output` is the end of its log. */
export class ServerStartError extends EmbeddedPostgresError {
  constructor(
    cluster: string,
    reason: string,
    readonly output: string,
  ) {
    super(`the embedded PostgreSQL of ${cluster} did not start: ${reason}\n${output}`);
  }
}

/** The `code` of a system or PostgreSQL error, such as `ENOENT` or `3D000`. */
export function codeOf(error: unknown): unknown {
  return propertyOf(error, 'code');
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return String(propertyOf(error, 'message') ?? error);
}

/** By shape, not by `instanceof`: a test's own realm has another `Error` than the system's calls. */
export function propertyOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
