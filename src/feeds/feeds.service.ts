import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { AuthenticatedUser } from '../auth/index.js';
import { ENV, type Env } from '../config/index.js';
import { logAuthEvent } from '../issuer/index.js';
import { countQuotaRefused } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { failureOf, MUST_BE_THERE } from '../resource/index.js';
import { bodyProblem } from '../validation/index.js';
import { createFeedSecret, hashOf } from './feed-secret.js';
import type { CreatedFeedDto, CreateFeedDto, FeedsDto } from './feed.dto.js';
import { FeedsRepository, MAX_FEEDS } from './feeds.repository.js';

/** Makes, lists and deletes the calendar feeds of a user. */
@Injectable()
export class FeedsService {
  constructor(
    private readonly feeds: FeedsRepository,
    @Inject(ENV) private readonly env: Pick<Env, 'origin'>,
  ) {}

  /** @throws Problem `validation_failed` or `quota_exceeded` */
  async create(user: AuthenticatedUser, dto: CreateFeedDto): Promise<CreatedFeedDto> {
    const { listId = null, as: kind } = dto;
    await this.#assertList(user, listId);
    const secret = createFeedSecret();
    const feed = { id: uuidv7(), hash: hashOf(secret), listId, kind };
    const created = await this.feeds.insert(user.id, feed);
    if (created === null) {
      countQuotaRefused('feeds');
      const detail = `You can have ${String(MAX_FEEDS)} calendar feeds: delete one first.`;
      throw new Problem('quota_exceeded', detail);
    }
    logAuthEvent('feed_created', { userId: user.id, feedId: created.id });
    return Object.assign(created, { url: `${this.env.origin}/feeds/${secret}.ics` });
  }

  async list(user: AuthenticatedUser): Promise<FeedsDto> {
    return { data: await this.feeds.list(user.id) };
  }

  /** @throws Problem `feed_not_found` */
  async remove(user: AuthenticatedUser, id: string): Promise<void> {
    if (!(await this.feeds.remove(user.id, id))) {
      throw new Problem('feed_not_found', 'There is no calendar feed with this id.');
    }
    logAuthEvent('feed_deleted', { userId: user.id, feedId: id });
  }

  /** @throws Problem `validation_failed` unless the list is there. */
  async #assertList(user: AuthenticatedUser, listId: string | null): Promise<void> {
    if (listId === null) return;
    const { listName } = await this.feeds.state(user.id, listId);
    if (listName === null) throw bodyProblem([failureOf(['listId'], MUST_BE_THERE)]);
  }
}
