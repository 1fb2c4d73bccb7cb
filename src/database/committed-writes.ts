type Listener = (ownerId: string) => void;

/** Reports to its subscribers that rows of an owner may have changed, once these changes are committed. */
export class CommittedWrites {
  readonly #listeners = new Set<Listener>();

  /** @returns a function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  report(ownerId: string): void {
    for (const listener of this.#listeners) listener(ownerId);
  }
}
