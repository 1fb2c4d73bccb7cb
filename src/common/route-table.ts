import type { FastifyInstance } from 'fastify';

interface Route {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

function matches(segments: readonly string[], path: readonly string[]): boolean {
  const open = segments.at(-1) === '*';
  if (open ? path.length < segments.length : path.length !== segments.length) return false;
  return segments.every(
    (segment, i) =>
      segment === '*' || segment === path[i] || (segment.startsWith(':') && path[i] !== ''),
  );
}

/** What can be asked of each address; tells an unknown address from a known one's wrong method. */
export class RouteTable {
  readonly #routes = new Map<string, Route>();

  /** Must be made before the first route is registered. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method }) => {
      const route = this.#routes.get(url) ?? { segments: url.split('/'), methods: new Set() };
      for (const name of [method].flat()) route.methods.add(name);
      this.#routes.set(url, route);
    });
  }

  /** The methods a path knows, sorted; empty when nothing is there. */
  methodsOf(url: string): string[] {
    const path = (url.split('?')[0] ?? '').split('/');
    const found = [...this.#routes.values()].filter(({ segments }) => matches(segments, path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}
