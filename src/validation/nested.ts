import { applyDecorators, type Type } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { Allow } from 'class-validator';
import { rule } from './validators.js';

const nestedProperties = new WeakMap<object, Set<string>>();

/** Marks a property whose objects have rules of their own, which validation descends into. */
const MarkNested =
  (): PropertyDecorator =>
  ({ constructor }, property) => {
    const properties = nestedProperties.get(constructor) ?? new Set<string>();
    nestedProperties.set(constructor, properties.add(String(property)));
  };

const NO_PROPERTIES: ReadonlySet<string> = new Set();

/** Returns the properties of an instance that validation descends into. */
export const nestedPropertiesOf = ({ constructor }: object): ReadonlySet<string> =>
  nestedProperties.get(constructor) ?? NO_PROPERTIES;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Converts an object to an instance, and anything else to false, which validation rejects. */
const toInstance = (value: unknown, typeOf: (value: object) => Type<object>): object | false =>
  isObject(value) ? plainToInstance(typeOf(value), value) : false;

/** Declares an object with the rules of a class. Its errors point into it. */
export const Nested = (type: Type<object>, { nullable = false } = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      nullable && value === null ? null : toInstance(value, () => type),
    ),
    MarkNested(),
    Allow(),
  );

/** Placeholders for values whose elements are not validated. */
const NOT_AN_ARRAY = Object.freeze({});
const TOO_MANY = Object.freeze({});

/** Returns whether a value replaces one that a rule of its property rejects. */
export const isPlaceholder = (value: unknown) => value === NOT_AN_ARRAY || value === TOO_MANY;

function toInstances(
  value: unknown,
  limit: number,
  typeOf: (element: object) => Type<object>,
): object {
  if (!Array.isArray(value)) return NOT_AN_ARRAY;
  if (value.length > limit) return TOO_MANY;
  return value.map((element) => toInstance(element, typeOf));
}

/**
 * Declares an array of 1 to `limit` objects, each with the rules of the class that `typeOf`
 * returns.
 *
 * The discriminator of class-transformer cannot be used: it throws on elements that are not
 * objects.
 */
export const NestedEach = (
  limit: number,
  typeOf: (element: object) => Type<object>,
): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => toInstances(value, limit, typeOf)),
    rule('required', (value) => value !== undefined, 'is required'),
    rule('type', (value) => value !== NOT_AN_ARRAY, 'must be an array of objects'),
    rule('too_few', (value) => !Array.isArray(value) || value.length > 0, 'must be at least 1'),
    rule('too_many', (value) => value !== TOO_MANY, `must be at most ${String(limit)}`),
    MarkNested(),
  );
