import {
  ConflictError,
  NetworkError,
  ProblemError,
  SignedOutError,
  type TaskwardClient,
  TaskwardError,
} from '@taskward/client';
import type { Entry, Failure } from './change';
import type { Outbox } from './outbox';
import { type Done, fail, markSent, nextToSend, settle, split, suspend, withdraw } from './queue';
import { problemErrors } from './rules';
import { sendBatch, sendChange } from './send-change';

/** State of the connection, as far as changes are concerned. */
export type SenderState = 'online' | 'offline';

interface SenderOptions {
  readonly outbox: Outbox;
  readonly client: TaskwardClient;
  /** Called with what the server has carried out, before it leaves the queue. */
  readonly onDone: (done: readonly Done[]) => void;
  /** Called with a move or a skipped date that the server refused, which is taken back. */
  readonly onTakenBack: (entry: Entry, failure: Failure) => void;
}

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 60_000;
/** A server that fails each time at the same change will not take it. */
const MAX_SERVER_ERRORS = 3;
/** Statuses that say nothing about the change itself. */
const LATER = new Set([408, 425, 429, 502, 503, 504]);

const ruleOf = ({ errors: [first] }: ProblemError) => (first ? { rule: first.code } : {});

function failureOf(error: unknown): Failure {
  if (error instanceof ConflictError) return { kind: 'conflict', current: error.current };
  if (!(error instanceof ProblemError)) throw error;
  const { status, code, message: detail } = error;
  const errors = problemErrors(error);
  return { kind: 'refused', status, code, detail, errors, ...ruleOf(error) };
}

/** Sends the changes of an outbox in order, one tab at a time, and comes back when it could not. */
export class Sender {
  #state: SenderState = 'online';
  #running: Promise<void> | undefined;
  #isStopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #delayMs = FIRST_DELAY_MS;
  #serverErrors = 0;
  readonly #listeners = new Set<() => void>();
  readonly #stopping = new AbortController();

  constructor(private readonly options: SenderOptions) {
    addEventListener('online', this.wake, { signal: this.#stopping.signal });
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState === 'visible') this.wake();
      },
      { signal: this.#stopping.signal },
    );
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly snapshot = (): SenderState => this.#state;

  /** Sends what waits, now. */
  readonly wake = (): void => {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#running ??= this.#run();
  };

  /** Sends what waits, and resolves when all is sent or the server cannot be reached. */
  async flush(): Promise<void> {
    this.wake();
    await this.#running;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#stopping.abort();
    this.#listeners.clear();
  }

  #setState(state: SenderState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  async #run(): Promise<void> {
    try {
      await withLock(`taskward-sender:${this.options.outbox.user}`, () => this.#sendAll());
      this.#setState('online');
    } catch (error) {
      this.#pause(error);
      return;
    } finally {
      this.#running = undefined;
    }
    // Added while the last response was on its way.
    const isLeft = nextToSend(this.options.outbox.snapshot()).length > 0;
    if (isLeft) this.wake();
  }

  async #sendAll(): Promise<void> {
    const { outbox } = this.options;
    let batch = nextToSend(await outbox.load());
    // A change that was tried may have arrived, and can no longer be merged or taken back.
    const isDoubtful = this.#state === 'offline' || !navigator.onLine;
    if (batch.length > 0 && isDoubtful) await assertReachable();
    this.#setState('online');
    while (batch.length > 0 && !this.#isStopped) {
      const queue = await outbox.change((before) => {
        const kept = suspend(before, Date.now());
        return markSent(kept, nextToSend(kept), Date.now());
      });
      batch = nextToSend(queue);
      if (batch.length > 0) await this.#sendOnce(batch);
      batch = nextToSend(outbox.snapshot());
    }
  }

  async #sendOnce(batch: readonly Entry[]): Promise<void> {
    const { client, outbox, onDone } = this.options;
    const [first] = batch;
    if (first === undefined) return;
    try {
      const isBatch = batch.length > 1;
      const done = isBatch ? await sendBatch(client, batch) : [await sendChange(client, first)];
      // Once the user has left, nothing but the queue may know.
      if (!this.#isStopped) onDone(done);
      await outbox.change((queue) => settle(queue, done));
      this.#delayMs = FIRST_DELAY_MS;
      this.#serverErrors = 0;
    } catch (error) {
      if (this.#isForLater(error)) throw error;
      this.#serverErrors = 0;
      await this.#refuse(batch, first, failureOf(error));
    }
  }

  async #refuse(batch: readonly Entry[], first: Entry, failure: Failure): Promise<void> {
    const { outbox, onTakenBack } = this.options;
    const { kind } = first.change;
    const isTakenBack = kind === 'move' || kind === 'skip';
    await outbox.change((queue) => {
      if (batch.length > 1) return split(queue, batch);
      return isTakenBack ? withdraw(queue, first) : fail(queue, first, failure);
    });
    if (isTakenBack && !this.#isStopped) onTakenBack(first, failure);
  }

  #isForLater(error: unknown): boolean {
    if (error instanceof NetworkError || error instanceof SignedOutError) return true;
    if (!(error instanceof ProblemError)) return true;
    if (error.status >= 500 && !LATER.has(error.status)) {
      this.#serverErrors += 1;
      return this.#serverErrors < MAX_SERVER_ERRORS;
    }
    return LATER.has(error.status) || error.code === 'request_in_progress';
  }

  #pause(error: unknown): void {
    if (this.#isStopped) return;
    // A browser that cannot store the queue is connected all the same.
    if (error instanceof TaskwardError) this.#setState('offline');
    // The user has left; without a session, requests wait for it by themselves.
    if (error instanceof SignedOutError) return;
    const asked = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    this.#timer = setTimeout(this.wake, Math.max(asked, this.#delayMs));
    this.#delayMs = Math.min(this.#delayMs * 2, MAX_DELAY_MS);
  }
}

/** @throws NetworkError */
async function assertReachable(): Promise<void> {
  const response = await fetch('/health/live', { cache: 'no-store' }).catch((cause: unknown) => {
    throw new NetworkError('No response', { cause });
  });
  if (!response.ok) throw new NetworkError(`HTTP status ${response.status}`);
}

/** Runs alone among the tabs of this browser; without TLS there are no locks, and the keys must do. */
async function withLock(name: string, work: () => Promise<void>): Promise<void> {
  const locks = (navigator as { locks?: LockManager }).locks;
  await (locks === undefined ? work() : locks.request(name, work));
}
