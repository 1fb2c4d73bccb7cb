import { BASE_PATH } from './better-auth.js';
import { identityPaths } from './identity.openapi.js';

/** A route of Better Auth that is served. */
export interface OfferedRoute {
  /** Pattern below `BASE_PATH`, such as `/reset-password/:token`. */
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST')[];
}

/**
 * Lists the routes that are served: those that `openapi.json` describes. Better Auth has more, and an
 * update may bring others; they are 404.
 */
export const OFFERED_ROUTES: readonly OfferedRoute[] = Object.entries(identityPaths).map(
  ([path, item]) => ({
    path: path.slice(BASE_PATH.length).replaceAll(/\{(\w+)\}/g, ':$1'),
    methods: (['GET', 'POST'] as const).filter(
      (method) => item[method.toLowerCase() as 'get' | 'post'] !== undefined,
    ),
  }),
);
