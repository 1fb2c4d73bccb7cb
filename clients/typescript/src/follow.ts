import type { EventSourceMessage } from 'eventsource-parser';
import { Backoff } from './backoff.js';
import type { Change, ChangeBatch, ChangeLog } from './changes.js';
import { ProblemError, SignedOutError } from './errors.js';
import { eventBodyOf, readEvents } from './event-stream.js';
import { linkedController } from './linked-controller.js';
import { delay } from './retry.js';

/** Timing of `follow()` and `sync()`. */
export interface FollowLimits {
  /**
   * Milliseconds to wait for the first byte of a stream, which the server sends at once: after them, the
   * stream counts as buffered by a proxy. Default: 10 s.
   */
  readonly firstByteMs: number;
  /**
   * Milliseconds without a byte, not even the heartbeat that the server sends every 15 s, after which a
   * stream counts as broken. Default: 25 s.
   */
  readonly silenceMs: number;
  /** Milliseconds between polls while there is no stream. Default: 5 s. */
  readonly pollMs: number;
  /** Milliseconds of polling until a refused stream is tried again. Default: 30 s. */
  readonly refusedMs: number;
  /** Milliseconds of polling until a buffered stream is tried again. Default: 5 min. */
  readonly bufferedMs: number;
}

const DEFAULTS: FollowLimits = {
  firstByteMs: 10_000,
  silenceMs: 25_000,
  pollMs: 5_000,
  refusedMs: 30_000,
  bufferedMs: 300_000,
};

/** Lifetime after which a connection counts as a success even without changes. */
const STABLE_MS = 10_000;
const SERVICE_UNAVAILABLE = 503;

/**
 * End of a stream.
 *
 * - `announced`: by the server, which expects the client back; after `retryMs` if it stops, so that its
 *   clients do not all come at once.
 * - `broken`: by a failure of the network or the server.
 * - `refused`: the server, or a proxy, serves no stream to this client.
 * - `buffered`: the stream is open, but nothing arrives.
 */
interface Ending {
  readonly kind: 'announced' | 'broken' | 'refused' | 'buffered';
  readonly error?: unknown;
  readonly retryMs?: number;
}

/** Progress of a stream when it fails. */
type Progress = 'connecting' | 'open' | 'alive';

const isChange = ({ event }: EventSourceMessage) => event === 'change';
const isShutdown = ({ event }: EventSourceMessage) => event === 'shutdown';
/** The next connection shows whether a session remains: without one, there is no new token for its 401. */
const isEndOfToken = ({ event }: EventSourceMessage) =>
  event === 'session-ended' || event === 'token-expired';
const isTimeout = (error: unknown) =>
  error instanceof DOMException && error.name === 'TimeoutError';

/** @throws SignedOutError */
function endingOf(error: unknown, progress: Progress): Ending {
  if (error instanceof SignedOutError) throw error;
  if (isTimeout(error) && progress !== 'alive') return { kind: 'buffered' };
  // Polling finds out whether it is this request that is refused, or the token.
  const isRefused = error instanceof ProblemError && error.status !== SERVICE_UNAVAILABLE;
  if (isRefused || progress === 'open') return { kind: 'refused' };
  return { kind: 'broken', error };
}

/**
 * Follows the change log of one user: through a stream, or by polling. Each request continues after the
 * last change that was yielded, so that nothing is missed and nothing comes twice.
 */
class ChangeFollower {
  constructor(
    private readonly log: ChangeLog,
    private readonly signal: AbortSignal,
    private readonly backoff: Backoff,
    private readonly limits: FollowLimits,
    private token: string,
  ) {}

  async *batches(): AsyncGenerator<ChangeBatch, never, undefined> {
    for (;;) {
      const { kind, error, retryMs } = yield* this.#stream();
      if (kind === 'announced') await this.backoff.waitAgain(retryMs);
      else if (kind === 'broken') await this.backoff.wait(error);
      else yield* this.#poll(this.limits[kind === 'refused' ? 'refusedMs' : 'bufferedMs']);
    }
  }

  async *#stream(): AsyncGenerator<ChangeBatch, Ending, undefined> {
    const { controller, unlink } = linkedController(this.signal);
    const { signal } = controller;
    let progress: Progress = 'connecting';
    try {
      const body = eventBodyOf(await this.log.openStream(this.token, signal));
      if (body === undefined) return { kind: 'refused' };
      progress = 'open';
      const openedAt = performance.now();
      for await (const { events, retryMs } of readEvents(body, this.limits, signal)) {
        progress = 'alive';
        if (performance.now() - openedAt > STABLE_MS) this.backoff.reset();
        yield* this.#changesOf(events);
        if (events.some(isShutdown)) return { kind: 'announced', retryMs };
        if (events.some(isEndOfToken)) return { kind: 'announced' };
      }
      return endingOf(undefined, progress);
    } catch (error) {
      this.signal.throwIfAborted();
      return endingOf(error, progress);
    } finally {
      unlink();
      controller.abort();
    }
  }

  *#changesOf(events: readonly EventSourceMessage[]): Generator<ChangeBatch, void, undefined> {
    const changes = events.filter(isChange).map(({ data }) => JSON.parse(data) as Change);
    const last = changes.at(-1);
    if (last === undefined) return;
    this.token = last.token;
    this.backoff.reset();
    yield { changes, token: last.token };
  }

  async *#poll(durationMs: number): AsyncGenerator<ChangeBatch, void, undefined> {
    const end = performance.now() + durationMs;
    do {
      const page = await this.backoff.repeat(() => this.log.readPage(this.token, this.signal));
      this.token = page.nextToken;
      if (page.data.length > 0) yield { changes: page.data, token: page.nextToken };
      if (!page.hasMore) await delay(this.limits.pollMs, this.signal);
    } while (performance.now() < end);
  }
}

/**
 * Yields the changes after the token `since`, by default from this moment on, without an end.
 *
 * @throws SignedOutError, ProblemError (4xx other than 429), or the signal's reason
 */
export async function* followChanges(
  log: ChangeLog,
  signal: AbortSignal,
  { since, ...limits }: Partial<FollowLimits> & { readonly since?: string } = {},
): AsyncGenerator<ChangeBatch, never, undefined> {
  const backoff = new Backoff(signal);
  // Without a token, an interruption before the first change would miss what happens during it.
  const token = since ?? (await backoff.repeat(() => log.readPage(undefined, signal))).nextToken;
  const all = { ...DEFAULTS, ...limits };
  return yield* new ChangeFollower(log, signal, backoff, all, token).batches();
}
