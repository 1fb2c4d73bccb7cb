import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuthenticatedUser, TokenVerifier } from '../auth/index.js';
import { EventStream } from '../http/index.js';
import { countRefused, streams as openStreams } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeHeadsRepository } from './change-heads.repository.js';
import { ChangeNotifier } from './change-notifier.js';
import { ChangeStream } from './change-stream.js';
import { ChangesService } from './changes.service.js';

/** Streams of one user on one instance. */
const MAX_STREAMS = 10;
const RETRY_AFTER_SECONDS = 5;
/** Interval between comments, which is also that of polls while notifications arrive. */
const HEARTBEAT_INTERVAL_MS = 15_000;
/** Interval between checks of tokens, and of polls while no notification arrives. */
const CHECK_INTERVAL_MS = 1_000;

/** Streams of an owner, and what they read from. */
interface Followed {
  readonly feed: ChangeFeed;
  readonly streams: Set<ChangeStream>;
}

/** Where a client goes on: a token, and the place in its request. */
export interface ResumeFrom {
  readonly lastEventId?: string | undefined;
  readonly since?: string | undefined;
}

/** All open streams of this instance. */
@Injectable()
export class ChangeStreams implements OnModuleDestroy {
  readonly #followed = new Map<string, Followed>();
  #isStopping = false;
  #poll: Promise<void> | undefined;

  constructor(
    private readonly changes: ChangesService,
    private readonly heads: ChangeHeadsRepository,
    private readonly notifier: ChangeNotifier,
    private readonly verifier: TokenVerifier,
  ) {
    notifier.subscribe({
      changed: (ownerId) => {
        for (const stream of this.#followed.get(ownerId)?.streams ?? []) stream.wake();
      },
      catchUp: () => this.#lookForChanges(),
    });
    verifier.onSessionEnded(() => {
      this.#checkAll();
    });
  }

  /**
   * Opens a stream; resolves once it has begun.
   *
   * @throws Problem `too_many_concurrent_requests`, and as `ChangesService.positionOf` and `after`.
   */
  async open(
    user: AuthenticatedUser,
    from: ResumeFrom,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const followed = this.#follow(user);
    const forget = () => {
      this.#forget(user.id, followed, stream);
    };
    const response = new EventStream(reply, forget);
    const { feed } = followed;
    const endOfToken = () => this.verifier.endOf(user);
    const stream = new ChangeStream({ response, feed, endOfToken });
    // Before the log is read, so that no change after that is missed.
    followed.streams.add(stream);
    openStreams.inc();
    try {
      const position = this.#positionOf(user, from);
      const first = position === undefined ? undefined : await feed.read(position);
      stream.start(position ?? (await this.changes.latest(user)), first);
    } catch (error) {
      forget();
      throw error;
    }
    if (request.method === 'HEAD') response.end('');
    else if (this.#isStopping) stream.end('shutdown');
    else stream.check();
  }

  @Interval(HEARTBEAT_INTERVAL_MS)
  async heartbeat(): Promise<void> {
    for (const stream of this.#all()) stream.keepAlive();
    if (this.notifier.isListening) await this.#pollQuietly();
  }

  @Interval(CHECK_INTERVAL_MS)
  async check(): Promise<void> {
    this.#checkAll();
    if (!this.notifier.isListening) await this.#pollQuietly();
  }

  /** The first that happens at a stop: the streams would hold it up. */
  onModuleDestroy(): void {
    this.#isStopping = true;
    for (const stream of this.#all()) stream.end('shutdown');
  }

  #positionOf(user: AuthenticatedUser, { lastEventId, since }: ResumeFrom): bigint | undefined {
    // A client that connects again with the same address knows better by now.
    if (lastEventId) return this.changes.positionOf(user, lastEventId, { header: 'last-event-id' });
    if (since === undefined) return undefined;
    return this.changes.positionOf(user, since, { parameter: 'since' });
  }

  /** @throws Problem `too_many_concurrent_requests` */
  #follow(user: AuthenticatedUser): Followed {
    const followed = this.#followed.get(user.id) ?? {
      feed: new ChangeFeed(this.changes, user),
      streams: new Set(),
    };
    if (followed.streams.size >= MAX_STREAMS) {
      countRefused('streams');
      const detail = `You have ${String(MAX_STREAMS)} open streams: close one of them first.`;
      throw new Problem('too_many_concurrent_requests', detail, {
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      });
    }
    this.#followed.set(user.id, followed);
    return followed;
  }

  #forget(ownerId: string, followed: Followed, stream: ChangeStream): void {
    if (followed.streams.delete(stream)) openStreams.dec();
    const isUnused = followed.streams.size === 0;
    if (isUnused && this.#followed.get(ownerId) === followed) this.#followed.delete(ownerId);
  }

  *#all(): Iterable<ChangeStream> {
    for (const { streams } of this.#followed.values()) yield* streams;
  }

  #checkAll(): void {
    for (const stream of this.#all()) stream.check();
  }

  /** Polls once at a time. A failed poll is followed by the next one. */
  async #pollQuietly(): Promise<void> {
    this.#poll ??= this.#lookForChanges().finally(() => {
      this.#poll = undefined;
    });
    await this.#poll.catch(() => undefined);
  }

  async #lookForChanges(): Promise<void> {
    if (this.#followed.size === 0) return;
    const heads = await this.heads.heads([...this.#followed.keys()]);
    for (const [ownerId, { streams }] of this.#followed) {
      for (const stream of streams) stream.wakeUnlessAt(heads.get(ownerId));
    }
  }
}
