/** Members of an error that contain no values; those of PostgreSQL name the objects concerned. */
const SAFE_MEMBERS = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'syscall',
];

const MAX_CAUSES = 5;

const stringOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Parsers quote the value that they reject. */
const QUOTED = /["'`].*["'`]/s;
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

/** Returns the first line of a message, with quoted values redacted. */
const redactQuoted = (message: string) =>
  message.replace(QUOTED, '"…"').split('\n', 1)[0]?.replaceAll(CONTROL_CHARACTERS, '');

/** Returns the frames of a stack without its message, whose lines may look like frames. */
function framesOf(stack: string, message: string): string {
  const start = stack.indexOf(message);
  const frames = start === -1 ? '' : stack.slice(start + message.length);
  return frames
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

/**
 * Returns the loggable part of an error. Messages of PostgreSQL, and of errors that wrap them,
 * quote rows and parameters, so they are left out in favour of names and codes.
 */
export function loggableError(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return typeof error;
  const own = error as Record<string, unknown>;
  const { name, stack, cause } = own;
  const message = stringOf(own['message']) ?? '';
  const isDatabaseError = 'severity' in own || 'sql' in own;
  return {
    type: /^\w+$/.test(stringOf(name) ?? '') ? name : error.constructor.name,
    ...(!isDatabaseError && { message: redactQuoted(message) }),
    ...Object.fromEntries(SAFE_MEMBERS.filter((key) => key in own).map((key) => [key, own[key]])),
    stack: framesOf(stringOf(stack) ?? '', message),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: loggableError(cause, depth + 1) }),
  };
}

/** Returns a short form for a log message. */
export function errorSummary(error: unknown): string {
  const { type, message, code } = loggableError(error) as Readonly<Record<string, unknown>>;
  if (typeof message === 'string' && message !== '') return message;
  return [type, code].filter((part) => typeof part === 'string').join(' ') || typeof error;
}
