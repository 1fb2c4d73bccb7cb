import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VERSION } from '../common/index.js';
import { isKnown, startedStream } from '../http/index.js';
import { CalendarWriter } from '../icalendar/index.js';
import { Problem } from '../problems/index.js';
import { pagesById } from '../resource/index.js';
import { FeedLookupRepository, type FoundFeed } from './feed-lookup.repository.js';
import { hashOf, isFeedSecret } from './feed-secret.js';
import { type FeedState, FeedsRepository } from './feeds.repository.js';

const DAY_MS = 86_400_000;
const COMPLETED_DAYS = 30;
const PAGE_SIZE = 200;
const NAME = 'Taskward';

const HEADERS = {
  'cache-control': 'private, max-age=300',
  'referrer-policy': 'no-referrer',
  // Otherwise a browser names the file by the secret.
  'content-disposition': 'attachment; filename="taskward.ics"',
};

/** A calendar to be sent. */
interface Calendar {
  readonly feed: FoundFeed;
  readonly state: FeedState;
  readonly completedSince: Date;
}

/** Returns the start of a day (UTC), so that the calendar stays the same until the next one. */
const startOfSpan = () => new Date((Math.floor(Date.now() / DAY_MS) - COMPLETED_DAYS) * DAY_MS);

/** Returns the tag of a calendar: a digest of all that its content follows from, so that no task is read. */
function etagOf({ feed: { listId, kind }, state, completedSince }: Calendar): string {
  const parts = [VERSION, listId, kind, state, completedSince];
  return `"${hash('sha256', JSON.stringify(parts), 'base64url')}"`;
}

/** Sends the calendars of feeds. */
@Injectable()
export class FeedCalendarService {
  constructor(
    private readonly lookup: FeedLookupRepository,
    private readonly feeds: FeedsRepository,
  ) {}

  /**
   * Sends the calendar of a secret, or 304 if the client has it.
   *
   * @throws Problem `route_not_found`, `database_unavailable` or `too_many_concurrent_requests`
   */
  async send(secret: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const feed = await this.#find(secret);
    const state = await this.feeds.state(feed.ownerId, feed.listId);
    const calendar = { feed, state, completedSince: startOfSpan() };
    const headers = { ...HEADERS, etag: etagOf(calendar) };
    if (isKnown(request, headers.etag)) {
      await reply.headers(headers).code(304).send();
      return;
    }
    const stream = await startedStream(this.#partsOf(calendar));
    await reply.headers(headers).type('text/calendar; charset=utf-8').send(stream);
  }

  /** @throws Problem as for any unknown path. */
  async #find(secret: string): Promise<FoundFeed> {
    const feed = isFeedSecret(secret) ? await this.lookup.find(hashOf(secret)) : undefined;
    if (feed === undefined) throw new Problem('route_not_found', 'There is nothing at this path.');
    return feed;
  }

  /** Reads page by page as the client reads: a calendar of any size takes little memory. */
  async *#partsOf({ feed, state, completedSince }: Calendar): AsyncGenerator<string, void> {
    const writer = new CalendarWriter(feed.kind, state.listName ?? NAME);
    const isGone = feed.listId !== null && state.listName === null;
    let text = writer.begin();
    const pages = pagesById({
      limit: PAGE_SIZE,
      read: (afterId) =>
        this.feeds.tasks(feed.ownerId, feed, { completedSince, afterId, limit: PAGE_SIZE }),
      idOf: ({ task }) => task.id,
    });
    for await (const tasks of isGone ? [] : pages) {
      yield text + tasks.map((task) => writer.add(task)).join('');
      text = '';
    }
    yield text + writer.end();
  }
}
