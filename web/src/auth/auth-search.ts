/** Search parameters of the pages for people who are not signed in. */
export interface AuthSearch {
  /** The page to go to afterwards: a path of this origin. */
  readonly next?: string;
  readonly error?: string;
}

const isPath = (value: unknown): value is string =>
  typeof value === 'string' && /^\/(?![/\\])/.test(value);

export function validateAuthSearch({ next, error }: Record<string, unknown>): AuthSearch {
  return { ...(isPath(next) && { next }), ...(typeof error === 'string' && { error }) };
}
