type Cleanup = () => Promise<void> | void;

/** Cleanup functions, run in reverse order even if some fail. */
export class Cleanups {
  readonly #all: Cleanup[] = [];
  #ended: Promise<void> | undefined;

  /** Also ends by a signal, and by an exception, as which a closed standard output arrives. */
  constructor() {
    // Requests in flight fail when their processes exit; only the first error is printed.
    for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException'] as const) {
      process.once(event, (cause: unknown) => {
        if (cause instanceof Error) process.stderr.write(`${cause.message}\n`);
        void this.end().then(() => process.exit(130));
      });
    }
  }

  add(cleanup: Cleanup): void {
    this.#all.push(cleanup);
  }

  /** May be called repeatedly. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    for (const cleanup of this.#all.toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        process.stderr.write(`${String(error)}\n`);
      }
    }
  }
}
