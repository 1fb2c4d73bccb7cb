import type { Change } from './change';

/** The dues that tasks had before dates of them were skipped, to put them back. */
export class SkippedDates {
  readonly #dues = new Map<string, (string | null)[]>();

  /** Keeps the due of a task that the server has moved to its next date. */
  record(change: Change): void {
    if (change.kind !== 'skip') return;
    const dues = this.#dues.get(change.id) ?? [];
    this.#dues.set(change.id, [...dues, change.base.due]);
  }

  /** Returns the due before the date that was skipped last, and forgets it. */
  take(id: string): string | null | undefined {
    return this.#dues.get(id)?.pop();
  }
}
