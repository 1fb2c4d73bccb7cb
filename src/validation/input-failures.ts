import { Problem, type ProblemError } from '../problems/index.js';

/** One broken rule of a body or a query. */
export type Failure = Pick<ProblemError, 'code' | 'detail'> & { readonly path: readonly string[] };

/** Maximum number of failures that one problem lists. */
export const MAX_ERRORS = 100;

const MAX_NAME_CHARACTERS = 100;

/**
 * Truncates a name from the input, which may be as long as the body, without splitting a character.
 */
function truncateName(name: string): string {
  if (name.length <= MAX_NAME_CHARACTERS) return name.toWellFormed();
  const characters = Array.from(name.slice(0, 2 * MAX_NAME_CHARACTERS));
  return characters.slice(0, MAX_NAME_CHARACTERS).join('').toWellFormed();
}

/** Formats a path for the detail of an error. */
export const formatPath = (path: readonly string[]) => path.map(truncateName).join('/');

/** Returns a JSON pointer, with `~` and `/` escaped (RFC 6901). */
function toPointer(path: readonly string[]): string {
  const escaped = path.map((name) =>
    truncateName(name).replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  return escaped.map((name) => `/${name}`).join('');
}

export function bodyProblem(failures: readonly Failure[]): Problem {
  return new Problem('validation_failed', 'The body is invalid; see "errors".', {
    errors: failures.map(({ path, code, detail }) => ({ pointer: toPointer(path), code, detail })),
  });
}

export function queryProblem(failures: readonly Failure[]): Problem {
  return new Problem('invalid_parameter', 'The query is invalid; see "errors".', {
    errors: failures.map(({ path: [parameter = ''], code, detail }) => ({
      parameter: truncateName(parameter),
      code,
      detail,
    })),
  });
}
