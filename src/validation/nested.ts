import { applyDecorators, type Type } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { Allow } from 'class-validator';
import { rule } from './validators.js';

const nestedProperties = new WeakMap<object, Set<string>>();

/** Marks a property whose objects have rules of their own; the validation pipe descends into them. */
const Descend =
  (): PropertyDecorator =>
  ({ constructor }, property) => {
    const known = nestedProperties.get(constructor) ?? new Set<string>();
    nestedProperties.set(constructor, known.add(String(property)));
  };

const NO_PROPERTIES: ReadonlySet<string> = new Set();

/** Returns the properties of an instance that hold objects with rules of their own. */
export const nestedPropertiesOf = ({ constructor }: object): ReadonlySet<string> =>
  nestedProperties.get(constructor) ?? NO_PROPERTIES;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Turns anything but an object into null, which the validation pipe refuses. */
const instance = (value: unknown, typeOf: (value: object) => Type<object>): object | null =>
  isObject(value) ? plainToInstance(typeOf(value), value) : null;

/** An object with the rules of a class, whose errors point into it. */
export const Nested = (type: Type<object>): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => instance(value, () => type)),
    Descend(),
    Allow(),
  );

/** Stand in for values whose elements are not looked at. */
const NO_ARRAY = Object.freeze({});
const TOO_MANY = Object.freeze({});

/** Whether a value is in the place of one that a rule of its property refuses. */
export const isStandIn = (value: unknown) => value === NO_ARRAY || value === TOO_MANY;

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
    Descend(),
  );
