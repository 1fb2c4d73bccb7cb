import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, preParsingHookHandler } from 'fastify';

interface Route {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

function matches(segments: readonly string[], path: readonly string[]): boolean {
  if (path.length !== segments.length) return false;
  return segments.every((segment, i) => {
    const given = path[i] ?? '';
    if (!segment.startsWith(':')) return segment === given;
    // A parameter may have an ending, as in `:secret.ics`.
    const ending = /\..*$/.exec(segment)?.[0] ?? '';
    return given.length > ending.length && given.endsWith(ending);
  });
}

const pathOf = (url: string) => url.split('?', 1)[0] ?? '';

/**
 * Methods of each path; distinguishes an unknown path from an unsupported method. A literal route
 * takes precedence over another route's parameter, whatever the method: `GET /tasks/batch` is an
 * unsupported method, not an invalid id.
 */
export class RouteTable {
  readonly #routes = new Map<string, Route>();

  /** Must be created before the first route is registered. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', (options) => {
      const { url, method, preParsing = [], config } = options;
      // Wildcards, such as those for files or preflights, do not show which paths exist.
      if (url.includes('*') || config?.isHidden === true) return;
      const route = this.#routes.get(url) ?? { segments: url.split('/'), methods: new Set() };
      for (const name of [method].flat()) route.methods.add(name);
      this.#routes.set(url, route);
      if (url.includes(':')) options.preParsing = [preParsing, this.#refuseShadowed].flat();
    });
  }

  /** Returns the methods of a path, sorted; empty if there is nothing. */
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
