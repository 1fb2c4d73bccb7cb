import { Problem, type ProblemError } from '../problems/index.js';

/** One broken rule of a body or a query. */
export type Failure = Pick<ProblemError, 'code' | 'detail'> & { readonly path: readonly string[] };

/** Failures that one problem lists. */
export const MAX_ERRORS = 100;

const MAX_NAME_CHARACTERS = 100;

/** Cuts a name that was sent, so that an error is not as long as the body; no emoji is cut in two. */
function shownName(name: string): string {
  if (name.length <= MAX_NAME_CHARACTERS) return name.toWellFormed();
  const characters = Array.from(name.slice(0, 2 * MAX_NAME_CHARACTERS));
  return characters.slice(0, MAX_NAME_CHARACTERS).join('').toWellFormed();
}

/** Names a place in a detail. */
export const shownPath = (path: readonly string[]) => path.map(shownName).join('/');

/** RFC 6901: `~` and `/` inside a name are escaped. */
function pointerOf(path: readonly string[]): string {
  const escaped = path.map((name) => shownName(name).replaceAll('~', '~0').replaceAll('/', '~1'));
  return escaped.map((name) => `/${name}`).join('');
}

export function bodyProblem(failures: readonly Failure[]): Problem {
  return new Problem('validation_failed', 'The body breaks the rules listed in "errors".', {
    errors: failures.map(({ path, code, detail }) => ({ pointer: pointerOf(path), code, detail })),
  });
}

export function queryProblem(failures: readonly Failure[]): Problem {
  return new Problem('invalid_parameter', 'The query breaks the rules listed in "errors".', {
    errors: failures.map(({ path: [parameter = ''], code, detail }) => ({
      parameter: shownName(parameter),
      code,
      detail,
    })),
  });
}
