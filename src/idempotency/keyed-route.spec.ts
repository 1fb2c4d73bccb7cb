import { describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { AddRouteConfig } from '../http/index.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { KeyedRoute } from './keyed-route.js';

@Controller()
class Greetings {
  readonly greeting = 'Hello';

  @AddRouteConfig({ costOf: 'above' })
  @KeyedRoute()
  @Post('greet')
  @HttpCode(200)
  greet(@Body() name: string, @Query() query: object): string {
    return `${this.greeting}, ${name}${JSON.stringify(query)}`;
  }
}

const { prototype } = Greetings;
const of = (key: string, name: 'greet' | 'greetWithKey'): unknown =>
  Reflect.getMetadata(key, Reflect.get(prototype, name) as object);

describe('the handler of requests with a key', () => {
  it.each([
    { decorators: 'the path', key: PATH_METADATA, value: 'greet' },
    { decorators: 'those below', key: HTTP_CODE_METADATA, value: 200 },
    { decorators: 'those above', key: FASTIFY_ROUTE_CONFIG_METADATA, value: { costOf: 'above' } },
  ])('inherits the decorators: $decorators', ({ key, value }) => {
    expect(of(key, 'greetWithKey')).toEqual(value);
    expect(of(key, 'greet')).toEqual(value);
  });

  it('takes the same parameters, of the same types', () => {
    const parameters = Reflect.getMetadata(
      ROUTE_ARGS_METADATA,
      Greetings,
      'greetWithKey',
    ) as object;
    expect(Object.keys(parameters)).toHaveLength(2);
    expect(parameters).toBe(Reflect.getMetadata(ROUTE_ARGS_METADATA, Greetings, 'greet'));
    expect(Reflect.getMetadata('design:paramtypes', prototype, 'greetWithKey')).toEqual([
      String,
      Object,
    ]);
  });

  it('has the interceptor, and the other one has none', () => {
    expect(of(INTERCEPTORS_METADATA, 'greetWithKey')).toEqual([IdempotencyInterceptor]);
    expect(of(INTERCEPTORS_METADATA, 'greet')).toBeUndefined();
  });

  it('does the same', () => {
    const greetings = new Greetings() as Greetings & { greetWithKey: Greetings['greet'] };
    expect(greetings.greetWithKey('Ada', {})).toBe('Hello, Ada{}');
  });
});
