import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { NOBODY, ownerOf } from '../auth/index.js';
import { type OwnerId, scopedQueriesOf } from '../database/index.js';
import type { FeedContent } from './feeds.repository.js';

/** A feed that was found by its secret. */
export interface FoundFeed extends FeedContent {
  readonly ownerId: OwnerId;
}

const FIND = `
  select owner_id, list_id, kind from find_feed(decode($2, 'hex')) where $1 = ''`;

/**
 * Feeds of all users, which only a function of the database may see. All lookups together hold as many
 * connections as one user may, so that a flood of made-up secrets delays only other lookups.
 */
@Injectable()
export class FeedLookupRepository {
  constructor(private readonly em: EntityManager) {}

  /** @param hash SHA-256 of the secret, in hex. */
  async find(hash: string): Promise<FoundFeed | undefined> {
    const [row] = await scopedQueriesOf(this.em).run(NOBODY, FIND, [hash]);
    if (row === undefined) return undefined;
    const [ownerId, listId = null, kind] = row;
    return {
      ownerId: ownerOf(String(ownerId)),
      listId,
      kind: kind === 'events' ? 'events' : 'todos',
    };
  }
}
