/** Members of an error that quote nothing: of PostgreSQL's, the names of what was concerned. */
const NAMES = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'];

const MAX_CAUSES = 5;

const stringOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Parsers quote the value that they refuse. */
const QUOTED = /["'`].*["'`]/s;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

/** One line without what stands in quotes. */
const withoutValues = (message: string) =>
  message.replace(QUOTED, '"…"').split('\n', 1)[0]?.replaceAll(CONTROLS, '');

/** The frames alone: the first lines of a stack repeat the message, whose lines may look like frames. */
function framesOf(stack: string, message: string): string {
  const start = stack.indexOf(message);
  const frames = start === -1 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

/**
 * Returns what the log says of an error. A message of PostgreSQL, or of what wraps one, quotes rows and
 * parameters, so of those the log has names and codes; of others it has the message, too.
 */
export function shownError(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return typeof error;
  const own = error as Record<string, unknown>;
  const { name, stack, cause } = own;
  const message = stringOf(own['message']) ?? '';
  const isOfDatabase = 'severity' in own || 'sql' in own;
  return {
    type: /^\w+$/.test(stringOf(name) ?? '') ? name : error.constructor.name,
    ...(!isOfDatabase && { message: withoutValues(message) }),
    ...Object.fromEntries(NAMES.filter((key) => key in own).map((key) => [key, own[key]])),
    stack: framesOf(stringOf(stack) ?? '', message),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: shownError(cause, depth + 1) }),
  };
}

/** Returns the same in a few words, for a line of the log that is no object. */
export function shownReason(error: unknown): string {
  const { type, message, code } = shownError(error) as Readonly<Record<string, unknown>>;
  if (typeof message === 'string' && message !== '') return message;
  return [type, code].filter((part) => typeof part === 'string').join(' ') || typeof error;
}
