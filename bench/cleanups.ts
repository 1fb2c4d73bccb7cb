type Cleanup = () => Promise<void> | void;

/** Cleanup functions, run in reverse order even if some fail. */
export class Cleanups {
  readonly #all: Cleanup[] = [];
  #ended: Promise<void> | undefined;

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
