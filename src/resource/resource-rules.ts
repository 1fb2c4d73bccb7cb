import type { Expression, RawBuilder } from 'kysely';

/** A part of a user's rows: those that lists show, those in the trash, or both. */
export type Location = 'list' | 'trash' | 'anywhere';

/** A column that is set from what the row holds already. */
export interface DerivedSetting {
  /** Part of the name of the statement. */
  readonly name: string;
  /** The property of the column. */
  readonly property: string;
  /** SQL of the new value, of the row as it is stored. */
  readonly value: RawBuilder<unknown>;
  /** SQL that is true when that value differs. */
  readonly changes: RawBuilder<unknown>;
}

/** The entries of a resource in the change log. */
export interface LogRules<Entity extends object> {
  /** The part of an entry's type in front of the dot. */
  readonly name: string;
  /** Properties whose values before and after a change are kept. */
  readonly properties: readonly (keyof Entity & string)[];
  /** Fields of a response that those properties make. */
  readonly fields: readonly string[];
  /**
   * Types of entries of an update, the first that applies: one of these properties has changed, and the
   * row `changed` meets a condition. All others are `updated`.
   */
  readonly types: readonly {
    readonly type: string;
    readonly of: readonly (keyof Entity & string)[];
    readonly after?: RawBuilder<unknown>;
  }[];
}

/** The rules of a resource: its share of the owner's quota, and what rows it concerns. */
export interface ResourceRules<Entity extends object> {
  /** Tasks that a row counts as. */
  readonly tasks: 0 | 1;
  /** Properties whose values count as bytes. */
  readonly measured: readonly (keyof Entity & string)[];
  /** Returns SQL of the bytes of the measured properties, in their order. */
  readonly bytes: (measured: readonly Expression<unknown>[]) => RawBuilder<unknown>;
  readonly log: LogRules<Entity>;
  /**
   * SQL that is true of rows of which such a write concerns no other row, by default all: that of others is
   * a transaction of the resource.
   */
  readonly alone?: Readonly<Partial<Record<RowWrite, RawBuilder<unknown>>>>;
}

/** A change of a row's properties, or of its location. */
export type RowWrite = 'update' | 'trash' | 'restore' | 'remove';

/** Whether only a row is changed that is `alone` in the sense of `ResourceRules`, or any. */
export type RowScope = 'alone' | 'any';
