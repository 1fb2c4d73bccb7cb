import { randomInt } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { TokenEnd } from '../auth/index.js';
import { type EventStream, formatEvent } from '../http/index.js';
import { errorSummary, Problem } from '../problems/index.js';
import type { ChangeFeed, FeedPage } from './change-feed.js';

/** How long clients wait before they connect again (ms): at most this much longer when many have to. */
const RETRY_MS = 1_000;
const RETRY_SPREAD_MS = 2_000;

const logger = new Logger('Changes');

/** Parts of a stream. */
interface StreamParts {
  readonly response: EventStream;
  readonly feed: ChangeFeed;
  /** Returns why the token of the stream is no longer valid; throws while that is unknown. */
  readonly endOfToken: () => TokenEnd | undefined;
}

/** Reason for which a stream ends; the name of its last event. */
type StreamEnd = TokenEnd | 'shutdown';

/** Changes of one user as they happen, sent to one client. Nothing is read while nothing changes. */
export class ChangeStream {
  #position = 0n;
  /** Set while events are read or sent; a wake meanwhile makes it look again. */
  #isBusy = true;
  #isWoken = false;

  constructor(private readonly parts: StreamParts) {}

  /** Sends the headers and the first events, and goes on from a position. */
  start(position: bigint, first?: FeedPage): void {
    const { response, feed } = this.parts;
    response.start();
    this.#position = position;
    // A client that is cut off before the first change resumes from here.
    const opening = formatEvent({ retry: RETRY_MS, id: feed.tokenOf(position) });
    void this.#run(async () => {
      await response.write(opening);
      if (first) await this.#send(first);
    });
  }

  /** Sends what has changed, if anything has. Never rejects. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isBusy) void this.#run();
  }

  /** Does the same if the log has another end than this stream has come to, or a read has failed. */
  wakeUnlessAt(head: bigint | undefined): void {
    if (this.#position !== (head ?? this.#position)) this.wake();
  }

  /** Tries again what has failed, and ends the stream if its token is no longer valid. */
  check(): void {
    try {
      const end = this.parts.endOfToken();
      if (end !== undefined) this.end(end);
      else if (this.#isWoken && !this.#isBusy) void this.#run();
    } catch (error) {
      this.#failed(error);
    }
  }

  keepAlive(): void {
    this.parts.response.keepAlive();
  }

  /** Sends a last event. At a shutdown, clients come back at different times. */
  end(reason: StreamEnd): void {
    const { response } = this.parts;
    const retry = RETRY_MS + randomInt(RETRY_SPREAD_MS);
    response.end(
      formatEvent({ event: reason, data: '{}', ...(reason === 'shutdown' && { retry }) }),
    );
  }

  async #run(work: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.#isBusy = true;
    try {
      await work();
      while (this.#isWoken && this.parts.response.isOpen) await this.#sendNext();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isBusy = false;
    }
  }

  async #sendNext(): Promise<void> {
    this.#isWoken = false;
    try {
      const end = this.parts.endOfToken();
      if (end === undefined) await this.#send(await this.parts.feed.read(this.#position));
      else this.end(end);
    } catch (error) {
      this.#isWoken = true;
      throw error;
    }
  }

  async #send({ events, next, hasMore }: FeedPage): Promise<void> {
    for (const event of events) await this.parts.response.write(event);
    this.#position = next;
    this.#isWoken ||= hasMore;
  }

  /** Leaves the stream to the next check during an outage, and otherwise to its client. */
  #failed(error: unknown): void {
    if (error instanceof Problem && error.status !== 410) return;
    if (!(error instanceof Problem)) logger.warn(`A stream was closed: ${errorSummary(error)}`);
    this.parts.response.cut();
  }
}
