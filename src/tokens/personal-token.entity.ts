import { defineEntity, p } from '@mikro-orm/core';
import { OWNED_BY_CURRENT_USER, SYSTEM_ROLE } from '../database/index.js';
import { PersonalTokensRepository } from './personal-tokens.repository.js';

/**
 * A personal token as PostgreSQL stores it. Its key is the hash and not the owner, who is unknown until
 * it is found: the table stays on one node.
 */
const PersonalTokenSchema = defineEntity({
  name: 'PersonalToken',
  tableName: 'personal_token',
  repository: () => PersonalTokensRepository,
  properties: {
    /** SHA-256 of the token. */
    hash: p.blob().primary().lazy(),
    ownerId: p.string().length(255),
    id: p.uuid(),
    name: p.string().length(100),
    scopes: p.array(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    expiresAt: p.datetime(3).nullable(),
    lastUsedOn: p.date().nullable(),
  },
  indexes: [
    {
      name: 'personal_token_owner_index',
      expression: 'create index personal_token_owner_index on personal_token (owner_id, id)',
    },
  ],
  rowLevelSecurity: 'force',
  policies: [
    { name: 'personal_token_owner', using: OWNED_BY_CURRENT_USER, check: OWNED_BY_CURRENT_USER },
    { name: 'personal_token_system', roles: [SYSTEM_ROLE], using: 'true', check: 'true' },
  ],
});

export class PersonalToken extends PersonalTokenSchema.class {}
PersonalTokenSchema.setClass(PersonalToken);
