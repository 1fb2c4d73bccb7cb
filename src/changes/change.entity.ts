import { defineEntity, p } from '@mikro-orm/core';
import { OWNED_BY_CURRENT_USER, SYSTEM_ROLE } from '../database/index.js';
import { ChangesRepository } from './changes.repository.js';

const policiesOf = (table: string) => [
  { name: `${table}_owner`, using: OWNED_BY_CURRENT_USER, check: OWNED_BY_CURRENT_USER },
  { name: `${table}_system`, roles: [SYSTEM_ROLE], using: 'true', check: 'true' },
];

/** An entry of an owner's change log. Numbers become visible in their order, and without gaps. */
const ChangeSchema = defineEntity({
  name: 'Change',
  tableName: 'change',
  repository: () => ChangesRepository,
  properties: {
    ownerId: p.string().length(255).primary(),
    seq: p.bigint('string').primary(),
    /** Resource and change, such as `task.created`. */
    type: p.text(),
    id: p.uuid(),
    version: p.integer(),
    at: p.datetime(3).defaultRaw('now()'),
    /** Session or token; null for what the program does by itself. */
    actorType: p.text().nullable(),
    actorName: p.text().nullable(),
    /** The texts of each column that has changed, before and after; null where there are none. */
    changes: p.json<unknown>().columnType('json').nullable(),
  },
  indexes: [
    {
      name: 'change_owner_thing_index',
      expression: 'create index change_owner_thing_index on change (owner_id, id, seq)',
    },
    {
      name: 'change_at_index',
      expression: 'create index change_at_index on change using brin (at)',
    },
  ],
  rowLevelSecurity: 'force',
  policies: policiesOf('change'),
});

export class Change extends ChangeSchema.class {}
ChangeSchema.setClass(Change);

/** The number of an owner's last entry, and of the last one that was purged. */
const ChangeCounterSchema = defineEntity({
  name: 'ChangeCounter',
  tableName: 'change_counter',
  properties: {
    ownerId: p.string().length(255).primary(),
    seq: p.bigint('string'),
    purgedSeq: p.bigint('string').defaultRaw('0'),
  },
  rowLevelSecurity: 'force',
  policies: policiesOf('change_counter'),
});

export class ChangeCounter extends ChangeCounterSchema.class {}
ChangeCounterSchema.setClass(ChangeCounter);
