import { applyDecorators, type Type } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { rule } from './validators.js';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is no object becomes null: of an array class-validator would check the elements instead. */
const instance = (value: unknown, typeOf: (value: object) => Type<object>): object | null =>
  isObject(value) ? plainToInstance(typeOf(value), value) : null;

const AnObject = () => ValidateNested({ message: 'must be an object' });

/** An object with the rules of a class, whose errors point into it. */
export const Nested = (type: Type<object>): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => instance(value, () => type)),
    AnObject(),
  );

/** Stand in for values whose elements are not looked at; class-validator knows no rule of theirs. */
const NO_ARRAY = Object.freeze({});
const TOO_MANY = Object.freeze({});

function instances(
  value: unknown,
  limit: number,
  typeOf: (element: object) => Type<object>,
): object {
  if (!Array.isArray(value)) return NO_ARRAY;
  if (value.length > limit) return TOO_MANY;
  return value.map((element) => instance(element, typeOf));
}

/**
 * An array of 1 to `limit` objects, each with the rules of the class that `typeOf` finds for it.
 *
 * Not the discriminator of class-transformer: it throws on elements that are no objects.
 */
export const NestedEach = (
  limit: number,
  typeOf: (element: object) => Type<object>,
): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => instances(value, limit, typeOf)),
    rule('required', (value) => value !== undefined, 'is required'),
    rule('type', (value) => value !== NO_ARRAY, 'must be an array of objects'),
    rule('too_few', (value) => !Array.isArray(value) || value.length > 0, 'must be at least 1'),
    rule('too_many', (value) => value !== TOO_MANY, `must be at most ${String(limit)}`),
    AnObject(),
  );
