import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { parse as parseArray } from 'postgres-array';
import type { Parameter, Row } from '../database/index.js';
import { arrayLiteral } from './array-literal.js';

/** A property's value in a response: an instant is an RFC 3339 string, and what is not set is null. */
type Shown<Value> = Value extends Date ? string : Value extends undefined ? null : Value;

/** Reads each property off a row of the columns that are shown. */
export type RowReaders<Entity extends object> = {
  readonly [Property in keyof Entity]-?: (row: Row) => Shown<Entity[Property]>;
};

/** The start of the transaction, as PostgreSQL reads it: the moment of `now()` in the same statement. */
export const NOW = 'now';

/** Values to be written, by property. */
export type NewValues<Entity extends object> = {
  readonly [Property in keyof Entity]?:
    Entity[Property] | (Date extends Entity[Property] ? typeof NOW : never);
};

/** Converts an instant as PostgreSQL writes it in UTC, `2026-11-20 17:29:00.5+00`, to RFC 3339. */
export function instantOf(text: string): string {
  const [day, time] = [text.slice(0, 10), text.slice(11, 19)];
  return `${day}T${time}.${text.slice(20, -3).padEnd(3, '0')}Z`;
}

const asIs = (text: string): unknown => text;

/** Reads the text of a column, by the column's type. */
const READERS: readonly [type: RegExp, read: (text: string) => unknown][] = [
  [/^(uuid|text|date|varchar\(\d+\))$/, asIs],
  [/^(smallint|int|bigint)$/, Number],
  // `t` of a column, `true` of a cast to text.
  [/^boolean$/, (text) => text.startsWith('t')],
  [/^jsonb$/, (text): unknown => JSON.parse(text)],
  [/^timestamptz\(\d\)$/, instantOf],
  // Most arrays are short and need no parser.
  [/^text\[\]$/, (text) => (text === '{}' ? [] : parseArray(text))],
];

function readerOf<Entity>({ name, columnTypes: [type = ''] }: EntityProperty<Entity>) {
  const unknown = (): never => {
    throw new TypeError(`The type ${type} of ${name} cannot be read.`);
  };
  return READERS.find(([pattern]) => pattern.test(type))?.[1] ?? unknown;
}

/** A value of any property. */
export type PropertyValue = string | number | boolean | object | null | undefined;

/** Returns a property's value as PostgreSQL reads it. */
export function toParameter(value: PropertyValue): Parameter {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return arrayLiteral(value as string[]);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Columns that responses do not show, beside those that are loaded on demand. */
const HIDDEN = new Set(['ownerId', 'deletedAt']);

/** The columns of an entity: their names, their types and how they are read, all from its metadata. */
export class Columns<Entity extends object> {
  /** Names of the columns that are shown, in the order of the entity. */
  readonly shown: readonly string[];
  readonly read: RowReaders<Entity>;
  readonly #properties: ReadonlyMap<string, EntityProperty<Entity>>;

  constructor(metadata: EntityMetadata<Entity>) {
    const properties = metadata.props;
    this.#properties = new Map(properties.map((property) => [property.name, property]));
    const shown = properties.filter(({ name, lazy }) => lazy !== true && !HIDDEN.has(name));
    this.shown = shown.map(({ name }) => this.nameOf(name));
    const readers = shown.map((property, index) => {
      const read = readerOf(property);
      const readAt = (row: Row) => {
        const text = row[index];
        return text === null || text === undefined ? null : read(text);
      };
      return [property.name, readAt];
    });
    this.read = Object.fromEntries(readers) as RowReaders<Entity>;
  }

  /** Returns the column of a property. */
  nameOf(property: string): string {
    const [name] = this.#of(property).fieldNames;
    if (name === undefined) throw new Error(`${property} has no column.`);
    return name;
  }

  /** Returns the type that a parameter for the property is cast to, which never cuts a text. */
  typeOf(property: string): string {
    const [type = ''] = this.#of(property).columnTypes;
    return type.startsWith('varchar') ? 'text' : type;
  }

  #of(property: string): EntityProperty<Entity> {
    const found = this.#properties.get(property);
    if (found === undefined) throw new Error(`There is no property ${property}.`);
    return found;
  }
}
