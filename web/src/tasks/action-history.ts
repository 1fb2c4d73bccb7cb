import { type Action, undone } from './action';

const MAX_ACTIONS = 50;

/** The actions of a page, of which the last ones can be undone. */
export class ActionHistory {
  #actions: readonly Action[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly last = (): Action | undefined => this.#actions.at(-1);

  report(action: Action): void {
    this.#actions = [...this.#actions, action].slice(-MAX_ACTIONS);
    for (const listener of this.#listeners) listener();
  }

  /** Undoes an action: the last one that can be undone, unless it is named. */
  async undo(action = this.#actions.findLast(({ undo }) => undo !== undefined)): Promise<void> {
    if (action?.undo === undefined) return;
    this.#actions = this.#actions.filter((other) => other !== action);
    if (await action.undo()) this.report(undone(action));
    // Can be tried again, behind the message that it could not be stored.
    else this.#actions = this.#actions.toSpliced(-1, 0, action);
  }

  close(): void {
    this.#listeners.clear();
  }
}
