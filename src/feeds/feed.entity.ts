import { defineEntity, p } from '@mikro-orm/core';
import { OWNED_BY_CURRENT_USER, SYSTEM_ROLE } from '../database/index.js';
import type { CalendarKind } from '../icalendar/index.js';
import { FeedsRepository } from './feeds.repository.js';

/**
 * A calendar feed as PostgreSQL stores it. Its key is the hash and not the owner, who is unknown until it is
 * found: the table stays on one node.
 */
const FeedSchema = defineEntity({
  name: 'Feed',
  tableName: 'feed',
  repository: () => FeedsRepository,
  properties: {
    /** SHA-256 of the secret in its address. */
    hash: p.blob().primary().lazy(),
    ownerId: p.string().length(255),
    id: p.uuid(),
    /** The list that it shows; null for all tasks. */
    listId: p.uuid().nullable(),
    kind: p.string().length(6).$type<CalendarKind>(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
  checks: [{ name: 'feed_kind_check', expression: `kind in ('events', 'todos')` }],
  indexes: [
    {
      name: 'feed_owner_index',
      expression: 'create index feed_owner_index on feed (owner_id, id)',
    },
  ],
  rowLevelSecurity: 'force',
  policies: [
    { name: 'feed_owner', using: OWNED_BY_CURRENT_USER, check: OWNED_BY_CURRENT_USER },
    { name: 'feed_system', roles: [SYSTEM_ROLE], using: 'true', check: 'true' },
  ],
});

export class Feed extends FeedSchema.class {}
FeedSchema.setClass(Feed);
