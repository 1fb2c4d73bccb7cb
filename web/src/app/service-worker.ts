import type { Serwist } from '@serwist/window';
import { SERVICE_WORKER } from './trusted-types';

const UPDATE_INTERVAL_MS = 60 * 60 * 1000;
/** How long a new worker may take to control the page: browsers let one that is busy finish first, for minutes. */
const TAKE_TIMEOUT_MS = 3_000;

/** Knows whether a new version of the client has been loaded, and takes it when the person says so. */
class ServiceWorkerUpdates {
  #worker: Serwist | undefined;
  #isReady = false;
  #isTaken = false;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly isReady = (): boolean => this.#isReady;

  /** Registers the worker that serves this version without a network. */
  async register(): Promise<void> {
    if (this.#worker || !('serviceWorker' in navigator) || !import.meta.env.PROD) return;
    addEventListener('vite:preloadError', () => void this.#offerIfReachable());
    const { Serwist } = await import('@serwist/window');
    this.#worker = new Serwist(SERVICE_WORKER, { scope: '/', type: 'classic' });
    this.#worker.addEventListener('waiting', () => this.#offer());
    // Another tab has taken the new version, or this one has.
    this.#worker.addEventListener('controlling', ({ isUpdate }) => {
      if (this.#isTaken) location.reload();
      else if (isUpdate === true) this.#offer();
    });
    // Without a network it is the next visit that registers it.
    await this.#worker.register().catch(() => undefined);
    // A page that stays open for days finds the next version, too.
    setInterval(() => void this.#worker?.update().catch(() => undefined), UPDATE_INTERVAL_MS);
  }

  /** Reloads the page as the new version. */
  take(): void {
    this.#isTaken = true;
    void this.#switch().catch(() => location.reload());
  }

  /** Offers a new version if a part of this one is gone: another tab has taken the new one. */
  async #offerIfReachable(): Promise<void> {
    // Without a connection, nothing is there.
    const response = await fetch('/health/live', { cache: 'no-store' }).catch(() => undefined);
    if (response?.ok === true) this.#offer();
  }

  async #switch(): Promise<void> {
    const { waiting } = (await navigator.serviceWorker.getRegistration()) ?? {};
    if (!waiting || !this.#worker) {
      location.reload();
      return;
    }
    this.#worker.messageSkipWaiting();
    setTimeout(() => location.reload(), TAKE_TIMEOUT_MS);
  }

  #offer(): void {
    this.#isReady = true;
    for (const listener of this.#listeners) listener();
  }
}

export const updates = new ServiceWorkerUpdates();
