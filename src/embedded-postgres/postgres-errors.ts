/**
 * The embedded server could not be prepared or started. The message is for the person who started
 * Taskward.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The server exited before it accepted connections; `output` is the end of its log. */
export class ServerStartError extends EmbeddedPostgresError {
  constructor(
    cluster: string,
    reason: string,
    readonly output: string,
  ) {
    super(`the embedded PostgreSQL of ${cluster} did not start: ${reason}\n${output}`);
  }
}

/** Returns the `code` of a system or PostgreSQL error, such as `ENOENT` or `3D000`. */
export function codeOf(error: unknown): unknown {
  return propertyOf(error, 'code');
}

/** Returns the message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return String(propertyOf(error, 'message') ?? error);
}

/** Checks the shape instead of `instanceof`: a Jest realm has an `Error` of its own. */
export function propertyOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
