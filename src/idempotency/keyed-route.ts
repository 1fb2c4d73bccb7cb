import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteConstraints } from '@nestjs/platform-fastify';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/** The constraint of a route that only requests with an `Idempotency-Key` take. */
const CONSTRAINT = 'idempotencyKey';
const SENT = 'sent';

/** Teaches the router to distinguish requests with an `Idempotency-Key`; before routes are registered. */
export function routeByKey(fastify: FastifyInstance): void {
  fastify.addConstraintStrategy({
    name: CONSTRAINT,
    mustMatchWhenDerived: false,
    storage() {
      const handlers = new Map<unknown, unknown>();
      return {
        get: (value) => (handlers.get(value) ?? null) as never,
        set(value, handler) {
          handlers.set(value, handler);
        },
      };
    },
    deriveConstraint: ({ headers }) =>
      headers['idempotency-key'] === undefined ? undefined : SENT,
  });
}

/**
 * Adds a second route of a handler, which requests with an `Idempotency-Key` take, through the interceptor.
 * A first interceptor leads a request through RxJS, which costs a tenth of a create: requests without a
 * key go without.
 *
 * The second handler inherits the decorators of the first, wherever they stand: metadata is looked up
 * along prototypes.
 */
export const KeyedRoute = (): MethodDecorator => (target, name, descriptor) => {
  const handler: unknown = descriptor.value;
  if (typeof handler !== 'function') throw new Error('Only methods have a route.');
  const keyedName = `${String(name)}WithKey`;
  const keyedHandler = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(handler, this, args);
  };
  Object.setPrototypeOf(keyedHandler, handler);
  // Parameters are looked up by it.
  Object.defineProperty(keyedHandler, 'name', { value: keyedName });
  const keyed = { ...descriptor, value: keyedHandler } as TypedPropertyDescriptor<unknown>;
  Object.defineProperty(target, keyedName, keyed);
  for (const [key, owner] of [
    [ROUTE_ARGS_METADATA, target.constructor],
    ['design:paramtypes', target],
  ] as const) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, owner, name), owner, keyedName);
  }
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    RouteConstraints({ [CONSTRAINT]: SENT }),
    ApiExcludeEndpoint(),
  )(target, keyedName, keyed);
};
