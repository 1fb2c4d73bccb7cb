import type { Parameter } from '../database/index.js';
import { arrayLiteral } from './array-literal.js';
import { type NewValues, type PropertyValue, toParameter } from './columns.js';
import type { Expected, Precondition } from './etag.js';
import { isList } from './row.sql.js';

/** Values by property; null for a property that is not set. */
export type Where = Readonly<Record<string, string | number | boolean | null>>;

/** Names the conditions that a precondition adds to a statement. */
export function shapeOf({ ifMatch, ifNoneMatch }: Precondition): string {
  let shape = isList(ifMatch) ? ' if-match' : '';
  if (isList(ifNoneMatch)) shape += ' if-none-match';
  return ifNoneMatch === '*' ? `${shape} if-none-match-*` : shape;
}

const versions = (expected: Expected): Parameter =>
  isList(expected) ? arrayLiteral(expected.map(String)) : null;

/** Returns the parameters that the conditions of a precondition have. */
export const versionsOf = ({ ifMatch, ifNoneMatch }: Precondition) => ({
  ifMatch: versions(ifMatch),
  ifNoneMatch: versions(ifNoneMatch),
});

/** Returns the names of the properties, those that are not to be set with a `!` in front. */
export const conditionsOf = (where: Where): string[] =>
  Object.entries(where).map(([name, value]) => (value === null ? `!${name}` : name));

export const valuesOf = (where: Where): Record<string, Parameter> =>
  Object.fromEntries(Object.entries(where).map(([name, value]) => [name, toParameter(value)]));

/** Returns the parameters of a row, each under the name of its property. */
export function parametersOf<Entity extends object>(
  id: string,
  values: NewValues<Entity>,
): Record<string, Parameter> {
  const parameters: Record<string, Parameter> = { id };
  for (const [property, value] of Object.entries(values as Record<string, PropertyValue>)) {
    parameters[property] = toParameter(value);
  }
  return parameters;
}
