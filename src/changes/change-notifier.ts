import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { DatabaseLimits } from '../config/index.js';
import { type CommittedWrites, ListenConnection } from '../database/index.js';
import { measureStaleness } from '../metrics/index.js';
import { errorSummary } from '../problems/index.js';
import { formatPayloads, parsePayload } from './change-payload.js';

const CHANNEL = 'taskward_changes';
/** Minimum time between two notifications to other instances. */
const INTERVAL_MS = 50;
/** Owners that wait for the connection to be back; more are left to the polls of other instances. */
const MAX_WAITING = 10_000;

/** Callbacks for changes, on whichever instance. */
export interface ChangeListener {
  /** Called once for several changes of an owner, soon after they were committed. */
  changed(ownerId: string): void;
  /** Finds changes that were notified while there was no connection. */
  catchUp(): Promise<void>;
}

/**
 * Reports committed changes: to this instance at once, and to others by a notification that many
 * writes share. The notification is sent after the commit, on a connection of its own: inside the
 * transactions that write, it would make their commits wait for each other. If it is lost, the polls of
 * other instances find the change.
 */
export class ChangeNotifier implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('Changes');
  readonly #instance = randomUUID();
  readonly #connection: ListenConnection;
  readonly #unsubscribe: () => void;
  readonly #listeners: ChangeListener[] = [];
  #isListening = false;
  /** Owners to be reported on this instance, and to others. */
  #local = new Set<string>();
  #remote = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #notifiedAt = -Infinity;

  /** @param url connection string that bypasses poolers, as `taskward_api`. */
  constructor(writes: CommittedWrites, url: string, { connectTimeoutMs }: DatabaseLimits) {
    // A write is reported within its transaction, whose owner and deadline must not leak from it.
    const outside = AsyncLocalStorage.snapshot();
    this.#unsubscribe = writes.subscribe((ownerId) => {
      outside(() => {
        this.#committed(ownerId);
      });
    });
    this.#connection = new ListenConnection({
      url,
      applicationName: 'taskward changes',
      channels: [CHANNEL],
      connectTimeoutMs,
      catchUp: async () => {
        for (const listener of this.#listeners) await listener.catchUp();
      },
      onNotification: (_, payload) => {
        this.#received(payload);
      },
      onLost: () => {
        this.#isListening = false;
        this.#logger.warn('The connection for changes of other instances was lost.');
      },
      onReconnected: () => {
        this.#isListening = true;
        this.#logger.log('The connection for changes of other instances is back.');
        this.#schedule();
      },
    });
  }

  /** Whether changes of other instances are notified at the moment. */
  get isListening(): boolean {
    return this.#isListening;
  }

  subscribe(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** @throws ListenError, or an error of the driver. */
  async onModuleInit(): Promise<void> {
    await this.#connection.start();
    measureStaleness('changes', () => this.#connection.staleness / 1_000);
    this.#isListening = true;
  }

  /** Sends what the last requests have written. */
  async onApplicationShutdown(): Promise<void> {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    if (this.#isListening) await this.#notify();
    await this.#connection.stop();
  }

  #committed(ownerId: string): void {
    if (this.#local.size === 0) setImmediate(() => this.#reportLocally());
    this.#local.add(ownerId);
    if (this.#remote.size < MAX_WAITING) this.#remote.add(ownerId);
    this.#schedule();
  }

  #reportLocally(): void {
    const owners = this.#local;
    this.#local = new Set();
    for (const ownerId of owners) this.#changed(ownerId);
  }

  #schedule(): void {
    if (this.#remote.size === 0) return;
    const waitMs = Math.max(0, this.#notifiedAt + INTERVAL_MS - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isListening) void this.#notify();
    }, waitMs).unref();
  }

  /** Never rejects. Owners that could not be sent wait until the connection is back. */
  async #notify(): Promise<void> {
    const owners = this.#remote;
    this.#remote = new Set();
    this.#notifiedAt = performance.now();
    try {
      for (const payload of formatPayloads(this.#instance, owners)) {
        await this.#connection.notify(CHANNEL, payload);
      }
    } catch (error) {
      for (const ownerId of owners) this.#remote.add(ownerId);
      this.#logger.debug(`A notification of changes was not sent: ${errorSummary(error)}`);
    }
  }

  #received(payload: string): void {
    const { instance, owners } = parsePayload(payload);
    if (instance === this.#instance) return;
    for (const ownerId of owners) this.#changed(ownerId);
  }

  #changed(ownerId: string): void {
    for (const listener of this.#listeners) listener.changed(ownerId);
  }
}
