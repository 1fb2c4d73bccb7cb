import { BASE_PATH } from './better-auth.js';
import { identityPaths } from './identity.openapi.js';

/** A Better Auth route that is served. */
export interface ServedRoute {
  /** Pattern below `BASE_PATH`, such as `/reset-password/:token`. */
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST')[];
}

/**
 * The routes that are served: those described in `openapi.json`. Better Auth has more, and an
 * upgrade may add others; they are 404.
 */
export const SERVED_ROUTES: readonly ServedRoute[] = Object.entries(identityPaths).map(
  ([path, item]) => ({
    path: path.slice(BASE_PATH.length).replaceAll(/\{(\w+)\}/g, ':$1'),
    methods: (['GET', 'POST'] as const).filter(
      (method) => item[method.toLowerCase() as 'get' | 'post'] !== undefined,
    ),
  }),
);
