import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, preParsingHookHandler } from 'fastify';

interface Route {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

function matches(segments: readonly string[], path: readonly string[]): boolean {
  if (path.length !== segments.length) return false;
  return segments.every(
    (segment, i) => segment === path[i] || (segment.startsWith(':') && path[i] !== ''),
  );
}

const pathOf = (url: string) => url.split('?', 1)[0] ?? '';

/**
 * What can be asked of each address; tells an unknown address from a known one's wrong method. Where
 * a route names an address in full, no other route's parameter stands for it, whatever the method:
 * `GET /tasks/batch` is a wrong method and not a wrong id.
 */
export class RouteTable {
  readonly #routes = new Map<string, Route>();

  /** Must be made before the first route is registered. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', (options) => {
      const { url, method, preParsing = [] } = options;
      // One for whatever there may be, such as files, or preflights, does not say what there is.
      if (url.includes('*')) return;
      const route = this.#routes.get(url) ?? { segments: url.split('/'), methods: new Set() };
      for (const name of [method].flat()) route.methods.add(name);
      this.#routes.set(url, route);
      if (url.includes(':')) options.preParsing = [preParsing, this.#refuseShadowed].flat();
    });
  }

  /** The methods a path knows, sorted; empty when nothing is there. */
  methodsOf(url: string): string[] {
    const path = pathOf(url);
    const named = this.#routes.get(path);
    if (named) return [...named.methods].sort();
    const segments = path.split('/');
    const found = [...this.#routes.values()].filter((route) => matches(route.segments, segments));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }

  readonly #refuseShadowed: preParsingHookHandler = (request, _reply, _payload, done) => {
    done(this.#routes.has(pathOf(request.url)) ? new NotFoundException() : null);
  };
}
