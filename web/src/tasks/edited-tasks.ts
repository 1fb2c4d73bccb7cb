/** The tasks that are being edited on this page. */
export class EditedTasks {
  readonly #ids = new Set<string>();
  readonly #listeners = new Set<() => void>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds a task until the function that it returns is called. */
  readonly add = (id: string): (() => void) => {
    this.#ids.add(id);
    return () => {
      this.#ids.delete(id);
      for (const listener of this.#listeners) listener();
    };
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}
