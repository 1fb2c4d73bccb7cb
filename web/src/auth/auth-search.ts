/** Search parameters of the pages for people who are not signed in. */
export interface AuthSearch {
  /** The page to go to afterwards: a path of this origin. */
  readonly next?: string | undefined;
  readonly error?: string | undefined;
}

/** Returns whether a value is a path of this origin, as browsers read it: without tabs, for instance. */
function isPath(value: unknown): value is string {
  if (typeof value !== 'string' || !value.startsWith('/')) return false;
  const url = URL.parse(value, location.origin);
  return url?.origin === location.origin && !url.pathname.startsWith('//');
}

/** Reads the parameters. The router would keep one that is left out as it came: it is undefined. */
export const validateAuthSearch = ({ next, error }: Record<string, unknown>): AuthSearch => ({
  next: isPath(next) ? next : undefined,
  error: typeof error === 'string' ? error : undefined,
});
