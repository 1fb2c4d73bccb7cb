/** Members of an error that quote nothing: of PostgreSQL's, the names of what was concerned. */
const NAMES = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'];

const MAX_CAUSES = 5;

const stringOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The frames alone: the first lines of a stack repeat the message. */
const framesOf = (stack: unknown) =>
  stringOf(stack)
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/**
 * Returns what the log says of an error. A message of PostgreSQL, or of what wraps one, quotes rows and
 * parameters, so of those the log has names and codes; of others it has the message, too.
 */
export function shownError(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return typeof error;
  const own = error as Record<string, unknown>;
  const { name, message, stack, cause } = own;
  const isOfDatabase = 'severity' in own || 'sql' in own;
  return {
    type: stringOf(name) ?? error.constructor.name,
    ...(!isOfDatabase && { message: stringOf(message) }),
    ...Object.fromEntries(NAMES.filter((key) => key in own).map((key) => [key, own[key]])),
    stack: framesOf(stack),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: shownError(cause, depth + 1) }),
  };
}
