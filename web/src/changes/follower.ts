import {
  type Change,
  ChangeTokenExpiredError,
  NetworkError,
  ProblemError,
  type TaskwardClient,
} from '@taskward/client';
import { keepToken, readToken } from './change-position';

interface FollowerOptions {
  readonly user: string;
  readonly client: TaskwardClient;
  /** Called with changes in their order; `isLeading`: by the tab that follows the log for all. */
  readonly onChanges: (changes: readonly Change[], isLeading: boolean) => Promise<void>;
  /** Called when changes may have been missed; `isLost`: what was read before may be wrong. */
  readonly onGap: (isLost: boolean) => void;
}

type Message = { readonly user: string } & ({ readonly change: Change } | { readonly gap: true });

const CHANNEL = 'taskward-changes';
/** Changes that come together are applied together. */
const COLLECT_MS = 50;
const RETRY_MS = 5_000;
/** A page that was hidden for longer may have lost its connection without noticing. */
const HIDDEN_MS = 30_000;

/**
 * Follows the change log of one user, once in a browser: a connection for each tab would soon be more than the
 * browser opens to one server. The tab that holds a lock follows, and passes all on to the others; when it is
 * closed, the next one goes on where it was.
 */
export class Follower {
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #closing = new AbortController();
  #attempt = new AbortController();
  #collected: Change[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLeading = false;
  /** Token of the last change that came. */
  #token: string | undefined;
  #hiddenAt = 0;

  constructor(private readonly options: FollowerOptions) {
    const { signal } = this.#closing;
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.user !== options.user) return;
      if ('gap' in data) options.onGap(true);
      else this.#collect(data.change);
    };
    addEventListener('online', () => this.#reconnect(), { signal });
    document.addEventListener('visibilitychange', () => this.#onVisibility(), { signal });
    void this.#followAlone();
  }

  close(): void {
    this.#closing.abort();
    this.#attempt.abort();
    this.#channel.close();
    clearTimeout(this.#timer);
  }

  /** Without TLS there are no locks: each tab follows by itself. */
  async #followAlone(): Promise<void> {
    const locks = (navigator as { locks?: LockManager }).locks;
    const { signal } = this.#closing;
    const name = `${CHANNEL}:${this.options.user}`;
    const follow = () => this.#follow().catch(() => undefined);
    if (locks === undefined) await follow();
    else await locks.request(name, { signal }, follow).catch(() => undefined);
  }

  /** Ends when the user leaves, or when the server does not know the log. */
  async #follow(): Promise<void> {
    this.#isLeading = true;
    this.#token = readToken(this.options.user);
    let isLost = false;
    while (!this.#closing.signal.aborted) {
      this.#attempt = new AbortController();
      const { signal } = this.#attempt;
      try {
        const since = this.#token ?? (await this.#start(isLost, signal));
        await this.#passOn(since, signal);
      } catch (error) {
        if (signal.aborted) continue;
        isLost = error instanceof ChangeTokenExpiredError;
        if (isLost) this.#token = undefined;
        else if (isOutage(error)) await pause(signal);
        else throw error;
      }
    }
  }

  async #passOn(since: string, signal: AbortSignal): Promise<void> {
    const { user, client } = this.options;
    for await (const change of client.changes.follow({ since, signal })) {
      this.#token = change.token;
      this.#channel.postMessage({ user, change } satisfies Message);
      this.#collect(change);
    }
  }

  /** Begins at this moment: nothing that is read from now on is missed. */
  async #start(isLost: boolean, signal: AbortSignal): Promise<string> {
    const { user, client, onGap } = this.options;
    const { data } = await client.GET('/api/v1/changes', { signal });
    this.#token = data.nextToken;
    keepToken(user, data.nextToken);
    onGap(isLost);
    if (isLost) this.#channel.postMessage({ user, gap: true } satisfies Message);
    return data.nextToken;
  }

  #collect(change: Change): void {
    this.#collected.push(change);
    this.#timer ??= setTimeout(() => void this.#flush(), COLLECT_MS);
  }

  async #flush(): Promise<void> {
    const changes = this.#collected;
    this.#collected = [];
    this.#timer = undefined;
    await this.options.onChanges(changes, this.#isLeading);
    const last = changes.at(-1);
    if (this.#isLeading && last && !this.#closing.signal.aborted) {
      keepToken(this.options.user, last.token);
    }
  }

  /** Connects again from the last change on, instead of waiting for the next attempt. */
  #reconnect(): void {
    if (this.#isLeading) this.#attempt.abort();
  }

  #onVisibility(): void {
    if (document.visibilityState === 'hidden') this.#hiddenAt = performance.now();
    else if (performance.now() - this.#hiddenAt > HIDDEN_MS) this.#reconnect();
  }
}

const isOutage = (error: unknown) =>
  error instanceof NetworkError || (error instanceof ProblemError && error.status >= 500);

/** Waits until another attempt is due, or is asked for. */
const pause = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, RETRY_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
